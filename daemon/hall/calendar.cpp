#include "daemon/hall/calendar.hpp"

#include <algorithm>
#include <utility>

namespace lobby::hall {

namespace {

constexpr int saturday = 5;

}  // namespace

Calendar::Calendar(std::vector<Mark> marks) : marks_(std::move(marks)) {
  std::stable_sort(marks_.begin(), marks_.end(),
                   [](const Mark& a, const Mark& b) { return a.date < b.date; });
  // The last of equal ones holds: turned round, unique() keeps it.
  std::reverse(marks_.begin(), marks_.end());
  const auto same_day = [](const Mark& a, const Mark& b) { return a.date == b.date; };
  marks_.erase(std::unique(marks_.begin(), marks_.end(), same_day), marks_.end());
  std::reverse(marks_.begin(), marks_.end());
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

}  // namespace lobby::hall
