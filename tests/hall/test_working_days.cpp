#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>

#include "daemon/hall/working_days.hpp"
#include "tests/hall/notices.hpp"

namespace working_days_tests {

using namespace lobby::hall;
using testing::notices;

namespace {

Date day(std::string_view text) {
  const auto date = parse_date(text);
  REQUIRE(date.has_value());
  return *date;
}

std::string due_text(const WorkingDays& days, std::string_view accepted, std::int32_t n) {
  return to_text(days.due(day(accepted), n).date);
}

/// What a clerk with the paper notice says of one day.
bool works_by_hand(Date date) {
  const std::string text = to_text(date);
  for (const auto& span : testing::spans_off()) {
    if (text >= span.first && text <= span.last) {
      return false;
    }
  }
  const auto& worked = testing::days_worked();
  const bool make_up = std::any_of(worked.begin(), worked.end(), [&](const char* it) { return text == it; });
  return make_up || weekday(date) <= 4;
}

std::string between_quotes(const std::string& text, std::string_view key) {
  const auto at = text.find(key);
  REQUIRE(at != std::string::npos);
  const auto open = text.find('"', at + key.size());
  return text.substr(open + 1, text.find('"', open + 1) - open - 1);
}

/// The days of a calendar file, read as a person does: object by object.
std::vector<Calendar::Mark> marks_of_file(int year) {
  std::ifstream in(std::string(LOBBY_SOURCE_DIR "/config/calendars/") + std::to_string(year) + ".json");
  std::stringstream all;
  all << in.rdbuf();
  std::string text = all.str();
  text.erase(0, text.find("\"days\""));
  std::vector<Calendar::Mark> marks;
  for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
    const std::string object = text.substr(open, text.find('}', open) - open);
    const bool off = object.find("true") != std::string::npos;
    REQUIRE(off != (object.find("false") != std::string::npos));
    marks.push_back({day(between_quotes(object, "\"date\":")), off});
  }
  return marks;
}

}  // namespace

TEST_CASE("limits end on the days that the law's examples name") {
  const WorkingDays days(notices());
  CHECK(due_text(days, "2026-02-13", 5) == "2026-02-27");
  CHECK(due_text(days, "2026-02-14", 1) == "2026-02-24");
  CHECK(due_text(days, "2026-09-30", 3) == "2026-10-10");
  CHECK(due_text(days, "2025-12-31", 2) == "2026-01-05");
}

TEST_CASE("the calendar files say what the notices say") {
  std::vector<Calendar::Mark> all;
  for (const int year : {2024, 2025, 2026}) {
    const auto marks = marks_of_file(year);
    CHECK(marks.size() > 20);
    all.insert(all.end(), marks.begin(), marks.end());
  }
  CHECK(Calendar(all).marks() == notices().marks());
}

TEST_CASE("every day of three years agrees with a count on the fingers") {
  const WorkingDays days(notices());
  for (Date from = day("2024-01-01"); from <= day("2026-12-31"); ++from.days) {
    CHECK(days.is_working(from) == works_by_hand(from));
    std::int32_t counted = 0;
    std::vector<Date> ends;
    for (Date to{from.days + 1}; counted < 30; ++to.days) {
      if (works_by_hand(to)) {
        ++counted;
        ends.push_back(to);
      }
      REQUIRE(days.between(from, to) == counted);
      REQUIRE(days.left(from, to) == counted);
      REQUIRE(days.left(to, from) == -counted);
    }
    for (std::int32_t n = 1; n <= 30; ++n) {
      REQUIRE(days.due(from, n).date == ends[static_cast<std::size_t>(n) - 1]);
    }
    counted = 0;
    for (Date back{from.days - 1}; counted < 30; --back.days) {
      if (works_by_hand(back)) {
        REQUIRE(days.add(from, -++counted).date == back);
      }
    }
  }
}

TEST_CASE("the day of acceptance is day 0, a working day or not") {
  const WorkingDays days(notices());
  CHECK(due_text(days, "2026-03-07", 1) == "2026-03-09");  // a Saturday
  CHECK(due_text(days, "2026-03-06", 1) == "2026-03-09");
  CHECK(due_text(days, "2026-03-07", 0) == "2026-03-07");
  CHECK(due_text(days, "2026-03-07", -3) == "2026-03-07");
  CHECK(days.between(day("2026-03-09"), day("2026-03-09")) == 0);
  CHECK(days.between(day("2026-03-10"), day("2026-03-09")) == 0);
}

TEST_CASE("people work on a make-up weekend and rest on a weekday of a holiday") {
  const WorkingDays days(notices());
  CHECK(days.is_working(day("2026-02-14")));   // Saturday
  CHECK(days.is_working(day("2026-01-04")));   // Sunday
  CHECK(!days.is_working(day("2026-02-16")));  // Monday
  CHECK(!days.is_working(day("2026-02-07")));  // Saturday
  CHECK(days.is_working(day("2026-02-06")));
}

