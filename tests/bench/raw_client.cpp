#include "tests/bench/raw_client.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace lobby::bench {

RawClient::RawClient(const std::string& address, std::string token)
    : address_(address), token_(std::move(token)) {
  const auto colon = address.rfind(':');
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
  ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr);
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    throw std::runtime_error("nothing listens at " + address);
  }
}

RawClient::~RawClient() {
  ::close(fd_);
}

int RawClient::post(std::string_view path, std::string_view body) {
  return post_to(fmt::format("/api/v1{}", path), body);
}

int RawClient::post_to(std::string_view target, std::string_view body) {
  return exchange(fmt::format(
      "POST {} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n\r\n{}",
      target, address_, token_, body.size(), body));
}

int RawClient::get(std::string_view path) {
  return exchange(fmt::format("GET /api/v1{} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n", path,
                              address_, token_));
}

int RawClient::exchange(const std::string& request) {
  if (::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
    throw std::runtime_error("the connection broke");
  }
  std::string answer;
  char bytes[16384];
  std::size_t whole = std::string::npos;
  std::size_t head = std::string::npos;
  while (answer.size() < whole) {
    const auto count = ::recv(fd_, bytes, sizeof bytes, 0);
    if (count <= 0) {
      throw std::runtime_error("the connection broke");
    }
    answer.append(bytes, static_cast<std::size_t>(count));
    if (head == std::string::npos && (head = answer.find("\r\n\r\n")) != std::string::npos) {
      const auto length = answer.find("Content-Length: ");
      whole = head + 4 + (length < head ? std::strtoul(answer.c_str() + length + 16, nullptr, 10) : 0);
    }
  }
  body_ = answer.substr(head + 4);
  return std::atoi(answer.c_str() + 9);
}

}  // namespace lobby::bench
