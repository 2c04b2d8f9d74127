#include "tests/sim/habits.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>

#include "tests/sim/day_profile.hpp"

using namespace lobby::sim;

namespace {

constexpr int draws = 100'000;

/// A count of independent draws lies within 4.5 sigma of its mean, but for seven in a million.
void check_share(const char* what, int count, double share, int of = draws) {
  const double mean = of * share;
  const double sigma = std::sqrt(of * share * (1 - share));
  CHECK_MESSAGE(std::abs(count - mean) <= 4.5 * sigma, what, ": ", count, " of ", of, ", expected ", mean);
}

int day_of(int weekday, int from, int to, Random& random) {
  int people = 0;
  for (int minute = from; minute < to; ++minute) {
    people += arrivals({static_cast<double>(minute), weekday}, 1, 36, random);
  }
  return people;
}

}  // namespace

TEST_CASE("lanes come in their shares") {
  Random random(1);
  std::map<std::string, int> lanes;
  for (int i = 0; i < draws; ++i) {
    ++lanes[std::string(draw_lane(random))];
  }
  check_share("elderly", lanes["elderly"], 0.08);
  check_share("disabled", lanes["disabled"], 0.015);
  check_share("pregnant", lanes["pregnant"], 0.02);
  check_share("military", lanes["military"], 0.015);
  check_share("firefighter", lanes["firefighter"], 0.005);
  check_share("martyr_family", lanes["martyr_family"], 0.005);
  check_share("agent", lanes["agent"], 0.015);
  check_share("green", lanes["green"], 0.01);
  check_share("ordinary", lanes["ordinary"], 0.835);
  CHECK(lanes.size() == 9);
}

TEST_CASE("people called come, are late, or do not come, in their shares") {
  Random random(2);
  int missing = 0, returning = 0, late = 0, held = 0, sent = 0, told = 0, by_window = 0;
  std::map<int, int> recalls;
  std::set<std::string> kinds, places, outcomes;
  for (int i = 0; i < draws; ++i) {
    const Plan plan = draw_plan(random);
    if (!plan.comes) {
      ++missing;
      ++recalls[plan.recalls];
      returning += plan.returns ? 1 : 0;
      continue;
    }
    late += plan.recalls > 0 ? 1 : 0;
    const std::string word(plan.word);
    if (plan.deed == Deed::hold) {
      ++held;
      kinds.insert(word);
    } else if (plan.deed == Deed::transfer) {
      ++sent;
      places.insert(word);
      by_window += plan.to_window ? 1 : 0;
    } else {
      told += word == "notified" ? 1 : 0;
      outcomes.insert(word);
    }
  }
  check_share("no-shows", missing, 0.06);
  check_share("late", late, 0.06);
  check_share("held", held, 0.94 * 0.08);
  check_share("transferred", sent, 0.94 * 0.06);
  check_share("notified", told, 0.94 * 0.86 * 0.04);
  check_share("back at the desk", returning, 0.4, missing);
  check_share("to a window", by_window, 0.5, sent);
  for (int times = 1; times <= 3; ++times) {
    check_share("recalls", recalls[times], 1.0 / 3, missing);
  }
  CHECK(recalls.size() == 3);
  CHECK(kinds == std::set<std::string>{"away", "waiting", "with_papers"});
  CHECK(places == std::set<std::string>{"head", "keep", "tail"});
  CHECK(outcomes == std::set<std::string>{"delivered", "notified", "on_spot", "referred", "transferred"});
}

TEST_CASE("six in ten rate, by every way, and not always well") {
  Random random(3);
  int ratings = 0;
  std::map<std::string, int> scores, ways;
  for (int i = 0; i < draws; ++i) {
    if (const auto rating = draw_rating(random)) {
      ++ratings;
      ++scores[std::string(rating->score)];
      ++ways[std::string(rating->by)];
    }
  }
  check_share("rates", ratings, 0.6);
  check_share("very poor", scores["very_poor"], 0.02, ratings);
  check_share("by qr", ways["qr"], 0.2, ratings);
  CHECK(scores.size() == 5);
  CHECK(ways.size() == 3);
}

