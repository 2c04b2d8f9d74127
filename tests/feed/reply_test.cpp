#include "daemon/feed/reply.hpp"

#include <doctest/doctest.h>

namespace lobby::feed {
namespace {

using std::chrono::seconds;
using Kind = Failure::Kind;

Failure of(int status, const std::string& retry_after = "") {
  Reply reply;
  reply.status = status;
  reply.retry_after = retry_after;
  reply.date = "Fri, 20 Nov 2026 01:00:00 GMT";
  const auto failure = failure_of_status(reply, 0);
  REQUIRE(failure);
  return *failure;
}

TEST_CASE("what a status means") {
  Reply good;
  good.status = 200;
  CHECK_FALSE(failure_of_status(good, 0));
  CHECK(of(401).kind == Kind::unauthorised);
  CHECK(of(403).kind == Kind::unauthorised);
  CHECK(of(404).kind == Kind::missing);
  CHECK(of(410).kind == Kind::outdated);
  for (const int status : {204, 206, 301, 302, 304, 400, 409, 500, 502, 504}) {
    CHECK(of(status).kind == Kind::trouble);
    CHECK(of(status).reason.find(std::to_string(status)) != std::string::npos);
  }
  CHECK(of(302).reason.find("redirects are not followed") != std::string::npos);
}

TEST_CASE("who is throttled waits as long as the upstream says") {
  CHECK(of(503, "120").kind == Kind::throttled);
  CHECK(of(503, "120").retry_after == seconds(120));
  CHECK(of(429, "Fri, 20 Nov 2026 01:00:30 GMT").retry_after == seconds(30));
  CHECK_FALSE(of(503, "soon").retry_after);
}

TEST_CASE("one list that is down stops no other; a token or a caller that is refused stops all") {
  CHECK(of(401).whole_source);
  CHECK(of(403).whole_source);
  CHECK(of(429).whole_source);
  CHECK_FALSE(of(503).whole_source);
  CHECK_FALSE(of(404).whole_source);
  CHECK_FALSE(of(500).whole_source);
}

TEST_CASE("how long an answer stays good") {
  CHECK(good_for("max-age=90") == seconds(90));
  CHECK(good_for("public, Max-Age=90, must-revalidate") == seconds(90));
  CHECK(good_for("s-maxage=900,max-age=90") == seconds(90));
  CHECK(good_for("max-age=86400") == seconds(3600));
  CHECK(good_for("max-age=99999999999999999999") == seconds(3600));
  for (const char* text : {"", "no-cache", "no-cache, max-age=90", "no-store,max-age=90", "max-age=-5",
                           "max-age=", "max-age=x", "s-maxage=900", "max-age=-99999999999999999999"}) {
    CAPTURE(text);
    CHECK(good_for(text) == seconds(0));
  }
}

TEST_CASE("clocks differ by what the time on the way cannot explain") {
  CHECK(clock_difference(5000, 4000, 6000) == 0);
  CHECK(clock_difference(9000, 4000, 6000) == 3000);
  CHECK(clock_difference(1000, 4000, 6000) == -3000);
  CHECK(date_ms("Fri, 20 Nov 2026 01:00:00 GMT") == 1795136400000);
  CHECK_FALSE(date_ms("2026-11-20"));
  CHECK_FALSE(date_ms(""));
}

}  // namespace
}  // namespace lobby::feed
