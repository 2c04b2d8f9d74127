#include "tests/sim/approval_raw.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace lobby::sim {
namespace {

constexpr std::size_t piece_size = 64 * 1024;
constexpr std::size_t longest_head = 64 * 1024;
constexpr std::uint64_t pieces_per_mb = (1U << 20) / piece_size;

}  // namespace

RawAnswer endless_answer(std::int64_t mb) {
  RawAnswer answer;
  answer.head =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
      "9\r\n{\"data\":[\r\n";
  answer.piece = "10000\r\n" + std::string(piece_size, ' ') + "\r\n";
  answer.pieces = static_cast<std::uint64_t>(mb) * pieces_per_mb;
  return answer;
}

RawAnswer header_bomb_answer(std::int64_t mb) {
  RawAnswer answer;
  answer.head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Trace: ";
  answer.piece = std::string(piece_size, 'a');
  answer.pieces = static_cast<std::uint64_t>(mb) * pieces_per_mb;
  answer.tail = "\r\nContent-Length: 2\r\n\r\n{}";
  return answer;
}

std::unique_ptr<RawListener> RawListener::open(const std::string& host, std::uint16_t port, RawAnswer answer,
                                               std::function<void(const std::string& path)> on_request,
                                               std::atomic<std::uint64_t>& sent) {
  std::unique_ptr<RawListener> one(new RawListener(std::move(answer), std::move(on_request), sent));
  if (!one->listen(host, port)) {
    return nullptr;
  }
  one->thread_ = std::thread([raw = one.get()] { raw->run(); });
  return one;
}

RawListener::~RawListener() {
  if (thread_.joinable()) {
    ::eventfd_write(wake_, 1);
    thread_.join();
  }
  for (const int fd : {listener_, wake_}) {
    if (fd >= 0) {
      ::close(fd);
    }
  }
}

bool RawListener::listen(const std::string& host, std::uint16_t port) {
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int yes = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  const char* const numbers = host == "localhost" ? "127.0.0.1" : host.c_str();
  return ::inet_pton(AF_INET, numbers, &address.sin_addr) == 1 &&
         ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
         ::listen(listener_, SOMAXCONN) == 0;
}

/// false: it is over.
bool RawListener::wait(int fd, short events) {
  std::array<pollfd, 2> both{{{fd, events, 0}, {wake_, POLLIN, 0}}};
  while (::poll(both.data(), both.size(), -1) < 0 && errno == EINTR) {
  }
  return both[1].revents == 0;
}

void RawListener::run() {
  while (wait(answer_.none ? -1 : listener_, POLLIN)) {
    const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (peer >= 0) {
      serve(peer);
      ::close(peer);
    }
  }
}

bool RawListener::read_request(int peer) {
  std::string head;
  std::array<char, 4096> buffer{};
  while (head.find("\r\n\r\n") == std::string::npos && head.size() < longest_head) {
    if (!wait(peer, POLLIN)) {
      return false;
    }
    const ssize_t got = ::recv(peer, buffer.data(), buffer.size(), 0);
    if (got <= 0) {
      return false;
    }
    head.append(buffer.data(), static_cast<std::size_t>(got));
  }
  const std::size_t path = head.find(' ') + 1;
  on_request_(head.substr(path, head.find_first_of(" ?\r", path) - path));
  return true;
}

bool RawListener::send_all(int peer, const std::string& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t sent = ::send(peer, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (sent > 0) {
      done += static_cast<std::size_t>(sent);
      sent_ += static_cast<std::uint64_t>(sent);
    } else if (errno != EAGAIN || !wait(peer, POLLOUT)) {
      return false;
    }
  }
  return true;
}

void RawListener::serve(int peer) {
  if (!read_request(peer) || !send_all(peer, answer_.head)) {
    return;
  }
  for (std::uint64_t i = 0; answer_.pieces == 0 || i < answer_.pieces; ++i) {
    if (!send_all(peer, answer_.piece)) {
      return;
    }
  }
  send_all(peer, answer_.tail);
  // Closing with unread bytes would take back what is on its way.
  ::shutdown(peer, SHUT_WR);
  std::array<char, 4096> rest{};
  while (wait(peer, POLLIN) && ::recv(peer, rest.data(), rest.size(), 0) > 0) {
  }
}

}  // namespace lobby::sim
