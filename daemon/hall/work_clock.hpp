#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/hall/time.hpp"
#include "daemon/hall/working_days.hpp"

/// Working time within the day.
namespace lobby::hall {

/// [from, to) in minutes of the local day: 510 is 08:30.
struct WorkSpan {
  int from = 0;
  int to = 0;
  friend bool operator==(const WorkSpan&, const WorkSpan&) = default;
};

/// A time as a source writes it: a day, or a moment of it.
using When = std::variant<Date, Instant>;
/// RFC 3339 or `2026-11-23`; nullopt for anything else.
std::optional<When> parse_when(std::string_view text);

/// The hall's hours on its working days, in milliseconds of working time. The site's offset from UTC is taken
/// to be the same on all days; whoever needs another one makes another clock, which costs nothing. Points
/// into what it is made of.
class WorkClock {
 public:
  /// `hours`: of every working day, make-up days too; as usable_hours() makes them.
  WorkClock(const WorkingDays& days, const std::vector<WorkSpan>& hours, std::int32_t offset_min);

  const WorkingDays& days() const { return *days_; }
  std::int64_t ms_per_day() const { return ms_per_day_; }

  Instant start_of(Date date) const;
  /// The end of working hours. The last day of a limit ends there, not at midnight (民法典 203).
  Instant close_of(Date date) const;
  /// Working time from some fixed moment in the past until this one.
  std::int64_t worked(Instant at) const;
  /// The first moment by which that much was worked.
  Instant reach(std::int64_t worked) const;
  /// The end of the clock hour in which this moment lies, but no later than the end of that span of work.
  Instant full_hour(Instant at) const;

  /// Systems that keep only days write them as midnight: a moment at local midnight is that day.
  bool is_day(const When& when) const;
  Date day_of(const When& when) const;
  Date day_of(Instant at) const { return local_date(local(at)); }
  /// With the offset of this clock; a day is its start, or its close.
  Instant early(const When& when) const;
  Instant late(const When& when) const;

 private:
  Instant local(Instant at) const { return {at.utc_ms, offset_min_}; }
  Instant at(Date date, std::int64_t ms_of_day) const;
  std::int64_t ms_of_day(Instant at) const;

  const WorkingDays* days_;
  const std::vector<WorkSpan>* hours_;
  std::int32_t offset_min_;
  std::int64_t ms_per_day_ = 0;
};

/// In order, within the day, without empty or overlapping spans; the whole day if nothing is left.
std::vector<WorkSpan> usable_hours(std::vector<WorkSpan> hours);

}  // namespace lobby::hall
