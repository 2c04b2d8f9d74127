#include "drivers/cctv/device_time.hpp"

#include <doctest/doctest.h>

using namespace lobby::cctv;
using namespace std::chrono_literals;

namespace {
const UtcTime evening{std::chrono::seconds(1'795'439'361)};  // date -ud 2026-11-23T13:09:21Z +%s
}

TEST_CASE("times as recorders write them") {
  CHECK(iso_time(evening) == "2026-11-23T13:09:21Z");
  CHECK(blank_time(evening) == "2026-11-23 13:09:21");
  for (const auto* text : {"2026-11-23T13:09:21Z", "2026-11-23T21:09:21+08:00", "2026-11-23T08:09:21-0500",
                           "2026-11-23T13:09:21.250Z"}) {
    CAPTURE(text);
    const auto time = parse_wall_time(text);
    REQUIRE(time);
    REQUIRE(time->offset);
    CHECK(time->shown - *time->offset == evening);
  }
  const auto bare = parse_wall_time("2026-11-23 13:09:21");
  REQUIRE(bare);
  CHECK(bare->shown == evening);
  CHECK_FALSE(bare->offset);
  CHECK(parse_wall_time("2028-02-29T00:00:00Z"));
}

TEST_CASE("what is no time is none") {
  for (const auto* text :
       {"", "2026", "2026-11-23", "2026-11-31T00:00:00Z", "2026-02-29T00:00:00Z", "2026-00-10T00:00:00Z",
        "2026-11-23T24:00:00Z", "2026-11-23T13:60:00Z", "2026-11-23T13:09:21Zx", "2026-11-23T13:09:21+99:00",
        "1969-01-01T00:00:00Z", "x026-11-23T13:09:21Z", "2026-11-23T13:09:2"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_wall_time(text));
  }
}

TEST_CASE("zones as POSIX has them: what is added to get UTC") {
  CHECK(parse_posix_zone("CST-8:00:00") == 480min);
  CHECK(parse_posix_zone("EST+5:00:00DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00") == -300min);
  CHECK(parse_posix_zone("CST-8") == 480min);
  CHECK(parse_posix_zone("IST-05:30") == 330min);
  for (const auto* text : {"", "UTC", "CST-", "CST-x", "CST-99:00"}) {
    CHECK_FALSE(parse_posix_zone(text));
  }
}
