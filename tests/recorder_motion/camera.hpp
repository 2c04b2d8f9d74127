#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "drivers/link/asio_executor.hpp"

namespace lobby::recorder_motion {

/// A network camera: MJPEG over HTTP, ten pictures a second, that stands still or goes away on command.
class Camera {
 public:
  /// Pictures are made once, in the folder, by ffmpeg.
  Camera(boost::asio::io_context& io, link::Executor& executor, const std::string& folder);
  std::uint16_t port() const { return port_; }

  enum class State { good, frozen, gone };
  void set(State state);

 private:
  using Socket = boost::asio::ip::tcp::socket;
  struct Viewer {
    explicit Viewer(Socket in) : socket(std::move(in)) {}
    Socket socket;
    std::array<char, 2048> request{};
    std::string out;
    bool is_writing = false, has_asked = false, is_gone = false;
  };
  void listen();
  void accept();
  void read(const std::shared_ptr<Viewer>& viewer);
  void send(const std::shared_ptr<Viewer>& viewer);
  void tick();

  boost::asio::io_context& io_;
  link::Timer timer_;
  std::unique_ptr<boost::asio::ip::tcp::acceptor> acceptor_;
  std::uint16_t port_ = 0;
  std::vector<std::string> pictures_;
  std::size_t next_ = 0;
  State state_ = State::good;
  std::list<std::shared_ptr<Viewer>> viewers_;
};

}  // namespace lobby::recorder_motion
