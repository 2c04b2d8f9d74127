#pragma once

#include <chrono>
#include <cstdint>

namespace lobby::display {

/// How many whole dots something has moved that moves `dots_per_second` since it started. From absolute time,
/// so that the speed is the same whatever a frame takes; 0 before the start and without speed.
inline std::int64_t scrolled(int dots_per_second, std::chrono::microseconds since_start) {
  if (dots_per_second <= 0 || since_start.count() <= 0) {
    return 0;
  }
  // Whole seconds apart: no overflow, however long it runs.
  constexpr std::int64_t second = 1'000'000;
  const std::int64_t whole = since_start.count() / second;
  const std::int64_t rest = since_start.count() % second;
  return whole * dots_per_second + rest * dots_per_second / second;
}

/// When it will have moved `dots`: the earliest instant at which scrolled() gives that many.
inline std::chrono::microseconds time_to_scroll(int dots_per_second, std::int64_t dots) {
  constexpr std::int64_t second = 1'000'000;
  if (dots_per_second <= 0 || dots <= 0) {
    return {};
  }
  const std::int64_t whole = dots / dots_per_second;
  const std::int64_t rest = dots % dots_per_second;
  return std::chrono::microseconds(whole * second + (rest * second + dots_per_second - 1) / dots_per_second);
}

}  // namespace lobby::display
