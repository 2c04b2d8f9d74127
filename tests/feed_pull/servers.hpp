#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "daemon/feed/pull.hpp"

namespace httplib {
class Server;
}

namespace lobby::feed {

/// A server of the library on a loopback port; `set_up` gives it its handlers.
class LibraryServer {
 public:
  explicit LibraryServer(std::unique_ptr<httplib::Server> server);
  ~LibraryServer();
  LibraryServer(const LibraryServer&) = delete;
  LibraryServer& operator=(const LibraryServer&) = delete;
  int port() const { return port_; }
  std::string url(const std::string& target = "/") const;

 private:
  std::unique_ptr<httplib::Server> server_;
  int port_ = 0;
  std::thread thread_;
};

/// A loopback port on which bytes are said that no library would say: each connection's request is read to
/// its empty line and given to `serve`, one connection at a time.
class RawServer {
 public:
  using Serve = std::function<void(int socket, const std::string& request)>;
  explicit RawServer(Serve serve);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  int port() const { return port_; }
  std::string url() const;

 private:
  void run();
  Serve serve_;
  int listening_ = -1;
  int port_ = 0;
  std::atomic<int> connection_ = -1;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

/// false: the other side has gone.
bool say(int socket, std::string_view bytes);
/// The block again and again, until `most` bytes are said or the other side has gone; how many were said.
std::size_t pour(int socket, std::string_view block, std::size_t most);
/// Waits until the other side has gone.
void hear_end(int socket);

/// One GET of the url by a wire of its own.
std::variant<Reply, Failure> get(const Settings& settings, std::chrono::milliseconds within);
Settings settings_for(const std::string& url);

}  // namespace lobby::feed
