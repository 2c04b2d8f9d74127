#pragma once

#include <string>
#include <vector>

#include "daemon/hall/calendar.hpp"

/// The State Council's holiday notices of 2024 to 2026, as the paper says them: spans of days off, and the
/// weekends on which people work instead.
namespace lobby::hall::testing {

struct Span {
  const char* first;
  const char* last;
};

inline const std::vector<Span>& spans_off() {
  static const std::vector<Span> all{
      {"2024-01-01", "2024-01-01"}, {"2024-02-10", "2024-02-17"}, {"2024-04-04", "2024-04-06"},
      {"2024-05-01", "2024-05-05"}, {"2024-06-10", "2024-06-10"}, {"2024-09-15", "2024-09-17"},
      {"2024-10-01", "2024-10-07"}, {"2025-01-01", "2025-01-01"}, {"2025-01-28", "2025-02-04"},
      {"2025-04-04", "2025-04-06"}, {"2025-05-01", "2025-05-05"}, {"2025-05-31", "2025-06-02"},
      {"2025-10-01", "2025-10-08"}, {"2026-01-01", "2026-01-03"}, {"2026-02-15", "2026-02-23"},
      {"2026-04-04", "2026-04-06"}, {"2026-05-01", "2026-05-05"}, {"2026-06-19", "2026-06-21"},
      {"2026-09-25", "2026-09-27"}, {"2026-10-01", "2026-10-07"}};
  return all;
}

inline const std::vector<const char*>& days_worked() {
  static const std::vector<const char*> all{
      "2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14", "2024-09-29",
      "2024-10-12", "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11", "2026-01-04",
      "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"};
  return all;
}

inline std::vector<Calendar::Mark> notice_marks() {
  std::vector<Calendar::Mark> marks;
  for (const Span& span : spans_off()) {
    for (Date day = *parse_date(span.first); day <= *parse_date(span.last); ++day.days) {
      marks.push_back({day, true});
    }
  }
  for (const char* day : days_worked()) {
    marks.push_back({*parse_date(day), false});
  }
  return marks;
}

inline Calendar notices() {
  return Calendar(notice_marks(), {2024, 2025, 2026});
}

}  // namespace lobby::hall::testing
