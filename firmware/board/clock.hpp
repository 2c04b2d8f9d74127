#pragma once

#include <cstdint>

#include "firmware/core/clock.hpp"

namespace lobby::board {

inline constexpr std::uint32_t cpu_hz = 24'000'000;
inline constexpr std::uint32_t tick_hz = 2000;  ///< one row of the sign

/// The CPU at 24 MHz by the inner oscillator, and the tick.
void start_clock();
/// Since start_clock(); wraps.
std::uint32_t ticks();
/// May seem to step back by a tick: compare by firmware::since() only.
firmware::Micros micros();
void wait_for_interrupt();

}  // namespace lobby::board
