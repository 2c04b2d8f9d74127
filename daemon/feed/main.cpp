// lobby-feed: pulls one upstream, maps, masks, and writes normalised lines to its standard output. Started
// and watched by lobbyd; the line protocol stands in daemon/devices/feed_lines.hpp.
#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include "daemon/feed/drop_loop.hpp"
#include "daemon/feed/lines.hpp"
#include "daemon/feed/mapping.hpp"
#include "daemon/feed/pull.hpp"
#include "daemon/feed/pull_loop.hpp"
#include "daemon/feed/push_lines.hpp"
#include "daemon/feed/push_wire.hpp"
#include "daemon/feed/settings.hpp"
#include "daemon/feed/source.hpp"
#include "daemon/feed/trial.hpp"

namespace lobby::feed {
namespace {

constexpr int exit_usage = 2;
constexpr std::size_t longest_line = 1024 * 1024 + 4096;  // a batch of events, and what was read behind it

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

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::int64_t machine_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// The hall's wall time.
std::function<std::int64_t()> wall_clock(const Settings& settings) {
  if (!settings.trial_clock_ms) {
    return machine_ms;
  }
  return [zero = *settings.trial_clock_ms] { return zero + steady_ms(); };
}

/// 128 bits of the system's randomness.
std::string nonce() {
  std::random_device device;
  std::string out;
  for (int i = 0; i < 4; ++i) {
    out += fmt::format("{:08x}", device());
  }
  return out;
}

/// What even the deadline cannot end (a name server that never answers) ends the process; lobbyd starts a new
/// one. It is called off with the first line that is written.
Connect guarded_wire(const Settings& settings) {
  return [&settings](Deadline until) {
    constexpr unsigned grace_s = 5;
    ::alarm(settings.total_s + grace_s);
    return http_wire(settings, until);
  };
}

Desk desk_of(Input& input) {
  return {[](std::string line) {
            ::alarm(0);
            write_line(std::move(line));
          },
          [&input] { return input.line() == R"({"taken":true})"; }};
}

template <class Loop>
[[noreturn]] void run_loop(Loop& loop) {
  while (const auto pause = loop.step()) {
    std::this_thread::sleep_for(*pause);
  }
  ::_exit(EXIT_FAILURE);
}

[[noreturn]] void run_feed(Input& input, const Settings& settings, const Mapping& mapping) {
  if (!settings.drop_dir.empty()) {
    DropLoop loop(settings, mapping, desk_of(input), {machine_ms, wall_clock(settings)});
    run_loop(loop);
  }
  Source source(settings, mapping, guarded_wire(settings), {wall_clock(settings), steady_ms, nonce});
  std::mt19937 random(std::random_device{}());
  const auto jitter = [&random] { return std::uniform_real_distribution<double>(-1.0, 1.0)(random); };
  PullLoop loop(settings, mapping, source, desk_of(input), steady_ms, jitter);
  run_loop(loop);
}

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
  write_line(fault_line(std::nullopt, sentence, std::chrono::seconds(0)));
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

[[noreturn]] void run_push(Input& input, const Settings& settings) {
  const auto mapping =
      settings.mapping.empty() ? std::nullopt : std::optional(mapping_or_end(settings.mapping));
  const auto auth = push_auth(settings, mapping ? &mapping->auth : nullptr);
  if (!auth) {
    refuse("`auth` in the settings is wrong");
  }
  WirePoster poster(settings, *auth, guarded_wire(settings), {wall_clock(settings), steady_ms, nonce});
  std::mt19937 random(std::random_device{}());
  PushDesk desk(poster, desk_of(input).write,
                [&random] { return std::uniform_real_distribution<double>(-1.0, 1.0)(random); });
  while (desk.on_line(input.line())) {
  }
  refuse("what came on standard input is no batch of events");
}

Explained trial_of_source(const Settings& settings, const Mapping& mapping) {
  Source source(settings, mapping, guarded_wire(settings), {wall_clock(settings), steady_ms, nonce});
  Explained told = test_source(settings, mapping, source);
  ::alarm(0);
  return told;
}

/// For a person at a terminal: plain words, no lines for lobbyd.
[[noreturn]] void run_trial(const std::variant<Settings, std::string>& settings) {
  std::string fault;
  if (const auto* good = std::get_if<Settings>(&settings)) {
    try {
      const Mapping mapping = read_mapping(good->mapping);
      const Explained told =
          good->answer_file.empty() ? trial_of_source(*good, mapping) : test_file(*good, mapping);
      write_out(told.text);
      ::_exit(told.readable ? EXIT_SUCCESS : EXIT_FAILURE);
    } catch (const std::runtime_error& error) {
      fault = error.what();
    }
  } else {
    fault = std::get<std::string>(settings);
  }
  fmt::print(stderr, "{}\n", fault);
  std::fflush(stderr);
  ::_exit(exit_usage);
}

void run() {
  static Input input;  // its thread never ends before the process
  const std::string line = input.line();
  const auto settings = read_settings(line);
  const auto* test = std::get_if<Settings>(&settings);
  if (test != nullptr ? test->mode == Settings::Mode::test
                      : line.find(R"("mode":"test")") != std::string::npos) {
    run_trial(settings);
  }
  if (const auto* fault = std::get_if<std::string>(&settings)) {
    refuse(*fault);
  }
  const auto& good = std::get<Settings>(settings);
  if (good.mode == Settings::Mode::push) {
    run_push(input, good);
  }
  const Mapping mapping = mapping_or_end(good.mapping);
  for (const What what : good.resources) {
    if (mapping.find(what) == nullptr) {
      refuse(fmt::format("the mapping has no {}", hall::word_of(what)));
    }
  }
  run_feed(input, good, mapping);
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
