#include <doctest/doctest.h>

#include "tests/hall/a_hall.hpp"

namespace day_tests {

using namespace lobby::hall;
using testing::an_issue;
using testing::at;
using testing::Hall;
using testing::Types;
using testing::types;

TEST_CASE("the first day only opens") {
  Hall hall;
  CHECK(day_is_due(hall.state, hall.now));
  const auto events = hall.must(TurnDay{});
  REQUIRE(types(events) == Types{"DayOpened"});
  CHECK(to_text(std::get<DayOpened>(events[0].body).date) == "2026-11-23");
  CHECK(std::get<DayOpened>(events[0].body).next_ticket == TicketId{1});
  CHECK(!day_is_due(hall.state, hall.now));
  CHECK(hall.must(TurnDay{}).empty());
}

TEST_CASE("a turned day leaves nobody and no print without an end") {
  Hall hall;
  hall.open_day();
  hall.connect("p1");
  hall.open("w1");
  hall.open("w2");
  hall.must(PauseWindow{.window = {"w2"}, .reason = "r", .message = {}, .back_at = {}});
  const TicketId done = hall.issue("social");
  hall.must(CallNext{.window = {"w1"}});
  hall.must(FinishService{.window = {"w1"}, .outcome = {}, .case_no = {}, .notice_slip_no = {}});
  hall.issue("social");
  hall.must(CallNext{.window = {"w1"}});
  hall.must(MarkNoShow{.window = {"w1"}, .reason = {}});
  const TicketId called = hall.issue("social");
  hall.must(CallNext{.window = {"w1"}});
  const TicketId waiting = hall.issue("tax", KioskId{"k1"});
  const TicketId sending = hall.issue("tax", KioskId{"k1"});
  hall.must(StartPrint{.ticket = sending, .printer = {"p1"}});

  hall.now = at("2026-11-24T00:00:00+08:00");
  REQUIRE(day_is_due(hall.state, hall.now));
  CHECK(hall.refused(an_issue("social")) == "wrong_state");
  const auto events = hall.must(TurnDay{});
  CHECK(types(events) == Types{"TicketExpired", "TicketUnprinted", "TicketExpired", "TicketPrintUnknown",
                               "TicketExpired", "WindowClosed", "WindowClosed", "DayClosed", "DayOpened"});
  CHECK(std::get<TicketExpired>(events[0].body).ticket == called);
  CHECK(std::get<TicketExpired>(events[0].body).window == WindowId{"w1"});
  CHECK(std::get<TicketUnprinted>(events[1].body).ticket == waiting);
  CHECK(!std::get<TicketExpired>(events[2].body).window.has_value());
  CHECK(std::get<TicketPrintUnknown>(events[3].body).ticket == sending);
  const auto& figures = std::get<DayClosed>(events[7].body);
  CHECK(to_text(figures.date) == "2026-11-23");
  CHECK(figures.issued == 5);
  CHECK(figures.finished == 1);
  CHECK(figures.no_show == 1);
  CHECK(figures.expired == 3);
  CHECK(std::get<DayOpened>(events[8].body).next_ticket == TicketId{6});

  CHECK(hall.state.find(done) == nullptr);
  CHECK(hall.window("w1").state == WindowState::closed);
  const HallView view = hall_view(hall.site, hall.state, hall.now);
  CHECK(to_text(view.business_date) == "2026-11-24");
  CHECK(view.lately_called.empty());
  CHECK(view.services[0].issued == 0);
  CHECK(view.services[1].waiting == 0);
  hall.now = at("2026-11-24T09:00:00+08:00");
  const TicketId next = hall.issue("social", KioskId{"k1"});
  CHECK(next == TicketId{6});
  CHECK(hall.number(next) == "A001");
}

TEST_CASE("devices cross midnight, people do not") {
  Hall hall;
  hall.open_day();
  hall.connect("p1");
  hall.issue("social");
  const std::uint64_t before = hall.state.seq;
  hall.now = at("2026-11-26T08:00:00+08:00");
  hall.open_day();
  CHECK(hall.state.devices.size() == 1);
  CHECK(hall.state.find(DeviceId{"p1"})->since == at("2026-11-23T09:30:00+08:00"));
  CHECK(hall.state.seq > before);
  CHECK(hall.state.tickets.empty());
}

TEST_CASE(
    "complaint 1: numbers begin again in the middle of the day; here at the site's midnight, not "
    "Greenwich's") {
  Hall hall;
  hall.now = at("2026-11-23T16:59:00+08:00");
  hall.open_day();
  CHECK(!day_is_due(hall.state, at("2026-11-23T23:59:59.999+08:00")));
  CHECK(day_is_due(hall.state, at("2026-11-24T00:00:00+08:00")));
  CHECK(hall.refused(TurnDay{}) == "");
}

TEST_CASE("a clock that goes back keeps the day, the ids and the numbers") {
  Hall hall;
  hall.open_day();
  hall.open("w1");
  hall.issue("social");
  const Instant before = hall.now;
  hall.now = at("2026-11-20T10:00:00+08:00");
  CHECK(!day_is_due(hall.state, hall.now));
  CHECK(clock_is_behind(hall.state, hall.now));
  CHECK(hall.must(TurnDay{}).empty());
  const TicketId second = hall.issue("social");
  CHECK(hall.number(second) == "A002");
  CHECK(hall.ticket(second).issued_at == hall.now);
  CHECK(to_text(hall.state.date) == "2026-11-23");
  CHECK_MESSAGE(clock_is_behind(hall.state, hall.now),
                "what is recorded meanwhile does not make the clock right");
  const auto call = hall.must(CallNext{.window = {"w1"}});
  CHECK(call[0].at == hall.now);
  hall.now = before;
  CHECK(!clock_is_behind(hall.state, hall.now));
  CHECK(hall.number(hall.issue("social")) == "A003");
}

TEST_CASE("a small step back is no fault of the clock") {
  Hall hall;
  hall.open_day();
  CHECK(!clock_is_behind(hall.state, {hall.now.utc_ms - 120'000, 480}));
  CHECK(clock_is_behind(hall.state, {hall.now.utc_ms - 120'001, 480}));
  CHECK(!clock_is_behind(State{}, hall.now));
}

TEST_CASE("a clock behind the last event opens no day") {
  Hall hall;
  hall.open_day();
  hall.now = at("2026-11-24T00:10:00+08:00");
  hall.connect("p1");
  CHECK(!day_is_due(hall.state, at("2026-11-24T00:09:00+08:00")));
  CHECK(day_is_due(hall.state, at("2026-11-24T00:10:00+08:00")));
}

}  // namespace day_tests
