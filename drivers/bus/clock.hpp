#pragma once

#include <time.h>

#include <cerrno>

#include "drivers/link/executor.hpp"

/// The monotonic clock of a line's thread.
namespace lobby::bus {

inline link::MonoTime mono_now() {
  return std::chrono::steady_clock::now();
}

inline timespec to_timespec(link::Duration span) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span);
  return {static_cast<time_t>(seconds.count()), static_cast<long>((span - seconds).count())};
}

/// To an instant, not for a span: what the thread is held up before it sleeps makes no silence longer.
inline void hold_until(link::MonoTime when) {
  const timespec until = to_timespec(when.time_since_epoch());
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

}  // namespace lobby::bus
