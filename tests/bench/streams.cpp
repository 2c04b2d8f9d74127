#include <fmt/format.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/benches.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/raw_client.hpp"
#include "tests/support/daemon.hpp"

namespace lobby::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int streams_of_account = 250;

/// Tokens of screens made for this.
std::vector<std::string> screens(RawClient& admin, int count) {
  constexpr std::string_view mark = "\"token\":\"";
  constexpr std::size_t token_size = 64;
  std::vector<std::string> tokens;
  for (int i = 0; i < count; ++i) {
    if (admin.post("/users", fmt::format(R"({{"name":"screen-{}","role":"screen"}})", i)) != 201) {
      throw std::runtime_error("a screen was refused: " + admin.body());
    }
    tokens.push_back(admin.body().substr(admin.body().find(mark) + mark.size(), token_size));
  }
  return tokens;
}

/// Many open event streams, read by one thread.
class Streams {
 public:
  /// As many of one account as it may have, then of the next.
  Streams(const std::string& address, const std::vector<std::string>& tokens, int count)
      : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (int i = 0; i < count; ++i) {
      const auto& token = tokens.at(static_cast<std::size_t>(i / streams_of_account));
      const auto request = fmt::format(
          "GET /api/v1/events?types=TicketCalled HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n",
          address, token);
      clients_.push_back(std::make_unique<RawClient>(address, token));
      const int fd = clients_.back()->descriptor();
      if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) < 0) {
        throw std::runtime_error("a stream was refused");
      }
      epoll_event watched{};
      watched.events = EPOLLIN;
      watched.data.u32 = static_cast<std::uint32_t>(i);
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &watched);
    }
    texts_.resize(clients_.size());
  }
  ~Streams() { ::close(epoll_); }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  /// Reads until `mark` came on every stream, since the last call. Adds the time of each to the figures.
  void wait_for(const std::string& mark, Clock::time_point since, Figures* figures) {
    for (auto& text : texts_) {
      text.clear();
    }
    std::size_t left = clients_.size();
    while (left > 0) {
      epoll_event events[256];
      const int count = ::epoll_wait(epoll_, events, 256, 20'000);
      if (count <= 0) {
        throw std::runtime_error(fmt::format("{} streams did not get '{}'", left, mark));
      }
      for (int i = 0; i < count; ++i) {
        left -= read(events[i].data.u32, mark) ? 1U : 0U;
        if (figures != nullptr) {
          figures->add(Clock::now() - since);
        }
      }
    }
  }

 private:
  bool read(std::uint32_t index, const std::string& mark) {
    char bytes[4096];
    const auto count = ::recv(clients_[index]->descriptor(), bytes, sizeof bytes, 0);
    if (count <= 0) {
      throw std::runtime_error("a stream broke");
    }
    auto& text = texts_[index];
    const bool had = text.find(mark) != std::string::npos;
    text.append(bytes, static_cast<std::size_t>(count));
    return !had && text.find(mark) != std::string::npos;
  }

  int epoll_;
  std::vector<std::unique_ptr<RawClient>> clients_;
  std::vector<std::string> texts_;
};

}  // namespace

void streams(int count, int calls) {
  const rlimit files{8192, 8192};
  ::setrlimit(RLIMIT_NOFILE, &files);
  const tests::TemporaryFolder folder;
  tests::write_file(folder.path() + "/site.toml", tests::bare_site(1, 2));
  const auto state = folder.path() + "/state";
  tests::make_accounts(state);
  tests::Daemon daemon(folder.path() + "/site.toml", state, "2026-03-16T09:00:00+08:00");
  RawClient clerk(daemon.address(), tests::token_of(state, "admin"));
  clerk.post("/windows/w1/open", R"({"clerk":"c1"})");
  const auto tokens = screens(clerk, (count + streams_of_account - 1) / streams_of_account);
  Streams all(daemon.address(), tokens, count);
  all.wait_for("HTTP/1.1 200", Clock::now(), nullptr);
  Figures figures;
  for (int i = 0; i < calls; ++i) {
    clerk.post("/tickets", R"({"service":"s1"})");
    const auto begin = Clock::now();
    if (clerk.post("/windows/w1/call-next", "{}") != 200) {
      throw std::runtime_error("a call was refused: " + clerk.body());
    }
    all.wait_for("\n\n", begin, &figures);
    clerk.post("/windows/w1/finish", "{}");
  }
  fmt::print(
      "{} event streams    a call reaches one after p50 {:.1f} ms, p99 {:.1f} ms from the clerk's request "
      "(aim "
      "p99 < 20 ms), memory {:.1f} MB (aim < 30 MB)\n",
      count, figures.percentile(50), figures.percentile(99), resident_mb(daemon.process().pid()));
}

}  // namespace lobby::bench
