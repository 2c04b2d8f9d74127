#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace lobby::sim {

using Day = std::chrono::sys_days;

/// "2026-03-16", also at the head of a longer time; nullopt when it is no day.
std::optional<Day> parse_day(std::string_view text);
std::string to_text(Day day);
/// The province lives at +08:00 wherever the simulator runs.
Day day_of(std::chrono::system_clock::time_point at);
/// "2026-03-16T09:00:00+08:00"
std::string to_rfc3339(std::chrono::system_clock::time_point at);
/// Midnight there.
std::chrono::system_clock::time_point midnight(Day day);

/// The working days of the province, as the State Council's notice has them for 2025 and 2026 and as a test
/// changes them; days of other years follow Monday to Friday.
class ApprovalCalendar {
 public:
  ApprovalCalendar();

  bool is_workday(Day day) const;
  /// The n-th working day after `from`, which is day 0.
  Day after(Day from, int workdays) const;
  /// A day that is off, or a weekend day that is worked.
  void set(Day day, bool off, std::string name);
  /// {"year","papers":[],"days":[{"name","date","isOffDay"}]}; nullopt: the notice of that year is not out.
  std::optional<boost::json::object> year(int number) const;

 private:
  struct Special {
    std::string name;
    bool off = true;
  };
  std::map<Day, Special> special_;
};

}  // namespace lobby::sim
