#include "daemon/hall/working_days.hpp"

#include <algorithm>
#include <utility>

namespace lobby::hall {

namespace {

constexpr int saturday = 5;
constexpr std::int64_t days_per_week = 7;
constexpr std::int64_t working_per_week = 5;
/// A Monday before the horizon, from which everything is counted.
constexpr std::int64_t origin = -4'000'006;
static_assert((origin + 3) % days_per_week == 0, "1970-01-01 was a Thursday");
static_assert(origin < -WorkingDays::horizon - 1);

Date within(std::int64_t days) {
  constexpr std::int64_t most = WorkingDays::horizon;
  return {static_cast<std::int32_t>(std::clamp(days, -most, most))};
}

/// Mondays to Fridays from the origin up to and with this day.
std::int64_t plain_count(Date date) {
  const std::int64_t since = date.days - origin;
  return since / days_per_week * working_per_week + std::min(since % days_per_week + 1, working_per_week);
}

/// The first day of a year of the Gregorian calendar.
Date new_year(int year) {
  const auto before = std::int64_t{year} - 1;
  const auto leaps_until = [](std::int64_t last) {
    const auto multiples = [last](std::int64_t of) { return last / of - (last % of < 0 ? 1 : 0); };
    return multiples(4) - multiples(100) + multiples(400);
  };
  return {
      static_cast<std::int32_t>((std::int64_t{year} - 1970) * 365 + leaps_until(before) - leaps_until(1969))};
}

}  // namespace

WorkingDays::WorkingDays(Calendar calendar) : calendar_(std::move(calendar)) {
  std::int32_t sum = 0;
  for (const Calendar::Mark& mark : calendar_.marks()) {
    const bool works = !mark.off;
    const bool usually_works = weekday(mark.date) < saturday;
    if (works != usually_works) {
      sum += works ? 1 : -1;
      exceptions_.push_back({mark.date, sum});
    }
  }
}

bool WorkingDays::is_working(Date date) const {
  const Date day = within(date.days);
  return count(day) != count(Date{day.days - 1});
}

bool WorkingDays::is_estimated(Date date) const {
  return !calendar_.knows(year_month(date).year) && !is_named(date);
}

bool WorkingDays::is_estimated(Date from, Date to) const {
  return next_estimated(std::min(from, to)) <= within(std::max(from, to).days);
}

Date WorkingDays::next_estimated(Date after) const {
  Date date{within(after.days).days + 1};
  while (!is_estimated(date)) {
    const int year = year_month(date).year;
    date = calendar_.knows(year) ? new_year(year + 1) : Date{date.days + 1};
  }
  return date;
}

Date WorkingDays::last_estimated(Date until) const {
  Date date = within(until.days);
  while (!is_estimated(date)) {
    const int year = year_month(date).year;
    date = Date{(calendar_.knows(year) ? new_year(year) : date).days - 1};
  }
  return date;
}

WorkingDays::Due WorkingDays::add(Date from, std::int32_t n) const {
  const Date start = within(from.days);
  if (n == 0) {
    return {start, false};
  }
  // Backwards, a day off has the same count as the working day before it and is not one of the n.
  const std::int64_t base = n > 0 ? count(start) : count(Date{start.days - 1}) + 1;
  const Date date = at_count(base + n);
  return {date, n > 0 ? is_estimated(start, date) : is_estimated(Date{date.days - 1}, Date{start.days - 1})};
}

std::int32_t WorkingDays::between(Date from, Date to) const {
  return to <= from ? 0 : static_cast<std::int32_t>(count(to) - count(from));
}

std::int32_t WorkingDays::left(Date today, Date due) const {
  return today <= due ? between(today, due) : -between(due, today);
}

std::int64_t WorkingDays::count(Date date) const {
  // One day more than the horizon, so that its own first day has one before it.
  const Date day{std::clamp(date.days, -horizon - 1, horizon)};
  return plain_count(day) + correction(day);
}

Date WorkingDays::at_count(std::int64_t n) const {
  // By the weekdays alone the day is found at once; every exception shifts it by three days at most.
  const std::int64_t guess = origin + n / working_per_week * days_per_week;
  const std::int64_t slack = 3 * static_cast<std::int64_t>(exceptions_.size()) + 2 * days_per_week;
  std::int64_t low = within(guess - slack).days;
  std::int64_t high = within(guess + slack).days;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (count(within(middle)) >= n) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return within(low);
}

std::int32_t WorkingDays::correction(Date date) const {
  const auto after = std::upper_bound(exceptions_.begin(), exceptions_.end(), date,
                                      [](Date wanted, const Exception& it) { return wanted < it.date; });
  return after == exceptions_.begin() ? 0 : std::prev(after)->sum;
}

bool WorkingDays::is_named(Date date) const {
  const auto& marks = calendar_.marks();
  const auto it =
      std::lower_bound(marks.begin(), marks.end(), date,
                       [](const Calendar::Mark& mark, Date wanted) { return mark.date < wanted; });
  return it != marks.end() && it->date == date;
}

}  // namespace lobby::hall
