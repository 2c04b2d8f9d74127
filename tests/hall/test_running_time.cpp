#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "daemon/hall/running_time.hpp"
#include "tests/hall/notices.hpp"

namespace running_time_tests {

using namespace lobby::hall;
using testing::notices;

namespace {

constexpr std::int32_t east = 480;
constexpr std::int64_t minute_ms = 60'000;

Instant at(std::string_view text) {
  const auto instant = parse_instant(text);
  REQUIRE(instant.has_value());
  return *instant;
}

Date day(std::string_view text) {
  return *parse_date(text);
}

struct A {
  WorkingDays days{notices()};
  std::vector<WorkSpan> hours{{510, 720}, {810, 1050}};
  WorkClock clock{days, hours, east};
  RunningTime running(std::string_view stops) const { return {clock, *parse_stops(stops)}; }
};

/// By looking at every minute.
struct Slow {
  const A& a;
  const std::vector<Stop>& stops;

  bool stopped(Instant now) const {
    return std::any_of(stops.begin(), stops.end(), [&](const Stop& stop) {
      return a.clock.early(stop.from) <= now && (!stop.to || now < a.clock.early(*stop.to));
    });
  }
  bool works(Instant now) const {
    const int minute = local_minute(now);
    return a.days.is_working(local_date(now)) && !stopped(now) &&
           std::any_of(a.hours.begin(), a.hours.end(),
                       [minute](const WorkSpan& span) { return span.from <= minute && minute < span.to; });
  }
  std::int64_t minutes(Instant from, Instant to) const {
    std::int64_t sum = 0;
    for (; from < to; from.utc_ms += minute_ms) {
      sum += works(from) ? 1 : 0;
    }
    return sum;
  }
  /// A day is stopped if the clock stands at its end, and not if it then runs.
  bool runs(Date date) const {
    return a.days.is_working(date) && !std::any_of(stops.begin(), stops.end(), [&](const Stop& stop) {
             return a.clock.day_of(stop.from) <= date && (!stop.to || date < a.clock.day_of(*stop.to));
           });
  }
};

}  // namespace

TEST_CASE("stops are read as intervals, the last may last") {
  const auto stops = parse_stops("2026-03-02/2026-03-05;2026-03-09T10:00:00+08:00/");
  REQUIRE(stops.has_value());
  REQUIRE(stops->size() == 2);
  CHECK(std::get<Date>((*stops)[0].from) == day("2026-03-02"));
  CHECK(std::get<Date>(*(*stops)[0].to) == day("2026-03-05"));
  CHECK(std::get<Instant>((*stops)[1].from) == at("2026-03-09T10:00:00+08:00"));
  CHECK(!(*stops)[1].to.has_value());
  CHECK(parse_stops("")->empty());
  for (const char* text : {"2026-03-02", "/", "/2026-03-05", "2026-03-02/x", "2026-03-02/;;", "2026-03-02 /",
                           ";", "2026-03-02/2026-03-05/2026-03-06"}) {
    CAPTURE(text);
    CHECK(!parse_stops(text).has_value());
  }
}

TEST_CASE("a day is what is written without an hour, or at midnight") {
  const A a;
  CHECK(a.clock.is_day(*parse_when("2026-03-02")));
  CHECK(a.clock.is_day(*parse_when("2026-03-02T00:00:00+08:00")));
  CHECK(a.clock.is_day(*parse_when("2026-03-01T16:00:00Z")));
  CHECK(!a.clock.is_day(*parse_when("2026-03-02T00:00:00Z")));
  CHECK(!a.clock.is_day(*parse_when("2026-03-02T00:00:00.001+08:00")));
  CHECK(a.clock.day_of(*parse_when("2026-03-01T16:00:00Z")) == day("2026-03-02"));
  CHECK(to_text(a.clock.late(*parse_when("2026-03-02"))) == "2026-03-02T17:30:00.000+08:00");
  CHECK(to_text(a.clock.late(*parse_when("2026-03-01T16:00:00Z"))) == "2026-03-02T17:30:00.000+08:00");
  CHECK(to_text(a.clock.early(*parse_when("2026-03-02"))) == "2026-03-02T00:00:00.000+08:00");
  CHECK(to_text(a.clock.late(*parse_when("2026-03-02T01:00:00Z"))) == "2026-03-02T09:00:00.000+08:00");
  CHECK(!parse_when("2026-03-02 09:00").has_value());
}

TEST_CASE("hours that make no sense are put right") {
  CHECK(usable_hours({{810, 1050}, {510, 720}}) == std::vector<WorkSpan>{{510, 720}, {810, 1050}});
  CHECK(usable_hours({{510, 720}, {600, 1050}}) == std::vector<WorkSpan>{{510, 720}, {720, 1050}});
  CHECK(usable_hours({{-5, 720}, {900, 2000}, {30, 20}}) == std::vector<WorkSpan>{{0, 720}, {900, 1440}});
  CHECK(usable_hours({}) == std::vector<WorkSpan>{{0, 1440}});
  CHECK(usable_hours({{700, 700}}) == std::vector<WorkSpan>{{0, 1440}});
}

TEST_CASE("in whole days a stop takes its first day and leaves its last") {
  const A a;
  const Date monday = day("2026-03-09");
  CHECK(a.running("").nth_day(monday, 5) == day("2026-03-16"));
  CHECK(a.running("2026-03-10T10:00:00+08:00/2026-03-12T09:00:00+08:00").nth_day(monday, 5) ==
        day("2026-03-18"));
  CHECK(a.running("2026-03-10/2026-03-12").nth_day(monday, 5) == day("2026-03-18"));
  // Some hours of one day, and one stop after another on the same day.
  CHECK(a.running("2026-03-10T10:00:00+08:00/2026-03-10T16:00:00+08:00").nth_day(monday, 5) ==
        day("2026-03-16"));
  CHECK(a.running("2026-03-10/2026-03-11;2026-03-11/2026-03-12").nth_day(monday, 5) == day("2026-03-18"));
  // On the day of acceptance it costs nothing: that day is not counted anyway.
  CHECK(a.running("2026-03-09/2026-03-10").nth_day(monday, 5) == day("2026-03-16"));
  // Overlapping ones count once, and one that ends before it begins not at all.
  CHECK(a.running("2026-03-10/2026-03-12;2026-03-11/2026-03-13").nth_day(monday, 5) == day("2026-03-19"));
  CHECK(a.running("2026-03-12/2026-03-10").nth_day(monday, 5) == day("2026-03-16"));
}

TEST_CASE("a stop over a holiday takes only its working days") {
  const A a;
  // Stopped from Thursday before the Spring Festival of 2026 until the first day after it: 12, 13, 14
  // February.
  const RunningTime running = a.running("2026-02-12/2026-02-24");
  CHECK(running.nth_day(day("2026-02-11"), 1) == day("2026-02-24"));
  CHECK(running.nth_day(day("2026-02-10"), 3) == day("2026-02-25"));
  CHECK(running.days(day("2026-02-10"), day("2026-02-28")) == 6);
  CHECK(!running.is_running(day("2026-02-14")));
  CHECK(!running.is_running(day("2026-02-16")));
  CHECK(running.is_running(day("2026-02-28")));
}

TEST_CASE("after the start of a stop that lasts nothing is reached") {
  const A a;
  const RunningTime running = a.running("2026-03-11T14:00:00+08:00/");
  CHECK(running.nth_day(day("2026-03-09"), 1) == day("2026-03-10"));
  CHECK(!running.nth_day(day("2026-03-09"), 2).has_value());
  CHECK(running.days(day("2026-03-09"), day("2027-03-09")) == 1);
  CHECK(running.reach(at("2026-03-11T09:00:00+08:00"), 210 * minute_ms) == at("2026-03-11T14:00:00+08:00"));
  CHECK(!running.reach(at("2026-03-11T09:00:00+08:00"), 210 * minute_ms + 1).has_value());
  CHECK(!running.nth_calendar_day(day("2026-03-09"), 2).has_value());
  REQUIRE(running.standing(at("2027-01-01T00:00:00Z")) != nullptr);
  CHECK(running.standing(at("2027-01-01T00:00:00Z"))->from == at("2026-03-11T14:00:00+08:00"));
  CHECK(running.standing(at("2026-03-11T13:59:59.999+08:00")) == nullptr);
}

TEST_CASE("calendar days end on a working day") {
  const A a;
  CHECK(a.running("").nth_calendar_day(day("2026-03-09"), 4) == day("2026-03-13"));
  CHECK(a.running("").nth_calendar_day(day("2026-03-09"), 5) == day("2026-03-16"));
  CHECK(a.running("").nth_calendar_day(day("2026-02-10"), 5) == day("2026-02-24"));
  CHECK(a.running("").nth_calendar_day(day("2026-02-10"), 4) == day("2026-02-14"));  // a make-up Saturday
  CHECK(a.running("2026-03-10/2026-03-12").nth_calendar_day(day("2026-03-09"), 2) == day("2026-03-13"));
}

TEST_CASE("working time agrees with looking at every minute") {
  const A a;
  std::mt19937 random(20260316);
  const auto pick = [&random](std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(random);
  };
  const Instant start = at("2026-02-09T00:00:00+08:00");
  const auto moment = [&](std::int64_t most) {
    return Instant{start.utc_ms + pick(0, most) * minute_ms, east};
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<Stop> stops;
    for (auto n = pick(0, 3); n > 0; --n) {
      const Instant from = moment(24 * 1440);
      Stop stop{from, Instant{from.utc_ms + pick(0, 6 * 1440) * minute_ms, east}};
      if (pick(0, 3) == 0) {
        stop = {local_date(from), Date{local_date(from).days + static_cast<std::int32_t>(pick(0, 5))}};
      }
      stops.push_back(stop);
    }
    const RunningTime running(a.clock, stops);
    const Slow slow{a, stops};
    const Instant from = moment(10 * 1440);
    const Instant to{from.utc_ms + pick(0, 20 * 1440) * minute_ms, east};
    const std::int64_t minutes = slow.minutes(from, to);
    REQUIRE(running.ms(from, to) == minutes * minute_ms);
    REQUIRE(running.ms(to, from) == -minutes * minute_ms);
    REQUIRE((running.standing(from) != nullptr) == slow.stopped(from));
    if (minutes > 0) {
      const auto reached = running.reach(from, minutes * minute_ms);
      REQUIRE(reached.has_value());
      REQUIRE(*reached <= to);
      REQUIRE(slow.minutes(from, *reached) == minutes);
      REQUIRE(slow.works(Instant{reached->utc_ms - minute_ms, east}));
    }
    std::int32_t counted = 0;
    const Date first = local_date(from);
    for (Date date{first.days + 1}; date <= local_date(to); ++date.days) {
      REQUIRE(running.is_running(date) == slow.runs(date));
      counted += slow.runs(date) ? 1 : 0;
      REQUIRE(running.days(first, date) == counted);
      if (slow.runs(date)) {
        REQUIRE(running.nth_day(first, counted) == date);
      }
    }
  }
}

}  // namespace running_time_tests
