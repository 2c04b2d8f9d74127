#include <doctest/doctest.h>

#include "tests/hall/a_hall.hpp"

namespace view_tests {

using namespace lobby::hall;
using testing::at;
using testing::Hall;

TEST_CASE("the hall before anything happened is the site, closed") {
  const Hall hall;
  const HallView view = hall_view(hall.site, hall.state, at("2026-11-23T08:00:00+08:00"));
  CHECK(view.name == "示范县政务服务中心");
  CHECK(!view.open);
  REQUIRE(view.services.size() == 2);
  CHECK(view.services[0].opens_at == 9 * 60);
  CHECK(view.services[0].limit == 999);
  CHECK(view.services[0].waiting == 0);
  REQUIRE(view.windows.size() == 2);
  CHECK(view.windows[1].state == WindowState::closed);
  CHECK(view.windows[1].services == std::vector<ServiceId>{{"tax"}, {"social"}});
  CHECK(!view.windows[1].ticket.has_value());
}

TEST_CASE("services say whether they are open, and when again today") {
  const Hall hall;
  const auto service = [&](const char* time) {
    return hall_view(hall.site, hall.state, at(time)).services[0];
  };
  CHECK(service("2026-11-23T09:00:00+08:00").open);
  CHECK(!service("2026-11-23T09:00:00+08:00").opens_at.has_value());
  CHECK(service("2026-11-23T12:30:00+08:00").opens_at == 13 * 60 + 30);
  CHECK(!service("2026-11-23T18:00:00+08:00").open);
  CHECK(!service("2026-11-23T18:00:00+08:00").opens_at.has_value());
}

TEST_CASE("the hall is open while one service is") {
  Hall hall;
  hall.site.services[0].hours = {};
  CHECK(hall_view(hall.site, hall.state, hall.now).open);
  hall.site.services[1].hours = {};
  CHECK(!hall_view(hall.site, hall.state, hall.now).open);
}

TEST_CASE("people ahead are those before it in its own queue, now") {
  Hall hall;
  hall.open_day();
  hall.open("w1");
  const TicketId a = hall.issue("social");
  const TicketId other = hall.issue("tax");
  const TicketId b = hall.issue("social");
  const TicketId c = hall.issue("social");
  CHECK(hall.ticket(a).ahead == 0);
  CHECK(hall.ticket(other).ahead == 0);
  CHECK(hall.ticket(b).ahead == 1);
  CHECK(hall.ticket(c).ahead == 2);
  hall.must(CancelTicket{b});
  CHECK(hall.ticket(c).ahead == 1);
  CHECK(hall.ticket(b).ahead == 0);
  hall.must(CallNext{.window = {"w1"}});
  CHECK(hall.ticket(c).ahead == 0);
  CHECK(hall.ticket(a).window == WindowId{"w1"});
  CHECK(!hall.ticket(c).window.has_value());
  const HallView view = hall_view(hall.site, hall.state, hall.now);
  CHECK(view.services[0].waiting == 1);
  CHECK(view.services[0].issued == 3);
  CHECK(view.windows[0].ticket->number == "A001");
  CHECK(view.windows[0].ticket->service == ServiceId{"social"});
  CHECK(view.windows[0].clerk == ClerkId{"c-w1"});
  CHECK(view.seq == hall.state.seq);
}

TEST_CASE("the last twenty calls are kept, newest first") {
  Hall hall;
  hall.open_day();
  hall.open("w1");
  for (int i = 0; i < 25; ++i) {
    hall.issue("social");
    hall.must(CallNext{.window = {"w1"}, .finish_first = true});
  }
  const auto lately = hall_view(hall.site, hall.state, hall.now).lately_called;
  REQUIRE(lately.size() == 20);
  CHECK(lately.front().number == "A025");
  CHECK(lately.back().number == "A006");
}

TEST_CASE("a window or service that left the site leaves the views standing") {
  Hall hall;
  hall.open_day();
  hall.open("w1");
  const TicketId id = hall.issue("social");
  hall.must(CallNext{.window = {"w1"}});
  hall.site.windows.erase(hall.site.windows.begin());
  hall.site.services.erase(hall.site.services.begin());
  const HallView view = hall_view(hall.site, hall.state, hall.now);
  CHECK(view.windows.size() == 1);
  REQUIRE(view.lately_called.size() == 1);
  CHECK(view.lately_called[0].window_number == 0);
  CHECK(hall.number(id) == "A001");
  hall.now = at("2026-11-24T09:00:00+08:00");
  hall.open_day();
  CHECK(hall.state.tickets.empty());
}

}  // namespace view_tests
