#pragma once

#include "drivers/board/bytes.hpp"

namespace lobby::board {

/// What a clock on the wall says, in the zone of the site.
struct LocalTime {
  int year = 2000, month = 1, day = 1;
  int hour = 0, minute = 0, second = 0;
  int weekday = 6;  ///< 1 Monday … 7 Sunday

  std::size_t half_hour() const { return static_cast<std::size_t>(hour * 2 + minute / 30) % 48; }
};

}  // namespace lobby::board
