#pragma once

#include <algorithm>
#include <boost/json/object.hpp>
#include <string>

#include "tests/sim/faults.hpp"

namespace lobby::sim {

/// One thing that a clerk asks of the daemon.
struct Act {
  std::string verb;  ///< of POST /windows/{id}/{verb}
  boost::json::object body;
  std::string key;  ///< of the window's unit, which says the same; empty: none does
};

/// Now: on the clock of the machine, and in the people's day, which may run faster.
struct Moment {
  TimePoint at;
  double minute = 600;  ///< since midnight
};

/// Minutes of the people's day as real time; however fast the day goes, faster than this nobody's finger is.
inline Clock::duration real_time(double minutes, double speed) {
  constexpr std::chrono::milliseconds quickest{250};
  const auto time = std::chrono::duration<double>(minutes * 60.0 / speed);
  return std::max<Clock::duration>(std::chrono::duration_cast<Clock::duration>(time), quickest);
}

}  // namespace lobby::sim
