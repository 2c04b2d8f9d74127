#pragma once

#include <chrono>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace lobby::sim {

/// Wall time that may start elsewhere (--clock) and runs at normal speed. Const use from several threads.
class WallClock {
 public:
  using Wall = std::chrono::system_clock::time_point;

  WallClock() : WallClock(std::chrono::system_clock::now()) {}
  explicit WallClock(Wall start) : start_(start) {}

  Wall now() const {
    return start_ + std::chrono::duration_cast<Wall::duration>(std::chrono::steady_clock::now() - since_);
  }

 private:
  Wall start_;
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

/// "2026-03-16T08:55:00+08:00"; nullopt when it is no RFC 3339 time.
std::optional<WallClock::Wall> parse_rfc3339(std::string_view text);
/// In the process's time zone (TZ).
std::tm local_time(WallClock::Wall at);
std::string local_date(WallClock::Wall at);
std::string rfc3339(WallClock::Wall at);

}  // namespace lobby::sim
