#include "daemon/app/wall_clock.hpp"

#include <cstdlib>
#include <ctime>

namespace lobby::app {

WallClock::WallClock(const std::string& zone, std::optional<hall::Instant> starts_at)
    : started_(std::chrono::steady_clock::now()) {
  ::setenv("TZ", zone.c_str(), 1);
  ::tzset();
  if (starts_at) {
    start_ms_ = starts_at->utc_ms;
  }
}

std::optional<std::int64_t> WallClock::trial_clock_ms() const {
  if (!start_ms_) {
    return std::nullopt;
  }
  return *start_ms_ -
         std::chrono::duration_cast<std::chrono::milliseconds>(started_.time_since_epoch()).count();
}

hall::Instant WallClock::now() const {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  const std::int64_t utc_ms =
      start_ms_
          ? *start_ms_ + duration_cast<milliseconds>(std::chrono::steady_clock::now() - started_).count()
          : duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  const std::time_t seconds = static_cast<std::time_t>(utc_ms / 1000);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return {utc_ms, static_cast<std::int32_t>(local.tm_gmtoff / 60)};
}

}  // namespace lobby::app
