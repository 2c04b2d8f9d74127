#include <doctest/doctest.h>

#include <limits>

#include "daemon/hall/site.hpp"
#include "daemon/hall/time.hpp"
#include "tests/hall/a_hall.hpp"

namespace time_tests {

using namespace lobby::hall;
using testing::at;

TEST_CASE("a moment is written with milliseconds and the site's offset") {
  // 1,763,859,931 s after the epoch is 2025-11-23 01:05:31 UTC (date -u -d @1763859931).
  CHECK(to_text(Instant{1763859931123, 480}) == "2025-11-23T09:05:31.123+08:00");
  CHECK(to_text(Instant{1763859931123, 0}) == "2025-11-23T01:05:31.123+00:00");
  CHECK(to_text(Instant{1763859931000, -570}) == "2025-11-22T15:35:31.000-09:30");
  CHECK(to_text(Instant{-1, 0}) == "1969-12-31T23:59:59.999+00:00");
}

TEST_CASE("every RFC 3339 date-time is read") {
  CHECK(parse_instant("2025-11-23T01:05:31Z") == Instant{1763859931000, 0});
  CHECK(parse_instant("2025-11-23t01:05:31z") == Instant{1763859931000, 0});
  CHECK(parse_instant("2025-11-23T09:05:31.5+08:00") == Instant{1763859931500, 480});
  CHECK(parse_instant("2025-11-23T09:05:31.123987654321+08:00") == Instant{1763859931123, 480});
  CHECK(parse_instant("1985-04-12T23:20:50.52Z")->utc_ms == 482196050520);
  CHECK(parse_instant("1996-12-19T16:39:57-08:00") == Instant{851042397000, -480});
  CHECK(parse_instant("1990-12-31T23:59:60Z")->utc_ms == 662688000000);
  CHECK(parse_instant("1990-12-31T15:59:60-08:00")->utc_ms == 662688000000);
  CHECK(parse_instant("2024-02-29T00:00:00-00:00").has_value());
  CHECK(parse_instant("0000-01-01T00:00:00Z").has_value());
  CHECK(parse_instant("9999-12-31T23:59:59Z")->utc_ms == 253402300799000);
}

TEST_CASE("anything else is no moment") {
  for (const char* text : {"",
                           "2025-11-23",
                           "2025-11-23T09:05:31",
                           "2025-11-23 09:05:31Z",
                           "2025-11-23T09:05Z",
                           "2025-11-23T9:05:31Z",
                           "2025-11-23T24:00:00Z",
                           "2025-11-23T09:60:00Z",
                           "2025-11-23T09:05:61Z",
                           "2025-11-23T09:05:60Z",
                           "2025-13-01T00:00:00Z",
                           "2025-00-01T00:00:00Z",
                           "2025-02-29T00:00:00Z",
                           "2100-02-29T00:00:00Z",
                           "2025-04-31T00:00:00Z",
                           "2025-11-00T00:00:00Z",
                           "2025-11-23T09:05:31.Z",
                           "2025-11-23T09:05:31.+08:00",
                           "2025-11-23T09:05:31+0800",
                           "2025-11-23T09:05:31+24:00",
                           "2025-11-23T09:05:31+08:60",
                           "2025-11-23T09:05:31Z ",
                           " 2025-11-23T09:05:31Z",
                           "-025-11-23T09:05:31Z",
                           "2025-11-23T09:05:31ZZ",
                           "2025-11-23T+9:05:31Z",
                           "２025-11-23T09:05:31Z"}) {
    CAPTURE(text);
    CHECK(!parse_instant(text).has_value());
  }
  CHECK(!parse_instant(std::string_view{"2025-11-23T09:05:31Z\0", 21}).has_value());
}

TEST_CASE("what is written reads back as itself") {
  for (const std::int64_t ms : {0LL, 1LL, -1LL, 1763859931123LL, 951782399999LL, -62167219200000LL}) {
    for (const std::int32_t offset : {0, 480, -480, 345, -720, 840}) {
      const Instant instant{ms + 86'400'000, offset};
      CAPTURE(to_text(instant));
      CHECK(parse_instant(to_text(instant)) == instant);
    }
  }
}

TEST_CASE("dates are calendar dates") {
  CHECK(parse_date("1970-01-02") == Date{1});
  CHECK(parse_date("2026-11-23") == Date{20780});
  CHECK(to_text(Date{20780}) == "2026-11-23");
  CHECK(to_text(Date{0}) == "1970-01-01");
  CHECK(to_text(Date{-1}) == "1969-12-31");
  CHECK(!parse_date("2026-11-31").has_value());
  CHECK(!parse_date("2026-1-31").has_value());
  CHECK(!parse_date("2026-11-23T").has_value());
  CHECK(weekday(*parse_date("2026-11-23")) == 0);
  CHECK(weekday(*parse_date("2026-11-29")) == 6);
  CHECK(weekday(*parse_date("1969-12-28")) == 6);
  for (std::int32_t days = -800'000; days < 2'900'000; days += 1'237) {
    const Date date{days};
    if (const std::string text = to_text(date); text.size() == 10) {
      CHECK(parse_date(text) == date);
    }
  }
}

TEST_CASE("the local day and minute follow the offset") {
  CHECK(to_text(local_date(at("2026-11-22T16:00:00Z"))) == "2026-11-22");
  CHECK(to_text(local_date(at("2026-11-23T00:00:00+08:00"))) == "2026-11-23");
  CHECK(to_text(local_date(at("2026-11-22T23:59:59.999+08:00"))) == "2026-11-22");
  CHECK(local_minute(at("2026-11-23T09:05:59+08:00")) == 545);
  CHECK(local_minute(Instant{-1, 0}) == 1439);
}

TEST_CASE("no moment is too far for arithmetic") {
  for (const auto ms : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    for (const auto offset :
         {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()}) {
      const Instant instant{ms, offset};
      CHECK(!to_text(instant).empty());
      CHECK(local_minute(instant) >= 0);
      CHECK(local_minute(instant) < 1440);
      CHECK(weekday(local_date(instant)) >= 0);
    }
  }
}

TEST_CASE("a service is open in [from, to) of the weekday") {
  const Site site;
  Service service;
  service.hours[0] = {{540, 720}, {810, 1020}};  // Monday 9–12, 13:30–17
  CHECK(!is_open(site, service, at("2026-11-23T08:59:59+08:00")));
  CHECK(is_open(site, service, at("2026-11-23T09:00:00+08:00")));
  CHECK(is_open(site, service, at("2026-11-23T11:59:59+08:00")));
  CHECK(!is_open(site, service, at("2026-11-23T12:00:00+08:00")));
  CHECK(is_open(site, service, at("2026-11-23T13:30:00+08:00")));
  CHECK(!is_open(site, service, at("2026-11-23T17:00:00+08:00")));
  CHECK(!is_open(site, service, at("2026-11-24T10:00:00+08:00")));
  CHECK(next_opening(site, service, at("2026-11-23T00:00:00+08:00")) == 540);
  CHECK(next_opening(site, service, at("2026-11-23T12:15:00+08:00")) == 810);
  CHECK(next_opening(site, service, at("2026-11-23T17:15:00+08:00")) == -1);
  CHECK(next_opening(site, service, at("2026-11-24T00:00:00+08:00")) == -1);
}

}  // namespace time_tests
