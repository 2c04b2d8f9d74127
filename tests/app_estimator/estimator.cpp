#include "daemon/app/estimator.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "tests/hall/a_hall.hpp"

using lobby::app::Estimator;
using namespace lobby::hall;

namespace {

/// The estimates of this moment, as soon as they are there; the moment itself does not pass.
const Estimates* of_moment(Estimator& estimator, const testing::Hall& hall) {
  for (;;) {
    const Estimates* fresh = estimator.fresh(hall.now);
    if (fresh != nullptr && fresh->at == hall.now) {
      return fresh;
    }
    estimator.look(hall.site, hall.state, hall.now);
    std::this_thread::yield();
  }
}

}  // namespace

TEST_CASE("what was looked at is told while it is young, and then no more") {
  testing::Hall hall = testing::an_open_hall();
  hall.pass(60);
  Estimator estimator;
  CHECK(estimator.fresh(hall.now) == nullptr);
  const auto id = hall.issue("social");
  const Estimates* told = of_moment(estimator, hall);
  REQUIRE(told->of(id) != nullptr);
  CHECK(told->of(id)->seconds == 0);
  hall.pass(2);
  CHECK(estimator.fresh(hall.now) != nullptr);
  hall.pass(1);
  CHECK(estimator.fresh(hall.now) == nullptr);
}

TEST_CASE("the hall goes on while it is being played") {
  testing::Hall hall = testing::an_open_hall();
  for (Service& service : hall.site.services) {
    service.typical_s = 60;
  }
  Estimator estimator;
  for (int i = 0; i < 500; ++i) {
    const auto id = hall.issue(i % 2 == 0 ? "social" : "tax");
    estimator.look(hall.site, hall.state, hall.now);
    if (i % 3 == 0 && hall.window("w2").state == WindowState::idle) {
      hall.must(CallNext{.window = {"w2"}});
      hall.must(FinishService{.window = {"w2"}, .case_no = {}, .notice_slip_no = {}});
    }
    hall.pass(1);
    if (i % 50 == 0) {
      const Estimates* told = of_moment(estimator, hall);
      CHECK(told->at == hall.now);
      CHECK((told->of(id) != nullptr || hall.ticket(id).state != TicketState::waiting));
    }
  }
  // And may go while something is being played.
  estimator.look(hall.site, hall.state, hall.now);
}
