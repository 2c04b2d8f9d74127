#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/hall/work_clock.hpp"

/// The working time in which a case's clock runs: what the hall works, less the stops.
namespace lobby::hall {

/// From when to when a clock stood (行政许可法 45: hearing, inspection, appraisal … are not counted).
///
/// Between two moments the clock stands in [from, to). In days, the first day of a stop counts as stopped and
/// the day on which it ends as running: from the moment a stop begins nobody may work on the case, and from
/// the moment it ends somebody can. So a stop of a few hours takes no day away, a stop that follows another
/// on the same day neither gains nor loses one, and a case that is stopped every other day still moves.
struct Stop {
  When from;
  std::optional<When> to;  ///< nullopt: it lasts
};
/// "FROM/TO;FROM/": RFC 3339 or dates, the last may be open. nullopt if any of it does not read.
std::optional<std::vector<Stop>> parse_stops(std::string_view text);

/// Stops may overlap, touch, stand in any order; one that ends before it begins is none.
class RunningTime {
 public:
  RunningTime(const WorkClock& clock, const std::vector<Stop>& stops);

  struct Standing {
    Instant from, to;  ///< [from, to)
    bool is_open = false;
  };
  /// The stop in which this moment lies, joined with those that touch it; nullptr: the clock runs.
  const Standing* standing(Instant at) const;

  bool is_running(Date date) const;
  /// Working days outside stops in (from, to]; 0 when `to` is not after `from`.
  std::int32_t days(Date from, Date to) const;
  /// The n-th of them after this day (n >= 0); nullopt: an open stop is before it.
  std::optional<Date> nth_day(Date from, std::int32_t n) const;
  /// The n-th calendar day outside stops, and if nobody works on it the next working day (民法典 203).
  std::optional<Date> nth_calendar_day(Date from, std::int32_t n) const;

  /// Working time outside stops in [from, to), negative if `to` is before `from`; milliseconds.
  std::int64_t ms(Instant from, Instant to) const;
  /// The first moment, not before `from`, by which that much ran; nullopt: an open stop is before it.
  std::optional<Instant> reach(Instant from, std::int64_t ms) const;

 private:
  struct Days {
    Date from, to;  ///< [from, to)
    bool is_open = false;
  };

  WorkClock clock_;
  std::vector<Standing> standings_;  ///< ascending, apart from each other
  std::vector<Days> days_;           ///< the same in whole days, without empty ones
};

}  // namespace lobby::hall
