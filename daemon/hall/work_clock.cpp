#include "daemon/hall/work_clock.hpp"

#include <algorithm>

namespace lobby::hall {

namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t ms_per_hour = 60 * minute_ms;
constexpr std::int64_t ms_per_calendar_day = 24 * ms_per_hour;

std::int64_t length(const WorkSpan& span) {
  return (span.to - span.from) * minute_ms;
}

}  // namespace

std::optional<When> parse_when(std::string_view text) {
  if (const auto date = parse_date(text)) {
    return *date;
  }
  if (const auto at = parse_instant(text)) {
    return *at;
  }
  return std::nullopt;
}

std::vector<WorkSpan> usable_hours(std::vector<WorkSpan> hours) {
  constexpr int minutes = 1440;
  std::sort(hours.begin(), hours.end(), [](const WorkSpan& a, const WorkSpan& b) { return a.from < b.from; });
  std::vector<WorkSpan> usable;
  int free_from = 0;
  for (WorkSpan span : hours) {
    span.from = std::max(span.from, free_from);
    span.to = std::min(span.to, minutes);
    if (span.from < span.to) {
      usable.push_back(span);
      free_from = span.to;
    }
  }
  return usable.empty() ? std::vector<WorkSpan>{{0, minutes}} : usable;
}

WorkClock::WorkClock(const WorkingDays& days, const std::vector<WorkSpan>& hours, std::int32_t offset_min)
    : days_(&days), hours_(&hours), offset_min_(offset_min) {
  for (const WorkSpan& span : hours) {
    ms_per_day_ += length(span);
  }
}

Instant WorkClock::at(Date date, std::int64_t ms_of_day) const {
  return {date.days * ms_per_calendar_day + ms_of_day - offset_min_ * minute_ms, offset_min_};
}

std::int64_t WorkClock::ms_of_day(Instant at) const {
  const std::int64_t within_minute = (at.utc_ms % minute_ms + minute_ms) % minute_ms;
  return local_minute(local(at)) * minute_ms + within_minute;
}

Instant WorkClock::start_of(Date date) const {
  return at(date, 0);
}

Instant WorkClock::close_of(Date date) const {
  return at(date, hours_->back().to * minute_ms);
}

std::int64_t WorkClock::worked(Instant at) const {
  const Date today = day_of(at);
  std::int64_t sum = days_->count(Date{today.days - 1}) * ms_per_day_;
  if (days_->is_working(today)) {
    const std::int64_t now = ms_of_day(at);
    for (const WorkSpan& span : *hours_) {
      sum += std::clamp(now - span.from * minute_ms, std::int64_t{0}, length(span));
    }
  }
  return sum;
}

Instant WorkClock::reach(std::int64_t worked) const {
  const std::int64_t full_days = (worked - 1) / ms_per_day_;
  const Date date = days_->at_count(full_days + 1);
  std::int64_t rest = worked - full_days * ms_per_day_;
  for (const WorkSpan& span : *hours_) {
    if (rest <= length(span)) {
      return at(date, span.from * minute_ms + rest);
    }
    rest -= length(span);
  }
  return close_of(date);
}

Instant WorkClock::full_hour(Instant at) const {
  const std::int64_t now = ms_of_day(at);
  std::int64_t end = (now + ms_per_hour - 1) / ms_per_hour * ms_per_hour;
  for (const WorkSpan& span : *hours_) {
    if (now <= span.to * minute_ms) {
      end = std::min<std::int64_t>(end, span.to * minute_ms);
      break;
    }
  }
  return local({at.utc_ms + std::max<std::int64_t>(end - now, 0), 0});
}

bool WorkClock::is_day(const When& when) const {
  const auto* at = std::get_if<Instant>(&when);
  return at == nullptr || ms_of_day(*at) == 0;
}

Date WorkClock::day_of(const When& when) const {
  const auto* at = std::get_if<Instant>(&when);
  return at == nullptr ? std::get<Date>(when) : day_of(*at);
}

Instant WorkClock::early(const When& when) const {
  return is_day(when) ? start_of(day_of(when)) : local(std::get<Instant>(when));
}

Instant WorkClock::late(const When& when) const {
  return is_day(when) ? close_of(day_of(when)) : local(std::get<Instant>(when));
}

}  // namespace lobby::hall
