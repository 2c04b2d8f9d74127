#include "tests/recorder_motion/camera.hpp"

#include <algorithm>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/support/process.hpp"

namespace lobby::recorder_motion {

using boost::asio::ip::tcp;

Camera::Camera(boost::asio::io_context& io, link::Executor& executor, const std::string& folder)
    : io_(io), timer_(executor) {
  const auto made =
      tests::run({"/usr/bin/ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=10", "-t",
                  "3", "-q:v", "5", folder + "/%03d.jpg"});
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    pictures_.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  if (made.code != 0 || pictures_.empty()) {
    throw std::runtime_error("ffmpeg makes no pictures");
  }
  listen();
  tick();
}

void Camera::set(State state) {
  state_ = state;
  if (state == State::gone) {
    for (auto& viewer : viewers_) {
      viewer->is_gone = true;
      boost::system::error_code ignored;
      viewer->socket.close(ignored);
    }
    viewers_.clear();
  }
}

void Camera::listen() {
  acceptor_ =
      std::make_unique<tcp::acceptor>(io_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), port_));
  port_ = acceptor_->local_endpoint().port();
  accept();
}

void Camera::accept() {
  acceptor_->async_accept([this](boost::system::error_code ec, tcp::socket socket) {
    if (ec) {
      return;
    }
    // The port is kept while it is gone: a caller on the same machine could else get it for itself.
    if (state_ != State::gone) {
      viewers_.push_back(std::make_shared<Viewer>(std::move(socket)));
      read(viewers_.back());
    }
    accept();
  });
}

void Camera::read(const std::shared_ptr<Viewer>& viewer) {
  viewer->socket.async_read_some(
      boost::asio::buffer(viewer->request), [this, viewer](boost::system::error_code ec, std::size_t) {
        if (ec) {
          viewer->is_gone = true;
          return;
        }
        if (!std::exchange(viewer->has_asked, true)) {
          viewer->out =
              "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=--picture\r\n\r\n";
        }
        read(viewer);
      });
}

void Camera::send(const std::shared_ptr<Viewer>& viewer) {
  viewer->is_writing = true;
  boost::asio::async_write(viewer->socket, boost::asio::buffer(viewer->out),
                           [viewer](boost::system::error_code ec, std::size_t) {
                             viewer->is_writing = false;
                             viewer->is_gone = viewer->is_gone || ec;
                             viewer->out.clear();
                           });
}

void Camera::tick() {
  timer_.start(std::chrono::milliseconds(100), [this] { tick(); });
  if (state_ != State::good) {
    return;
  }
  const std::string& picture = pictures_[next_++ % pictures_.size()];
  viewers_.remove_if([](const auto& viewer) { return viewer->is_gone; });
  for (const auto& viewer : viewers_) {
    if (viewer->has_asked && !viewer->is_writing) {
      viewer->out +=
          "--picture\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(picture.size()) +
          "\r\n\r\n" + picture + "\r\n";
      send(viewer);
    }
  }
}

}  // namespace lobby::recorder_motion
