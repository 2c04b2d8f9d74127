#include "tests/feed_pull/servers.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/feed/url.hpp"

namespace lobby::feed {

LibraryServer::LibraryServer(std::unique_ptr<httplib::Server> server) : server_(std::move(server)) {
  server_->set_tcp_nodelay(true);
  port_ = server_->bind_to_any_port("127.0.0.1");
  thread_ = std::thread([this] { server_->listen_after_bind(); });
}

LibraryServer::~LibraryServer() {
  while (!server_->is_running()) {  // a stop before the loop has begun would be lost
    std::this_thread::yield();
  }
  server_->stop();
  thread_.join();
}

std::string LibraryServer::url(const std::string& target) const {
  return "http://127.0.0.1:" + std::to_string(port_) + target;
}

RawServer::RawServer(Serve serve) : serve_(std::move(serve)) {
  listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  REQUIRE(::bind(listening_, plain, size) == 0);
  REQUIRE(::listen(listening_, 8) == 0);
  REQUIRE(::getsockname(listening_, plain, &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

RawServer::~RawServer() {
  over_ = true;
  ::shutdown(listening_, SHUT_RDWR);
  if (const int open = connection_; open >= 0) {
    ::shutdown(open, SHUT_RDWR);
  }
  thread_.join();
  ::close(listening_);
}

void RawServer::run() {
  while (!over_) {
    const int socket = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) {
      continue;
    }
    connection_ = socket;
    std::string request;
    char byte = 0;
    while (!request.ends_with("\r\n\r\n") && ::recv(socket, &byte, 1, 0) == 1) {
      request.push_back(byte);
    }
    serve_(socket, request);
    connection_ = -1;
    ::close(socket);
  }
}

std::string RawServer::url() const {
  return "http://127.0.0.1:" + std::to_string(port_) + "/list";
}

bool say(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::size_t pour(int socket, std::string_view block, std::size_t most) {
  std::size_t said = 0;
  while (said < most && say(socket, block)) {
    said += block.size();
  }
  return said;
}

void hear_end(int socket) {
  char bytes[256];
  while (::recv(socket, bytes, sizeof bytes, 0) > 0) {
  }
}

Settings settings_for(const std::string& url) {
  Settings settings;
  settings.url = url;
  return settings;
}

std::variant<Reply, Failure> get(const Settings& settings, std::chrono::milliseconds within) {
  auto wire = http_wire(settings, std::chrono::steady_clock::now() + within);
  if (auto* failure = std::get_if<Failure>(&wire)) {
    return std::move(*failure);
  }
  FilledRequest request;
  request.post = false;
  request.target = parse_url(settings.url)->target;
  return std::get<std::unique_ptr<Wire>>(wire)->exchange(request);
}

}  // namespace lobby::feed