TEST_CASE("what the site says of a day holds against the notice") {
  auto marks = testing::notice_marks();
  marks.push_back({day("2026-02-14"), true});   // this town rests
  marks.push_back({day("2026-02-16"), false});  // and works on a Monday of the holiday
  marks.push_back({day("2026-03-11"), true});
  const WorkingDays days(Calendar(marks, {2026}));
  CHECK(due_text(days, "2026-02-13", 1) == "2026-02-16");
  CHECK(due_text(days, "2026-02-13", 2) == "2026-02-24");
  CHECK(due_text(days, "2026-03-10", 1) == "2026-03-12");
}

TEST_CASE("another's days complete the site's, whole notices and single days") {
  const auto date = [](const char* text) { return *parse_date(text); };
  const Calendar site({{date("2026-02-16"), true}}, {2026});
  const Calendar other({{date("2026-02-17"), true},
                        {date("2027-01-01"), true},
                        {date("2027-10-01"), true},
                        {date("2028-01-03"), true}});
  const WorkingDays days(site.completed_by(other));
  CHECK_FALSE(days.is_working(date("2026-02-16")));
  CHECK(days.is_working(date("2026-02-17")));  // the site's notice of 2026 does not say so
  CHECK_FALSE(days.is_working(date("2027-01-01")));
  CHECK_FALSE(days.is_estimated(date("2027-03-01")));
  CHECK_FALSE(days.is_working(date("2028-01-03")));
  CHECK(days.is_estimated(date("2028-03-01")));  // one day is no notice
}

TEST_CASE("a year without its notice is Monday to Friday, and says so") {
  const WorkingDays days(notices());
  CHECK(!days.due(day("2026-12-28"), 3).estimated);  // Thursday 31st
  CHECK(days.due(day("2026-12-28"), 4).date == day("2027-01-01"));
  CHECK(days.due(day("2026-12-28"), 4).estimated);
  CHECK(days.add(day("2024-01-03"), -3).estimated);
  CHECK(days.add(day("2024-01-03"), -2).date == day("2023-12-29"));
  CHECK(days.add(day("2024-01-03"), -2).estimated);
  CHECK(!days.add(day("2024-01-03"), -1).estimated);
  CHECK(days.add(day("2027-01-01"), -1) == WorkingDays::Due{day("2026-12-31"), false});
  CHECK(days.is_estimated(day("2027-06-01")));
  CHECK(!days.is_estimated(day("2026-06-01")));
  CHECK(days.is_estimated(day("2023-12-31")));
  CHECK(!days.is_estimated(day("2023-12-31"), day("2026-12-31")));
  CHECK(days.is_estimated(day("2023-12-30"), day("2026-12-31")));
  CHECK(days.is_estimated(day("2027-01-01"), day("2023-12-31")));
  CHECK(!days.is_estimated(day("2027-01-01"), day("2027-01-01")));
  CHECK(days.next_estimated(day("2023-12-31")) == day("2027-01-01"));
  CHECK(days.next_estimated(day("2023-12-30")) == day("2023-12-31"));
  CHECK(days.last_estimated(day("2026-12-31")) == day("2023-12-31"));
  CHECK(days.last_estimated(day("2027-03-01")) == day("2027-03-01"));

  SUBCASE("but a day that a notice names is known in any year") {
    auto marks = testing::notice_marks();
    marks.push_back({day("2027-01-01"), true});
    const WorkingDays more(Calendar(marks, {2024, 2025, 2026}));
    CHECK(!more.is_estimated(day("2027-01-01")));
    CHECK(!more.is_estimated(day("2026-12-01"), day("2027-01-01")));
    CHECK(more.next_estimated(day("2026-12-01")) == day("2027-01-02"));
    CHECK(more.last_estimated(day("2027-01-01")) == day("2023-12-31"));
    CHECK(more.due(day("2026-12-31"), 1).date == day("2027-01-04"));
    CHECK(more.due(day("2026-12-31"), 1).estimated);
  }
  SUBCASE("and a hall without any calendar only estimates") {
    const WorkingDays none{Calendar()};
    CHECK(none.due(day("2026-02-13"), 5) == WorkingDays::Due{day("2026-02-20"), true});
  }
}

TEST_CASE("no day and no number is too far") {
  const WorkingDays days(notices());
  constexpr auto most = std::numeric_limits<std::int32_t>::max();
  constexpr auto least = std::numeric_limits<std::int32_t>::min();
  for (const auto far : {least, least + 1, -WorkingDays::horizon, WorkingDays::horizon, most}) {
    for (const auto n : {least, -1, 0, 1, most}) {
      const auto due = days.add(Date{far}, n).date;
      CHECK(due.days >= -WorkingDays::horizon);
      CHECK(due.days <= WorkingDays::horizon);
    }
    CHECK(days.left(Date{far}, Date{0}) == -days.left(Date{0}, Date{far}));
    days.is_working(Date{far});
    days.is_estimated(Date{far}, Date{far == most ? least : most});
  }
  CHECK(days.due(day("2026-02-13"), most).date == Date{WorkingDays::horizon});
}

}  // namespace working_days_tests
