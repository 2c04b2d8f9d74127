#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/cctv/recorder.hpp"

/// Times as recorders write them.
namespace lobby::cctv {

/// What a clock on a wall shows, in a zone that the text may tell.
struct WallTime {
  UtcTime shown;                                 ///< read as if it were UTC
  std::optional<std::chrono::minutes> offset{};  ///< of the zone, `Z` is 0; empty: not told
};

/// `2026-11-23T13:00:00Z`, with `+08:00` or nothing instead of Z, and a blank instead of T; fractions of a
/// second are dropped. nullopt: no such time.
std::optional<WallTime> parse_wall_time(std::string_view text);
/// With T and Z.
std::string iso_time(UtcTime time);
/// With a blank and no zone.
std::string blank_time(UtcTime time);
/// Of the form `CST-8:00:00` (POSIX: what is added to get UTC): 480 minutes.
std::optional<std::chrono::minutes> parse_posix_zone(std::string_view text);

/// From its parts; nullopt: no such time.
std::optional<UtcTime> utc_of(int year, int month, int day, int hour, int minute, int second);

}  // namespace lobby::cctv
