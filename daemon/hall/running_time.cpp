#include "daemon/hall/running_time.hpp"

#include <algorithm>
#include <limits>

namespace lobby::hall {

namespace {

constexpr Date far_day{WorkingDays::horizon};

/// Sorts and joins what touches.
template <class Interval>
void join(std::vector<Interval>& all) {
  std::sort(all.begin(), all.end(), [](const Interval& a, const Interval& b) { return a.from < b.from; });
  std::vector<Interval> joined;
  for (const Interval& it : all) {
    if (joined.empty() || joined.back().to < it.from) {
      joined.push_back(it);
    } else if (joined.back().to < it.to) {
      joined.back().to = it.to;
      joined.back().is_open = it.is_open;
    }
  }
  all = std::move(joined);
}

}  // namespace

std::optional<std::vector<Stop>> parse_stops(std::string_view text) {
  std::vector<Stop> stops;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    const auto slash = part.find('/');
    if (slash == std::string_view::npos) {
      return std::nullopt;
    }
    const auto from = parse_when(part.substr(0, slash));
    const std::string_view end = part.substr(slash + 1);
    const auto to = parse_when(end);
    if (!from || (!to && !end.empty())) {
      return std::nullopt;
    }
    stops.push_back({*from, to});
  }
  return stops;
}

RunningTime::RunningTime(const WorkClock& clock, const std::vector<Stop>& stops) : clock_(clock) {
  for (const Stop& stop : stops) {
    const Instant from = clock_.early(stop.from);
    const Instant to = stop.to ? clock_.early(*stop.to) : clock_.start_of(far_day);
    if (from < to) {
      standings_.push_back({from, to, !stop.to});
    }
    const Date first = clock_.day_of(from);
    const Date last = clock_.day_of(to);
    if (first < last) {
      days_.push_back({first, last, !stop.to});
    }
  }
  join(standings_);
  join(days_);
}

const RunningTime::Standing* RunningTime::standing(Instant at) const {
  const auto it = std::find_if(standings_.begin(), standings_.end(),
                               [at](const Standing& one) { return one.from <= at && at < one.to; });
  return it == standings_.end() ? nullptr : &*it;
}

bool RunningTime::is_running(Date date) const {
  return days(Date{date.days - 1}, date) == 1;
}

std::int32_t RunningTime::days(Date from, Date to) const {
  std::int32_t sum = clock_.days().between(from, to);
  for (const Days& stop : days_) {
    // The stopped days are those of (from - 1, to - 1].
    sum -=
        clock_.days().between(std::max(from, Date{stop.from.days - 1}), std::min(to, Date{stop.to.days - 1}));
  }
  return sum;
}

std::optional<Date> RunningTime::nth_day(Date from, std::int32_t n) const {
  if (n <= 0) {
    return from;
  }
  const WorkingDays& days = clock_.days();
  for (const Days& stop : days_) {
    const Date last_before{stop.from.days - 1};
    const std::int32_t before = days.between(from, last_before);
    if (before >= n) {
      break;
    }
    if (from < Date{stop.to.days - 1}) {
      if (stop.is_open) {
        return std::nullopt;
      }
      n -= before;
      from = Date{stop.to.days - 1};
    }
  }
  return days.add(from, n).date;
}

std::optional<Date> RunningTime::nth_calendar_day(Date from, std::int32_t n) const {
  for (const Days& stop : days_) {
    const Date last_before{stop.from.days - 1};
    const std::int32_t before = std::max(0, last_before.days - from.days);
    if (before >= n) {
      break;
    }
    if (from < Date{stop.to.days - 1}) {
      if (stop.is_open) {
        return std::nullopt;
      }
      n -= before;
      from = Date{stop.to.days - 1};
    }
  }
  const Date day{from.days + n};
  return clock_.days().is_working(day) ? std::optional(day) : nth_day(day, 1);
}

std::int64_t RunningTime::ms(Instant from, Instant to) const {
  if (to < from) {
    return -ms(to, from);
  }
  std::int64_t sum = clock_.worked(to) - clock_.worked(from);
  for (const Standing& stop : standings_) {
    const Instant first = std::max(from, stop.from);
    const Instant last = std::min(to, stop.to);
    if (first < last) {
      sum -= clock_.worked(last) - clock_.worked(first);
    }
  }
  return sum;
}

std::optional<Instant> RunningTime::reach(Instant from, std::int64_t ms) const {
  if (ms <= 0) {
    return from;
  }
  for (const Standing& stop : standings_) {
    const std::int64_t before = stop.from <= from ? 0 : clock_.worked(stop.from) - clock_.worked(from);
    if (before >= ms) {
      break;
    }
    if (from < stop.to) {
      if (stop.is_open) {
        return std::nullopt;
      }
      ms -= before;
      from = stop.to;
    }
  }
  return clock_.reach(clock_.worked(from) + ms);
}

}  // namespace lobby::hall
