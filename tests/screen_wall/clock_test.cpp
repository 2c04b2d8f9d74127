#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "display/screen/server_clock.hpp"

using namespace lobby::display;
using namespace std::chrono_literals;

namespace {

/// A server whose clock shows `offset` more than ours, seen through a net that holds up either way.
struct FarServer {
  Instant offset{1'774'310'400'000'000};
  void answer(ServerClock& clock, Instant asked, Instant there, Instant back) const {
    clock.heard(asked, asked + there + back, asked + there + offset);
  }
};

}  // namespace

TEST_CASE("the server's time is known within half the round trip of the surest answer") {
  const FarServer server;
  ServerClock clock;
  CHECK_FALSE(clock.is_known());
  server.answer(clock, 1s, 80ms, 20ms);  // a slow question: 30 ms wrong
  CHECK(clock.is_known());
  CHECK(std::chrono::abs(clock.at(2s) - (server.offset + 2s)) == 30ms);
  server.answer(clock, 10s, 2ms, 2ms);
  server.answer(clock, 11s, 300ms, 10ms);  // worse ones do not spoil it
  server.answer(clock, 12s, 10ms, 90ms);
  CHECK(std::chrono::abs(clock.at(60s) - (server.offset + 60s)) <= 2ms);
}

TEST_CASE("time walks to a better answer and never jumps, so that nothing jerks") {
  std::minstd_rand random(5);
  const FarServer server;
  ServerClock clock;
  Instant local = 1s;
  server.answer(clock, local, 60ms, 0ms);
  local += 60ms;
  Instant before = clock.at(local);
  for (int i = 0; i < 2'000; ++i) {
    const Instant step = 5ms;
    local += step;
    if (i % 50 == 0) {
      server.answer(clock, local, Instant(random() % 40'000), Instant(random() % 40'000));
      local += 80ms;  // both ways at most
      before += 80ms;
    }
    const Instant now = clock.at(local);
    CHECK(std::chrono::abs(now - before - step) <= step / 50 + 800us * (i % 50 == 0 ? 1 : 0) + 1us);
    before = now;
  }
  CHECK(clock.times_set() == 0);
}

TEST_CASE("a clock that drifts is followed, old answers count less") {
  ServerClock clock;
  // 50 parts in a million faster than ours, for an hour.
  const auto server_at = [](Instant local) { return Instant(local.count() + local.count() / 20'000); };
  Instant local{};
  clock.heard(local, local + 1ms, server_at(local + 500us));  // the best answer of all
  for (int i = 0; i < 180; ++i) {
    local += 20s;
    clock.heard(local, local + 10ms, server_at(local + 5ms));
  }
  CHECK(std::chrono::abs(clock.at(local + 20s) - server_at(local + 20s)) < 15ms);
}

TEST_CASE("a server whose clock is set is followed at once, to either side") {
  for (const auto set : {-3600s, 3600s, 2s, -2s}) {
    FarServer server;
    ServerClock clock;
    for (int i = 0; i < 10; ++i) {
      server.answer(clock, Instant(i * 1'000'000), 1ms, 1ms);
    }
    server.offset += set;
    server.answer(clock, 20s, 1ms, 1ms);
    CHECK(clock.times_set() == 1);
    CHECK(std::chrono::abs(clock.at(21s) - (server.offset + 21s)) <= 1ms);
  }
}
