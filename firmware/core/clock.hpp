#pragma once

#include <cstdint>

/// Time as the units know it: microseconds that wrap every 71 minutes. Differences only, never dates.
namespace lobby::firmware {

using Micros = std::uint32_t;

/// How long ago `then` was. A clock that is made of a tick counter and a timer can seem to step back by a
/// tick when it is read while the tick is pending; unsigned arithmetic would make an hour of that.
constexpr Micros since(Micros now, Micros then) {
  const auto difference = static_cast<std::int32_t>(now - then);
  return difference < 0 ? 0 : static_cast<Micros>(difference);
}

constexpr Micros milliseconds(std::uint32_t count) {
  return count * 1000U;
}

}  // namespace lobby::firmware