TEST_CASE("who has an appointment is early, late, or never comes") {
  Random random(4);
  int never = 0, late = 0;
  for (int i = 0; i < draws; ++i) {
    const auto offset = draw_punctuality(random);
    never += offset ? 0 : 1;
    late += offset && *offset > 0 ? 1 : 0;
    REQUIRE((!offset || *offset >= -25));
  }
  check_share("never", never, 0.08);
  check_share("late", late, 0.12);
}

TEST_CASE("half wait an hour and longer, hardly anybody leaves in the first minutes") {
  Random random(5);
  int an_hour = 0, soon = 0;
  for (int i = 0; i < draws; ++i) {
    const double minutes = draw_patience(random);
    an_hour += minutes > 60 ? 1 : 0;
    soon += minutes < 10 ? 1 : 0;
  }
  check_share("an hour", an_hour, 0.5);
  CHECK(soon < draws / 1000);
}

TEST_CASE("nobody turns round for eight people a window, some do for twenty, never all") {
  Random random(6);
  int at_8 = 0, at_20 = 0, at_200 = 0;
  for (int i = 0; i < draws; ++i) {
    at_8 += balks(8, random) ? 1 : 0;
    at_20 += balks(20, random) ? 1 : 0;
    at_200 += balks(200, random) ? 1 : 0;
  }
  CHECK(at_8 == 0);
  check_share("at 20", at_20, 0.5);
  check_share("at 200", at_200, 0.6);
}

TEST_CASE("the day has two peaks, a burst at the doors, a lull at noon and a night") {
  CHECK(rush(3 * 60) == 0);
  CHECK(rush(20 * 60) == 0);
  CHECK(rush(10 * 60) == rush(34 * 60));
  double all = 0, first = 0, fullest = 0, noon = 0;
  for (int minute = 0; minute < 1440; ++minute) {
    const double people = rush(minute + 0.5);
    all += people;
    first += minute >= 510 && minute < 515 ? people : 0;
    fullest += minute >= 570 && minute < 630 ? people : 0;
    noon += minute >= 720 && minute < 780 ? people : 0;
  }
  CHECK(first / all == doctest::Approx(0.06).epsilon(0.1));
  CHECK(fullest / all == doctest::Approx(0.22).epsilon(0.05));
  CHECK(noon / all < 0.05);
  // Both tops are where they are said to be, and higher than what is around them.
  for (const double top : {600.0, 870.0}) {
    for (double minute = top - 45; minute <= top + 45; ++minute) {
      REQUIRE(rush(minute) <= rush(top));
    }
  }
  CHECK(rush(600) > rush(870));
}

TEST_CASE("a county hall has 1,000 to 3,000 people a day, Mondays most, Friday afternoons least") {
  Random random(7);
  std::map<int, int> days;
  for (int week = 0; week < 20; ++week) {
    for (int day = 1; day <= 5; ++day) {
      const int people = day_of(day, 0, 1440, random);
      CHECK(people > 1000);
      CHECK(people < 3000);
      days[day] += people;
    }
  }
  // 20 days of some 1,600 each: sigma of a sum is its root, 180 at most.
  CHECK(days[1] > days[2] + 1500);
  CHECK(days[2] > days[3] + 1500);
  const double mean = (days[1] + days[2] + days[3] + days[4] + days[5]) / 5.0;
  CHECK(days[1] / mean == doctest::Approx(1.3).epsilon(0.06));
  int thursday = 0, friday = 0;
  for (int week = 0; week < 20; ++week) {
    thursday += day_of(4, 720, 1440, random);
    friday += day_of(5, 720, 1440, random);
  }
  check_share("Friday afternoons", friday, 0.7 / 1.7, thursday + friday);
  CHECK(arrivals({600, 1}, 60, 0, random) == 0);
}

TEST_CASE("service times are skewed: many short, few long, none absurd") {
  Random random(1);
  int below = 0;
  for (int i = 0; i < 2000; ++i) {
    const double minutes = service_minutes(random);
    CHECK(minutes >= 0.5);
    CHECK(minutes <= 25);
    below += minutes < 3.5 ? 1 : 0;
  }
  check_share("below the median", below, 0.5, 2000);
}
