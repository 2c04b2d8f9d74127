#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "daemon/hall/time.hpp"

namespace lobby::app {

/// The only place that asks what time it is. The site's zone is set for the whole process (TZ), once, because
/// the compiler's library has no time zones.
class WallClock {
 public:
  /// `starts_at`: for trials, wall time begins there and runs on at normal speed.
  WallClock(const std::string& zone, std::optional<hall::Instant> starts_at);
  hall::Instant now() const;
  /// Of a trial: now() less std::chrono::steady_clock, in milliseconds, for other programs of this machine.
  std::optional<std::int64_t> trial_clock_ms() const;

 private:
  std::optional<std::int64_t> start_ms_;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace lobby::app
