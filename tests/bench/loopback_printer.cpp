#include "tests/bench/loopback_printer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace lobby::bench {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t longest_kept =
    16;  ///< of what came last; the longest command that is looked for has 11

bool ends_with(const Bytes& bytes, const Bytes& end) {
  return bytes.size() >= end.size() && std::equal(end.rbegin(), end.rend(), bytes.rbegin());
}

/// The command stands `arguments` bytes before the end.
bool is_command(const Bytes& bytes, const Bytes& command, std::size_t arguments) {
  return bytes.size() >= command.size() + arguments &&
         std::equal(command.rbegin(), command.rend(),
                    bytes.rbegin() + static_cast<std::ptrdiff_t>(arguments));
}

}  // namespace

LoopbackPrinter::LoopbackPrinter() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || ::bind(listener_, any, size) != 0 || ::listen(listener_, 1) != 0 ||
      ::getsockname(listener_, any, &size) != 0 || ::pipe(wakeup_) != 0) {
    throw std::runtime_error("a printer cannot be put on the loopback");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

LoopbackPrinter::~LoopbackPrinter() {
  stop_ = true;
  [[maybe_unused]] const auto woken = ::write(wakeup_[1], "x", 1);
  thread_.join();
  for (const int fd : {listener_, connection_, wakeup_[0], wakeup_[1]}) {
    ::close(fd);
  }
}

void LoopbackPrinter::paper(bool out) {
  out_ = out;
  news_ = true;
  [[maybe_unused]] const auto woken = ::write(wakeup_[1], "x", 1);
}

void LoopbackPrinter::run() {
  while (!stop_ && serve()) {
  }
}

bool LoopbackPrinter::serve() {
  std::array<pollfd, 3> waits{{{wakeup_[0], POLLIN, 0}, {listener_, POLLIN, 0}, {connection_, POLLIN, 0}}};
  if (::poll(waits.data(), waits.size(), -1) < 0) {
    return false;
  }
  std::array<std::uint8_t, 4096> buffer{};
  if (waits[0].revents != 0 && ::read(wakeup_[0], buffer.data(), 1) > 0 && automatic_ && news_) {
    tell_automatic();
  }
  if (waits[1].revents != 0) {
    ::close(connection_);
    connection_ = ::accept(listener_, nullptr, nullptr);
    const int yes = 1;
    ::setsockopt(connection_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    automatic_ = false;
    return connection_ >= 0;
  }
  if (waits[2].revents != 0) {
    const auto got = ::read(connection_, buffer.data(), buffer.size());
    const auto now = Clock::now();
    if (got <= 0) {
      ::close(connection_);
      connection_ = -1;
      return true;
    }
    take({buffer.data(), static_cast<std::size_t>(got)}, now);
  }
  return true;
}

void LoopbackPrinter::take(std::span<const std::uint8_t> bytes, Clock::time_point now) {
  for (const auto byte : bytes) {
    last_.push_back(byte);
    obey(byte, now);
    if (last_.size() > 4 * longest_kept) {
      last_.erase(last_.begin(), last_.end() - longest_kept);
    }
  }
}

void LoopbackPrinter::obey(std::uint8_t byte, Clock::time_point now) {
  if (ends_with(last_, {0x1B, 0x40})) {
    job_at_ = now.time_since_epoch().count();
  } else if (is_command(last_, {0x10, 0x04}, 1)) {
    status(byte);
  } else if (is_command(last_, {0x1D, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30}, 4)) {
    Bytes answer = {0x37, 0x22};
    answer.insert(answer.end(), last_.end() - 4, last_.end());
    answer.push_back(0x00);
    say(answer);
  } else if (is_command(last_, {0x1D, 0x72}, 1)) {
    say({0x00});
  } else if (is_command(last_, {0x1D, 0x61}, 1)) {
    automatic_ = byte != 0;
    tell_automatic();
  } else if (is_command(last_, {0x1D, 0x49}, 1)) {
    say(byte < 65 ? Bytes{0x02} : Bytes{0x5F, 'X', 0x00});
  } else if (ends_with(last_, {0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08})) {
    say({0x37, 0x25, 0x00});
  }
}

void LoopbackPrinter::status(std::uint8_t n) {
  constexpr std::uint8_t idle[] = {0x12, 0x12, 0x12, 0x12};
  constexpr std::uint8_t empty[] = {0x1A, 0x32, 0x12, 0x72};
  if (n < 1 || n > 4) {
    return;
  }
  if (n == 4 && news_.exchange(false)) {
    told_at_ = Clock::now().time_since_epoch().count();
  }
  say({(out_ ? empty : idle)[n - 1]});
}

void LoopbackPrinter::tell_automatic() {
  if (news_.exchange(false)) {
    told_at_ = Clock::now().time_since_epoch().count();
  }
  say(out_ ? Bytes{0x18, 0x00, 0x0C, 0x00} : Bytes{0x10, 0x00, 0x00, 0x00});
}

void LoopbackPrinter::say(const Bytes& bytes) const {
  [[maybe_unused]] const auto sent = ::send(connection_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

}  // namespace lobby::bench
