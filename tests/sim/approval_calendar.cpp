#include "tests/sim/approval_calendar.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <cstdio>
#include <utility>

namespace lobby::sim {
namespace {

using std::chrono::days;
using std::chrono::year_month_day;

constexpr std::chrono::hours utc_offset{8};

struct Span {
  std::string_view name, first, last;
};

constexpr Span off[] = {
    {"元旦", "2025-01-01", "2025-01-01"},   {"春节", "2025-01-28", "2025-02-04"},
    {"清明节", "2025-04-04", "2025-04-06"}, {"劳动节", "2025-05-01", "2025-05-05"},
    {"端午节", "2025-05-31", "2025-06-02"}, {"国庆节、中秋节", "2025-10-01", "2025-10-08"},
    {"元旦", "2026-01-01", "2026-01-03"},   {"春节", "2026-02-15", "2026-02-23"},
    {"清明节", "2026-04-04", "2026-04-06"}, {"劳动节", "2026-05-01", "2026-05-05"},
    {"端午节", "2026-06-19", "2026-06-21"}, {"中秋节", "2026-09-25", "2026-09-27"},
    {"国庆节", "2026-10-01", "2026-10-07"}};

constexpr std::pair<std::string_view, std::string_view> worked[] = {
    {"春节", "2025-01-26"},   {"春节", "2025-02-08"},   {"劳动节", "2025-04-27"}, {"国庆节", "2025-09-28"},
    {"国庆节", "2025-10-11"}, {"元旦", "2026-01-04"},   {"春节", "2026-02-14"},   {"春节", "2026-02-28"},
    {"劳动节", "2026-05-09"}, {"国庆节", "2026-09-20"}, {"国庆节", "2026-10-10"}};

}  // namespace

std::optional<Day> parse_day(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int used = 0;
  const std::string head(text.substr(0, 10));
  if (std::sscanf(head.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &used) != 3 || used != 10) {
    return std::nullopt;
  }
  const year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  return date.ok() ? std::optional(Day(date)) : std::nullopt;
}

std::string to_text(Day day) {
  const year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

Day day_of(std::chrono::system_clock::time_point at) {
  return std::chrono::floor<days>(at + utc_offset);
}

std::string to_rfc3339(std::chrono::system_clock::time_point at) {
  const auto second = std::chrono::floor<std::chrono::seconds>(at + utc_offset);
  const Day day = std::chrono::floor<days>(second);
  const std::chrono::hh_mm_ss time(second - day);
  return fmt::format("{}T{:02}:{:02}:{:02}+08:00", to_text(day), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

std::chrono::system_clock::time_point midnight(Day day) {
  return std::chrono::system_clock::time_point(day) - utc_offset;
}

ApprovalCalendar::ApprovalCalendar() {
  for (const Span& span : off) {
    for (Day day = *parse_day(span.first); day <= *parse_day(span.last); day += days(1)) {
      special_[day] = {std::string(span.name), true};
    }
  }
  for (const auto& [name, day] : worked) {
    special_[*parse_day(day)] = {std::string(name), false};
  }
}

bool ApprovalCalendar::is_workday(Day day) const {
  if (const auto found = special_.find(day); found != special_.end()) {
    return !found->second.off;
  }
  return std::chrono::weekday(day).iso_encoding() <= 5;
}

Day ApprovalCalendar::after(Day from, int workdays) const {
  Day day = from;
  while (workdays > 0) {
    day += days(1);
    workdays -= is_workday(day) ? 1 : 0;
  }
  return day;
}

void ApprovalCalendar::set(Day day, bool is_off, std::string name) {
  special_[day] = {std::move(name), is_off};
}

std::optional<boost::json::object> ApprovalCalendar::year(int number) const {
  boost::json::array list;
  for (const auto& [day, special] : special_) {
    if (static_cast<int>(year_month_day(day).year()) == number) {
      list.push_back({{"name", special.name}, {"date", to_text(day)}, {"isOffDay", special.off}});
    }
  }
  if (list.empty()) {
    return std::nullopt;
  }
  return boost::json::object{{"year", number}, {"papers", boost::json::array()}, {"days", std::move(list)}};
}

}  // namespace lobby::sim
