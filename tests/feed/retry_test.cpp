#include "daemon/feed/retry.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace lobby::feed {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Kind = Failure::Kind;

Failure failure(Kind kind, std::optional<seconds> asked = std::nullopt) {
  return {kind, "why", asked, false, false};
}

TEST_CASE("trouble: 1, 2, 4 … 300 s, and from the beginning after a success") {
  Retry retry(seconds(30));
  std::vector<long> delays;
  delays.reserve(12);
  for (int i = 0; i < 12; ++i) {
    delays.push_back(retry.after(failure(Kind::trouble), 0).count() / 1000);
  }
  CHECK(delays == std::vector<long>{1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300});
  CHECK(retry.after_success(0) == seconds(30));
  CHECK(retry.after(failure(Kind::trouble), 0) == seconds(1));
}

TEST_CASE("delays spread by a fifth and no more") {
  Retry retry(seconds(30));
  CHECK(retry.after_success(1) == seconds(36));
  CHECK(retry.after_success(-1) == seconds(24));
  CHECK(retry.after_success(50) == seconds(36));
  CHECK(retry.after(failure(Kind::trouble), 1) == milliseconds(1200));
  CHECK(retry.after(failure(Kind::trouble), -1) == milliseconds(1600));
}

TEST_CASE("a refused token is tried once more, then every five minutes and never sooner") {
  Retry retry(seconds(30));
  CHECK(retry.after(failure(Kind::unauthorised), 0) == seconds(1));
  for (int i = 0; i < 5; ++i) {
    CHECK(retry.after(failure(Kind::unauthorised), -1) == seconds(300));
    CHECK(retry.after(failure(Kind::unauthorised), 1) <= seconds(360));
  }
}

TEST_CASE("a throttling upstream is obeyed up to an hour") {
  Retry retry(seconds(30));
  CHECK(retry.after(failure(Kind::throttled, seconds(120)), -1) == seconds(120));
  CHECK(retry.after(failure(Kind::throttled, seconds(100'000)), 1) == seconds(3600));
  CHECK(retry.after(failure(Kind::throttled, seconds(0)), 0) == seconds(1));
  CHECK(retry.after(failure(Kind::throttled), 0) == seconds(1));
  CHECK(retry.after(failure(Kind::throttled), 0) == seconds(2));
  CHECK(retry.after(failure(Kind::missing), 0) == seconds(600));
}

TEST_CASE("an answer that stays good for long is not asked for sooner") {
  Retry retry(seconds(30));
  for (const double jitter : {-1.0, 0.0, 1.0}) {
    CHECK(retry.after_success(jitter, seconds(600)) >= seconds(600));
    CHECK(retry.after_success(jitter, seconds(600)) <= seconds(720));
    CHECK(retry.after_success(jitter, seconds(10)) <= seconds(36));
  }
}

TEST_CASE("a new login that is refused too gets no quick retry") {
  Retry retry(seconds(30));
  Failure refused = failure(Kind::unauthorised);
  refused.tried_again = true;
  CHECK(retry.after(refused, 0) == seconds(300));
}

TEST_CASE("a cursor that is too old twice waits for the next turn") {
  Retry retry(seconds(30));
  CHECK(retry.after(failure(Kind::outdated), 0) == seconds(30));
  CHECK(retry.after(failure(Kind::outdated), 0) == seconds(30));
}

TEST_CASE("Retry-After in seconds and as a date") {
  constexpr std::int64_t now = 1795136400;  // Fri, 20 Nov 2026 01:00:00 GMT
  const auto read = [](std::string_view value, std::string_view date = "") {
    const auto asked = read_retry_after(value, date, now);
    return asked ? asked->count() : -1;
  };
  CHECK(read("120") == 120);
  CHECK(read("0") == 0);
  CHECK(read("99999999999999999999") == 3600);
  CHECK(read("7200") == 3600);
  CHECK(read("Fri, 20 Nov 2026 01:02:00 GMT") == 120);
  CHECK(read("Fri, 20 Nov 2026 00:00:00 GMT") == 0);
  CHECK(read("Fri, 20 Nov 2026 01:02:00 GMT", "Fri, 20 Nov 2026 01:01:30 GMT") == 30);
  for (const char* text : {"", "-5", "12x", "soon", "-99999999999999999999", "1.5"}) {
    CAPTURE(text);
    CHECK(read(text) == -1);
  }
}

}  // namespace
}  // namespace lobby::feed
