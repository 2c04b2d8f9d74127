// lobby-feed: pulls one upstream, maps, masks, and writes normalised lines to its standard output. Started
// and watched by lobbyd; the line protocol stands in daemon/devices/feed_lines.hpp.
#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <thread>

#include "daemon/feed/lines.hpp"
#include "daemon/feed/mapping.hpp"
#include "daemon/feed/pull.hpp"
#include "daemon/feed/retry.hpp"
#include "daemon/feed/settings.hpp"

namespace lobby::feed {
namespace {

constexpr int exit_usage = 2;
constexpr std::size_t longest_line = 16 * 1024;

/// Standard input, read by a thread of its own so that its end ends the program at once, whatever it is
/// doing.
class Input {
 public:
  Input() {
    std::thread([this] { read(); }).detach();
  }
  std::string line() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return !lines_.empty(); });
    std::string line = std::move(lines_.front());
    lines_.pop_front();
    return line;
  }

 private:
  void read() {
    std::string begun;
    std::array<char, 4096> bytes{};
    for (;;) {
      const ssize_t size = ::read(STDIN_FILENO, bytes.data(), bytes.size());
      if (size < 0 && errno == EINTR) {
        continue;
      }
      if (size <= 0 || begun.size() > longest_line) {
        ::_exit(size <= 0 ? EXIT_SUCCESS : exit_usage);
      }
      begun.append(bytes.data(), static_cast<std::size_t>(size));
      split(begun);
    }
  }
  void split(std::string& begun) {
    for (std::size_t end = begun.find('\n'); end != std::string::npos; end = begun.find('\n')) {
      const std::lock_guard lock(mutex_);
      lines_.push_back(begun.substr(0, end));
      begun.erase(0, end + 1);
      arrived_.notify_one();
    }
  }

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::string> lines_;
};

/// Whole or not at all: a reader that has gone ends the program.
void write_out(std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::write(STDOUT_FILENO, text.data(), text.size());
    if (size < 0 && errno != EINTR) {
      ::_exit(EXIT_FAILURE);
    }
    text.remove_prefix(size > 0 ? static_cast<std::size_t>(size) : 0);
  }
}

void write_line(std::string line) {
  line.push_back('\n');
  write_out(line);
}

class Feed {
 public:
  Feed(Input& input, Settings settings, Mapping mapping)
      : input_(input),
        settings_(std::move(settings)),
        mapping_(std::move(mapping)),
        retry_(std::chrono::seconds(settings_.interval_s)),
        random_(std::random_device{}()) {}

  [[noreturn]] void run() {
    // What even the deadline cannot end (a name server that never answers) ends the process; lobbyd starts a
    // new one.
    constexpr unsigned grace_s = 5;
    for (;;) {
      ::alarm(settings_.total_s + grace_s);
      auto outcome = pull(settings_, mapping_);
      ::alarm(0);
      const double jitter = std::uniform_real_distribution<double>(-1.0, 1.0)(random_);
      std::this_thread::sleep_for(tell(outcome, jitter));
    }
  }

 private:
  std::chrono::milliseconds tell(const std::variant<Pulled, Failure>& outcome, double jitter) {
    if (const auto* failure = std::get_if<Failure>(&outcome)) {
      if (failure->kind == Failure::Kind::outdated) {
        settings_.cursor.clear();
      }
      const auto delay = retry_.after(*failure, jitter);
      write_line(fault_line(failure->reason, delay));
      return delay;
    }
    const auto& pulled = std::get<Pulled>(outcome);
    const std::uint64_t sum = fingerprint(pulled);
    if (taken_ == sum) {
      write_line(fresh_line(pulled.counts, pulled.rows.size()));
    } else {
      taken_ = deliver(pulled) ? std::optional(sum) : std::nullopt;
    }
    if (taken_ == sum && !pulled.cursor.empty()) {
      settings_.cursor = pulled.cursor;
    }
    return retry_.after_success(jitter);
  }

  bool deliver(const Pulled& pulled) {
    for (std::string& line : batch_lines(pulled)) {
      write_line(std::move(line));
    }
    return input_.line() == R"({"taken":true})";
  }

  Input& input_;
  Settings settings_;
  Mapping mapping_;
  Retry retry_;
  std::mt19937 random_;
  std::optional<std::uint64_t> taken_;  ///< what the daemon holds
};

void end_at_once(int) {
  ::_exit(EXIT_SUCCESS);
}

void prepare() {
  std::signal(SIGTERM, end_at_once);
  std::signal(SIGINT, end_at_once);
  std::signal(SIGPIPE, SIG_IGN);
  // Raw names are in this memory for a moment: no picture of it may stay.
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  // A second arena reserves 64 MiB of address space, which the limit on it counts.
  ::mallopt(M_ARENA_MAX, 1);
}

[[noreturn]] void refuse(const std::string& sentence) {
  write_line(fault_line(sentence, std::chrono::seconds(0)));
  fmt::print(stderr, "<3>lobby-feed: {}\n", sentence);
  std::fflush(stderr);
  ::_exit(exit_usage);
}

Mapping mapping_or_end(const std::string& path) {
  try {
    return read_mapping(path);
  } catch (const std::exception& error) {
    refuse(error.what());
  }
}

void run() {
  static Input input;  // its thread never ends before the process
  auto settings = read_settings(input.line());
  if (const auto* fault = std::get_if<std::string>(&settings)) {
    refuse(*fault);
  }
  auto& good = std::get<Settings>(settings);
  Mapping mapping = mapping_or_end(good.mapping);
  Feed(input, std::move(good), std::move(mapping)).run();
}

}  // namespace
}  // namespace lobby::feed

int main(int argc, char**) {
  if (argc != 1) {
    std::fputs("lobby-feed takes no arguments: lobbyd starts it and gives it one line of settings\n", stderr);
    return lobby::feed::exit_usage;
  }
  lobby::feed::prepare();
  try {
    lobby::feed::run();
  } catch (const std::exception&) {
    // Never the text of an exception: it could quote what it was thrown over.
    std::fputs("<3>lobby-feed: ended by an unexpected fault\n", stderr);
  }
  std::fflush(stderr);
  ::_exit(EXIT_FAILURE);
}
