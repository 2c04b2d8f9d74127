#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

#include "daemon/hall/case_clock.hpp"
#include "tests/hall/notices.hpp"

namespace case_walk_tests {

using namespace lobby::hall;

namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t day_ms = 1440 * minute_ms;

/// Cases as no source would dare to send them: everything is mixed.
class RandomCases {
 public:
  explicit RandomCases(std::uint32_t seed) : random_(seed) {}

  bool one_in(int n) { return pick(1, n) == 1; }
  std::int64_t pick(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(random_);
  }

  /// Near the Spring Festival of 2026, or where the years end that anybody knows.
  Instant around() {
    const bool festival = !one_in(3);
    const Instant start =
        *parse_instant(festival ? "2026-02-06T00:00:00+08:00" : "2026-12-18T00:00:00+08:00");
    return {start.utc_ms + pick(0, 20 * day_ms / 1000) * 1000, 480};
  }

  ClockRules rules() {
    ClockRules rules;
    rules.rounding = static_cast<Rounding>(pick(0, 2));
    rules.yellow_days = static_cast<std::int32_t>(pick(0, 3));
    rules.forwarded_stops = one_in(2);
    rules.stage_warns = !one_in(3);
    rules.red_card_days = static_cast<std::int32_t>(one_in(2) ? pick(1, 4) : 0);
    rules.stop_red_days = static_cast<std::int32_t>(pick(0, 2));
    if (one_in(4)) {
      rules.hours = {{0, 1440}};
    }
    return rules;
  }

  CaseTimes times(Instant now) {
    CaseTimes times;
    times.status = one_in(3) ? static_cast<CaseStatus>(pick(0, 18)) : CaseStatus::reviewing;
    if (one_in(6)) {
      times.status = CaseStatus::suspended;
    }
    times.accepted = maybe(6, near(now, -10, 2));
    times.applied = maybe(3, near(now, -10, 2));
    times.finished = maybe(2, near(now, -8, 8));
    times.due_promised = maybe(2, near(now, -5, 9));
    times.due_statutory = maybe(2, near(now, -5, 14));
    times.stage_due = maybe(2, near(now, -5, 9));
    times.promised = limit();
    times.statutory = limit();
    times.stop_limit = limit();
    for (auto n = pick(0, 3) - 1; n > 0; --n) {
      const When from = near(now, -6, 6);
      times.stops.push_back({from, one_in(3) ? std::nullopt : std::optional(near(now, -4, 9))});
    }
    if (one_in(3)) {
      times.light = static_cast<Light>(pick(0, 3));
    }
    if (one_in(5)) {
      times.card = static_cast<Card>(pick(0, 3));
    }
    return times;
  }

 private:
  std::optional<When> maybe(int absent_in, When when) {
    return one_in(absent_in) ? std::nullopt : std::optional(when);
  }
  When near(Instant now, std::int64_t from_day, std::int64_t to_day) {
    const Instant at{now.utc_ms + pick(from_day * day_ms / 1000, to_day * day_ms / 1000) * 1000, 480};
    return one_in(3) ? When(local_date(at)) : When(at);
  }
  Limit limit() {
    const auto unit = static_cast<LimitUnit>(pick(0, 4));
    const bool is_bare = unit == LimitUnit::none || unit == LimitUnit::immediate;
    return {is_bare ? 0 : static_cast<std::int32_t>(pick(1, 7)), unit};
  }

  std::mt19937 random_;
};

Verdict bare(Verdict verdict) {
  verdict.next_change = verdict.next_turn = std::nullopt;
  return verdict;
}

Verdict lasting(Verdict verdict) {
  verdict = bare(verdict);
  verdict.used = verdict.left = std::nullopt;
  verdict.overdue_days = 0;
  return verdict;
}

Instant later(Instant at, std::int64_t ms) {
  return {at.utc_ms + ms, at.offset_min};
}

struct Walk {
  const CaseClock& clock;
  const CaseTimes& times;
  bool stale;

  Verdict judge(Instant at) const { return clock.judge(times, at, stale); }

  /// Goes on in steps and looks whether all that changes was foretold. False at the first lie.
  bool goes(Instant from, std::int64_t step_ms, int steps) {
    Verdict said = judge(from);
    Verdict turned = said;
    for (Instant at = from; steps > 0; --steps, at = later(at, step_ms)) {
      while (said.next_change && at >= *said.next_change) {
        const Instant change = *said.next_change;
        if (bare(judge(later(change, -1))) != bare(said) || bare(judge(change)) == bare(said)) {
          return false;
        }
        said = judge(change);
        ++changes;
      }
      while (turned.next_turn && at >= *turned.next_turn) {
        const Instant turn = *turned.next_turn;
        if (lasting(judge(later(turn, -1))) != lasting(turned) || lasting(judge(turn)) == lasting(turned)) {
          return false;
        }
        turned = judge(turn);
        ++turns;
      }
      const Verdict now = judge(at);
      if (bare(now) != bare(said) || now.next_change != said.next_change || lasting(now) != lasting(turned) ||
          now.next_turn != turned.next_turn) {
        return false;
      }
    }
    return true;
  }

  int changes = 0;
  int turns = 0;
};

}  // namespace

TEST_CASE("a verdict changes when it says so, and at no other minute") {
  const std::uint32_t seeds = std::getenv("LOBBY_LONG") != nullptr ? 400 : 120;
  int changes = 0;
  int turns = 0;
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    RandomCases random(seed);
    const CaseClock clock(WorkingDays(testing::notices()), random.rules());
    const Instant now = random.around();
    const CaseTimes times = random.times(now);
    Walk walk{clock, times, random.one_in(8)};
    REQUIRE(walk.goes(now, minute_ms, 1500));
    REQUIRE(walk.goes(later(now, day_ms), 97 * minute_ms, 250));
    changes += walk.changes;
    turns += walk.turns;
  }
  // The walk saw something.
  CHECK(changes > static_cast<int>(seeds) * 5 / 2);
  CHECK(turns > static_cast<int>(seeds) / 2);
}

TEST_CASE("a verdict that never changes never does") {
  int lasting_ones = 0;
  for (std::uint32_t seed = 1000; seed < 2500; ++seed) {
    CAPTURE(seed);
    RandomCases random(seed);
    const CaseClock clock(WorkingDays(testing::notices()), random.rules());
    const Instant now = random.around();
    const CaseTimes times = random.times(now);
    const Verdict said = clock.judge(times, now, false);
    for (int days = 1; !said.next_turn && days < 400; days += 7) {
      const Verdict then = clock.judge(times, later(now, days * day_ms + 7), false);
      REQUIRE(lasting(then) == lasting(said));
      REQUIRE((said.next_change.has_value() || bare(then) == bare(said)));
    }
    lasting_ones += said.next_change ? 0 : 1;
  }
  CHECK(lasting_ones > 100);
}

}  // namespace case_walk_tests
