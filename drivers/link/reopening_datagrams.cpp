#include "drivers/link/reopening_datagrams.hpp"

#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

namespace lobby::link {
namespace {

/// The longest Ethernet frame, and so the longest answer of any device here.
constexpr std::size_t longest_datagram = 2048;

}  // namespace

ReopeningDatagrams::ReopeningDatagrams(boost::asio::io_context& io)
    : io_(io),
      pause_(io),
      buffer_(longest_datagram),
      back_off_(std::chrono::milliseconds(200), std::chrono::seconds(1)) {}

void ReopeningDatagrams::start(DatagramLink::Listener& listener) {
  listener_ = &listener;
  boost::asio::post(io_, [self = shared_from_this()] { self->try_open(); });
}

void ReopeningDatagrams::close() {
  listener_ = nullptr;
  pause_.cancel();
  stop_opening();
  socket_.reset();
  ++life_;
}

void ReopeningDatagrams::try_open() {
  if (listener_ != nullptr) {
    open();
  }
}

void ReopeningDatagrams::opened(Descriptor socket) {
  socket_.emplace(io_, socket.release());
  ++life_;
  told_reason_.clear();
  opened_at_ = std::chrono::steady_clock::now();
  const auto life = life_;
  listener_->link_up();
  if (life == life_ && socket_) {
    watch();
    read_next();
  }
}

void ReopeningDatagrams::failed(std::string reason) {
  if (socket_ && std::chrono::steady_clock::now() - opened_at_ > std::chrono::seconds(5)) {
    back_off_.reset();
  }
  const bool was_up = socket_.has_value();
  socket_.reset();
  ++life_;
  pause_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(back_off_.next()));
  pause_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
    if (!ec) {
      self->try_open();
    }
  });
  if (was_up || reason != told_reason_) {
    told_reason_ = std::move(reason);
    listener_->link_down(told_reason_);
  }
}

Status ReopeningDatagrams::send(std::span<const std::uint8_t> bytes, const DatagramLink::Group* group) {
  if (!socket_) {
    return Status::gone;
  }
  if (put(socket_->native_handle(), bytes, group) >= 0) {
    return Status::ok;
  }
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) {
    return Status::busy;
  }
  boost::asio::post(
      io_, [self = shared_from_this(), life = life_, reason = std::string(std::strerror(errno))]() mutable {
        if (life == self->life_) {
          self->failed(std::move(reason));
        }
      });
  return Status::gone;
}

void ReopeningDatagrams::read_next() {
  socket_->async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [self = shared_from_this(), life = life_](boost::system::error_code ec) {
                        if (life != self->life_) {
                          return;
                        }
                        if (ec) {
                          self->failed(ec.message());
                          return;
                        }
                        self->read_all();
                      });
}

/// A few at a time: a flood leaves room for the others on the loop.
void ReopeningDatagrams::read_all() {
  const auto life = life_;
  for (int most = 32; most > 0 && life == life_; --most) {
    const auto got = ::recv(socket_->native_handle(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
      break;
    }
    if (got < 0) {
      failed(std::strerror(errno));
      return;
    }
    listener_->link_datagram(std::span(buffer_).first(static_cast<std::size_t>(got)));
  }
  if (life == life_) {
    read_next();
  }
}

void ReopeningDatagrams::watch() {
  pause_.expires_after(std::chrono::seconds(1));
  pause_.async_wait([self = shared_from_this(), life = life_](boost::system::error_code ec) {
    if (ec || life != self->life_) {
      return;
    }
    if (auto fault = self->fault_of(self->socket_->native_handle()); !fault.empty()) {
      self->failed(std::move(fault));
    } else {
      self->watch();
    }
  });
}

}  // namespace lobby::link
