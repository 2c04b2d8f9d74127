#include "daemon/feed/schedule.hpp"

#include <doctest/doctest.h>

namespace lobby::feed {
namespace {

using StepKind = Schedule::Step::Kind;

constexpr std::int64_t s = 1000;

struct Seen {
  StepKind kind;
  std::size_t resource;
  std::int64_t at_ms;
  bool operator==(const Seen&) const = default;
};
Seen next(const Schedule& schedule) {
  const auto step = schedule.next();
  return {step.kind, step.resource, step.at_ms};
}

TEST_CASE("at the start all are due, one after the other; then each by its own interval") {
  Schedule schedule(3, 30 * s);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(schedule.next().resource == i);
    CHECK(schedule.next().at_ms < 0);
    schedule.good(i, 0, (i == 1 ? 10 : 20) * s);
  }
  CHECK(next(schedule) == Seen{StepKind::pull, 1, 10 * s});
  schedule.good(1, 10 * s, 20 * s);
  // Due at the same time: in their order, and none is asked twice before the others.
  CHECK(next(schedule) == Seen{StepKind::pull, 0, 20 * s});
  schedule.good(0, 20 * s, 40 * s);
  CHECK(next(schedule) == Seen{StepKind::pull, 1, 20 * s});
  schedule.good(1, 21 * s, 31 * s);
  CHECK(next(schedule) == Seen{StepKind::pull, 2, 20 * s});
}

TEST_CASE("the fault of one does not stop the others") {
  Schedule schedule(2, 30 * s);
  schedule.failed(0, 0, 600 * s, false);
  CHECK(schedule.next().resource == 1);
  schedule.good(1, 0, 30 * s);
  CHECK(next(schedule) == Seen{StepKind::pull, 1, 30 * s});
  schedule.failed(1, 30 * s, 31 * s, false);
  CHECK(next(schedule) == Seen{StepKind::pull, 1, 31 * s});
}

TEST_CASE("a refused token stops all until its pause is over") {
  Schedule schedule(2, 30 * s);
  schedule.good(0, 0, 30 * s);
  schedule.failed(1, 1 * s, 301 * s, true);
  // Nobody is asked, but lobbyd has been told how long that is.
  CHECK(next(schedule) == Seen{StepKind::pull, 0, 301 * s});
}

TEST_CASE("while nothing is asked for long, lobbyd hears how old things are") {
  Schedule schedule(2, 30 * s);
  schedule.failed(0, 0, 600 * s, false);
  schedule.good(1, 1 * s, 3600 * s);
  CHECK(next(schedule) == Seen{StepKind::beat, 1, 31 * s});
  schedule.beaten(31 * s);
  CHECK(next(schedule) == Seen{StepKind::beat, 1, 61 * s});
  schedule.beaten(590 * s);
  CHECK(next(schedule) == Seen{StepKind::pull, 0, 600 * s});
  schedule.failed(0, 600 * s, 1200 * s, false);
  // It was told to wait so long.
  CHECK(next(schedule) == Seen{StepKind::pull, 0, 1200 * s});
}

TEST_CASE("of what is not good, nobody says that it is") {
  Schedule schedule(1, 30 * s);
  schedule.good(0, 0, 3600 * s);
  CHECK(next(schedule).kind == StepKind::beat);
  schedule.failed(0, 0, 600 * s, false);
  CHECK(next(schedule) == Seen{StepKind::pull, 0, 600 * s});
  Schedule two(2, 30 * s);
  two.good(0, 0, 10 * s);
  two.good(1, 0, 3600 * s);
  two.failed(0, 10 * s, 610 * s, false);
  two.good(1, 20 * s, 3600 * s);
  CHECK(next(two) == Seen{StepKind::beat, 1, 50 * s});
}

}  // namespace
}  // namespace lobby::feed
