#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

namespace lobby::bench {

/// A printer of the Epson family behind a TCP port of the loopback, that takes no time at all: it notes when
/// a job's first byte comes in, answers every status question and fence at once, and is out of paper on
/// command. One connection.
class LoopbackPrinter {
 public:
  using Clock = std::chrono::steady_clock;
  LoopbackPrinter();
  ~LoopbackPrinter();
  LoopbackPrinter(const LoopbackPrinter&) = delete;
  LoopbackPrinter& operator=(const LoopbackPrinter&) = delete;

  int port() const { return port_; }
  /// When the first byte of the newest job came in.
  Clock::time_point job_at() const { return Clock::time_point(Clock::duration(job_at_.load())); }
  /// Reports it by itself where it was told to, else when it is asked.
  void paper(bool out);
  /// When the byte left that completed the news of it.
  Clock::time_point told_at() const { return Clock::time_point(Clock::duration(told_at_.load())); }
  bool reports_by_itself() const { return automatic_; }

 private:
  void run();
  bool serve();
  void take(std::span<const std::uint8_t> bytes, Clock::time_point now);
  void obey(std::uint8_t byte, Clock::time_point now);
  void status(std::uint8_t n);
  void tell_automatic();
  void say(const std::vector<std::uint8_t>& bytes) const;

  int listener_ = -1, connection_ = -1, wakeup_[2] = {-1, -1};
  int port_ = 0;
  std::atomic<bool> stop_{false}, out_{false}, automatic_{false}, news_{false};
  std::atomic<Clock::rep> job_at_{0}, told_at_{0};
  std::vector<std::uint8_t> last_;
  std::thread thread_;
};

}  // namespace lobby::bench
