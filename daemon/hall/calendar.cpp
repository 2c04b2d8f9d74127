#include "daemon/hall/calendar.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace lobby::hall {

namespace {

constexpr int saturday = 5;

}  // namespace

Calendar::Calendar(std::vector<Mark> marks, std::vector<int> years)
    : marks_(std::move(marks)), years_(std::move(years)) {
  std::stable_sort(marks_.begin(), marks_.end(),
                   [](const Mark& a, const Mark& b) { return a.date < b.date; });
  // The last of equal ones holds: turned round, unique() keeps it.
  std::reverse(marks_.begin(), marks_.end());
  const auto same_day = [](const Mark& a, const Mark& b) { return a.date == b.date; };
  marks_.erase(std::unique(marks_.begin(), marks_.end(), same_day), marks_.end());
  std::reverse(marks_.begin(), marks_.end());
}

bool Calendar::knows(int year) const {
  return std::find(years_.begin(), years_.end(), year) != years_.end();
}

std::optional<int> Calendar::missing_year(Date today) const {
  constexpr int december = 12;
  const YearMonth now = year_month(today);
  if (years_.empty()) {
    return std::nullopt;
  }
  if (!knows(now.year)) {
    return now.year;
  }
  return now.month == december && !knows(now.year + 1) ? std::optional(now.year + 1) : std::nullopt;
}

DayKind Calendar::kind_of(Date date) const {
  const auto it = std::lower_bound(marks_.begin(), marks_.end(), date,
                                   [](const Mark& mark, Date wanted) { return mark.date < wanted; });
  if (it == marks_.end() || it->date != date) {
    return DayKind::ordinary;
  }
  if (it->off) {
    return DayKind::holiday;
  }
  return weekday(date) >= saturday ? DayKind::make_up : DayKind::ordinary;
}

Calendar Calendar::completed_by(const Calendar& other) const {
  std::vector<Mark> marks;
  for (const Mark& mark : other.marks_) {
    if (!knows(year_month(mark.date).year)) {
      marks.push_back(mark);
    }
  }
  std::vector<int> years = years_;
  for (const Mark& mark : marks) {
    const int year = year_month(mark.date).year;
    const auto end_of = [&](std::string_view day) {
      return parse_date(std::to_string(year) + std::string(day));
    };
    const auto new_year = end_of("-01-01");
    if (mark.date == new_year && mark.off &&
        other.kind_of(end_of("-10-01").value_or(mark.date)) == DayKind::holiday) {
      years.push_back(year);
    }
  }
  marks.insert(marks.end(), marks_.begin(), marks_.end());
  return Calendar(std::move(marks), std::move(years));
}

}  // namespace lobby::hall
