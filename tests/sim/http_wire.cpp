#include "tests/sim/http_wire.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace lobby::sim {
namespace {

constexpr std::size_t most_peers = 64;
constexpr int longest_poll_ms = 1000;

int listen_at(const TcpEnd& end) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(end.port);
  const std::string numbers = end.host == "localhost" ? "127.0.0.1" : end.host;
  if (::inet_pton(AF_INET, numbers.c_str(), &address.sin_addr) != 1 ||
      ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(fd, SOMAXCONN) != 0) {
    const int error = errno;
    ::close(fd);
    errno = error;
    return -1;
  }
  return fd;
}

}  // namespace

HttpWire::HttpWire(std::vector<TcpEnd> doors, Answer answer)
    : doors_(std::move(doors)), answer_(std::move(answer)) {}

HttpWire::~HttpWire() {
  stop_ = true;
  wakeup_.signal();
  if (thread_.joinable()) {
    thread_.join();
  }
  close_all();
}

std::string HttpWire::open_doors() {
  for (std::size_t i = listeners_.size(); i < doors_.size(); ++i) {
    const int fd = listen_at(doors_[i]);
    if (fd < 0) {
      return doors_[i].host + ":" + std::to_string(doors_[i].port) + ": " + std::strerror(errno) + ".";
    }
    listeners_.push_back(fd);
  }
  return {};
}

std::string HttpWire::start() {
  std::string why = open_doors();
  if (why.empty()) {
    thread_ = std::thread([this] { run(); });
  }
  return why;
}

void HttpWire::set(Mood mood) {
  {
    const std::lock_guard lock(mutex_);
    mood_ = mood;
  }
  wakeup_.signal();
}

void HttpWire::hang_up() {
  {
    const std::lock_guard lock(mutex_);
    hang_up_ = true;
  }
  wakeup_.signal();
}

void HttpWire::close_peers() {
  for (const Peer& peer : peers_) {
    ::close(peer.fd);
  }
  peers_.clear();
}

/// The ports first: who hears that he was hung up on finds nobody there.
void HttpWire::close_all() {
  for (const int fd : listeners_) {
    ::close(fd);
  }
  listeners_.clear();
  close_peers();
}

void HttpWire::run() {
  while (!stop_) {
    Mood mood;
    bool hangs_up = false;
    {
      const std::lock_guard lock(mutex_);
      mood = mood_;
      hangs_up = std::exchange(hang_up_, false);
    }
    if (hangs_up) {
      close_peers();
    }
    if (mood.is_gone) {
      close_all();
    } else {
      static_cast<void>(open_doors());
    }
    round(mood);
    wait(mood);
  }
}

void HttpWire::round(const Mood& mood) {
  if (mood.is_frozen || mood.is_gone) {
    return;
  }
  for (std::size_t door = 0; door < listeners_.size(); ++door) {
    accept(door);
  }
  for (Peer& peer : peers_) {
    hear(peer, mood);
    say(peer);
  }
  std::erase_if(peers_, [](const Peer& peer) {
    if (peer.is_over) {
      ::close(peer.fd);
    }
    return peer.is_over;
  });
}

void HttpWire::accept(std::size_t door) {
  while (peers_.size() < most_peers) {
    const int fd = ::accept4(listeners_[door], nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      return;
    }
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    peers_.emplace_back();
    peers_.back().fd = fd;
    peers_.back().door = static_cast<int>(door);
    ++connections_;
  }
}

void HttpWire::hear(Peer& peer, const Mood& mood) {
  std::array<char, 16'384> bytes{};
  while (peer.in.size() <= longest_request) {
    const ssize_t got = ::recv(peer.fd, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got <= 0) {
      peer.is_over = got == 0 || (errno != EAGAIN && errno != EINTR);
      break;
    }
    peer.in.append(bytes.data(), static_cast<std::size_t>(got));
  }
  if (peer.in.size() > longest_request) {
    peer.is_over = true;
  }
  while (peer.out.size() == 0 && !peer.is_over) {
    auto ask = take_request(peer.in);
    if (!ask) {
      return;
    }
    ask->door = peer.door;
    if (const auto reply = answer_(*ask)) {
      peer.out.add(Clock::now() + reply->after + mood.slow_by, http_bytes(*reply));
    }
  }
}

void HttpWire::say(Peer& peer) {
  while (auto bytes = peer.out.take(Clock::now())) {
    // An answer is small: whoever takes none of it is not worth waiting for.
    const ssize_t sent = ::send(peer.fd, bytes->data(), bytes->size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    peer.is_over = peer.is_over || sent != static_cast<ssize_t>(bytes->size());
  }
}

void HttpWire::wait(const Mood& mood) {
  std::vector<pollfd> all{{wakeup_.fd(), POLLIN, 0}};
  int ms = longest_poll_ms;
  if (!mood.is_frozen && !mood.is_gone) {
    for (const int fd : listeners_) {
      all.push_back({fd, POLLIN, 0});
    }
    for (const Peer& peer : peers_) {
      all.push_back({peer.fd, POLLIN, 0});
      if (const auto due = peer.out.next()) {
        const auto left = std::chrono::ceil<milliseconds>(*due - Clock::now()).count();
        ms = static_cast<int>(std::clamp<std::int64_t>(left, 0, ms));
      }
    }
  }
  ::poll(all.data(), all.size(), ms);
  wakeup_.drain();
}

}  // namespace lobby::sim
