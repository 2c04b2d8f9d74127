#include <doctest/doctest.h>

#include "tests/hall/a_hall.hpp"

namespace windows_tests {

using namespace lobby::hall;
using testing::an_issue;
using testing::Hall;
using testing::Types;
using testing::types;

namespace {

const WindowId w1{"w1"};

/// Window w1 serves one, and two more people wait for it.
Hall hall_that_serves() {
  Hall hall;
  hall.open_day();
  hall.open("w1");
  hall.issue("social");
  hall.must(CallNext{.window = w1});
  hall.must(StartService{.window = w1});
  hall.issue("social");
  hall.issue("social");
  return hall;
}

}  // namespace

TEST_CASE("call-next takes who came first among the services of the window") {
  Hall hall;
  hall.open_day();
  hall.open("w1");
  hall.open("w2");
  const TicketId tax_1 = hall.issue("tax");
  const TicketId social_1 = hall.issue("social");
  const TicketId social_2 = hall.issue("social");
  const TicketId tax_2 = hall.issue("tax");
  hall.must(CallNext{.window = w1});
  CHECK(hall.window("w1").ticket->id == social_1);
  hall.must(CallNext{.window = {"w2"}});
  CHECK(hall.window("w2").ticket->id == tax_1);
  hall.must(CallNext{.window = {"w2"}, .finish_first = true});
  CHECK(hall.window("w2").ticket->id == social_2);
  CHECK(hall.ticket(tax_1).state == TicketState::finished);
  hall.must(CallNext{.window = {"w2"}, .finish_first = true});
  CHECK(hall.window("w2").ticket->id == tax_2);
  hall.must(MarkNoShow{.window = w1, .reason = "gone"});
  CHECK(hall.ticket(social_1).state == TicketState::no_show);
  CHECK(hall.refused(CallNext{.window = w1}) == "nothing_waiting");
}

TEST_CASE("a key that means next finishes the present citizen even when nobody waits") {
  Hall hall;
  hall.open_day();
  hall.open("w1");
  const TicketId only = hall.issue("social");
  hall.must(CallNext{.window = w1, .finish_first = true});
  hall.must(StartService{.window = w1});
  CHECK(types(hall.must(CallNext{.window = w1, .finish_first = true})) == Types{"ServiceFinished"});
  CHECK(hall.ticket(only).state == TicketState::finished);
  CHECK(hall.window("w1").state == WindowState::idle);
  CHECK(hall.refused(CallNext{.window = w1, .finish_first = true}) == "nothing_waiting");
}

TEST_CASE("finish and next are one decision, numbered in order") {
  Hall hall = hall_that_serves();
  const std::uint64_t before = hall.state.seq;
  const auto events = hall.must(CallNext{.window = w1, .finish_first = true});
  REQUIRE(types(events) == Types{"ServiceFinished", "TicketCalled"});
  CHECK(events[0].seq == before + 1);
  CHECK(events[1].seq == before + 2);
  CHECK(std::get<ServiceFinished>(events[0].body).outcome == Outcome::on_spot);
  CHECK(std::get<ServiceFinished>(events[0].body).number == "A001");
  CHECK(std::get<TicketCalled>(events[1].body).number == "A002");
  CHECK(events[1].by == "clerk-1");
}

TEST_CASE("a named call is for a ticket that waits for a service of the window") {
  Hall hall;
  hall.open_day();
  hall.open("w1");
  hall.open("w2");
  const TicketId first = hall.issue("social");
  const TicketId second = hall.issue("social");
  const TicketId tax = hall.issue("tax");
  CHECK(hall.refused(CallTicket{.window = w1, .ticket = {99}}) == "unknown_ticket");
  CHECK(hall.refused(CallTicket{.window = w1, .ticket = {0}}) == "unknown_ticket");
  CHECK(hall.refused(CallTicket{.window = w1, .ticket = tax}) == "not_served_here");
  hall.must(CallTicket{.window = w1, .ticket = second});
  CHECK(hall.ticket(first).ahead == 0);
  CHECK(hall.refused(CallTicket{.window = {"w2"}, .ticket = second}) == "wrong_state");
  hall.must(CancelTicket{first});
  CHECK(hall.refused(CallTicket{.window = {"w2"}, .ticket = first}) == "wrong_state");
  CHECK(hall.refused(CancelTicket{first}) == "wrong_state");
  CHECK(hall.refused(CancelTicket{second}) == "wrong_state");
  CHECK(hall.refused(CancelTicket{{99}}) == "unknown_ticket");
}

TEST_CASE("recalls count, and the latest call stands on top") {
  Hall hall;
  hall.open_day();
  hall.open("w1");
  hall.open("w2");
  const TicketId first = hall.issue("social");
  const TicketId second = hall.issue("social");
  hall.must(CallNext{.window = w1});
  hall.must(CallNext{.window = {"w2"}});
  CHECK(hall_view(hall.site, hall.state, hall.now).lately_called[0].ticket == second);
  hall.now.utc_ms += 30'000;
  hall.must(RecallTicket{.window = w1});
  const auto again = hall.must(RecallTicket{.window = w1});
  CHECK(std::get<TicketRecalled>(again[0].body).times == 2);
  CHECK(hall.state.find(w1)->call_seq == again[0].seq);
  const auto lately = hall_view(hall.site, hall.state, hall.now).lately_called;
  REQUIRE(lately.size() == 2);
  CHECK(lately[0].ticket == first);
  CHECK(lately[0].number == "A001");
  CHECK(lately[0].window_number == 1);
  CHECK(lately[0].at == hall.now);
  CHECK(lately[1].ticket == second);
}

TEST_CASE("a pause carries its message and ends where it began") {
  Hall hall = hall_that_serves();
  const Instant back = testing::at("2026-11-23T10:00:00+08:00");
  hall.must(PauseWindow{.window = w1, .reason = "lunch", .message = "十点回来", .back_at = back});
  CHECK(hall.window("w1").state == WindowState::paused);
  CHECK(hall.window("w1").message == "十点回来");
  CHECK(hall.window("w1").back_at == back);
  CHECK(hall.window("w1").ticket->number == "A001");
  hall.must(ResumeWindow{.window = w1});
  CHECK(hall.window("w1").state == WindowState::serving);
  CHECK(hall.window("w1").message.empty());
  CHECK(!hall.window("w1").back_at.has_value());
}

TEST_CASE("finish keeps what the clerk said") {
  Hall hall = hall_that_serves();
  const auto events = hall.must(FinishService{
      .window = w1, .outcome = Outcome::referred, .case_no = "510682-1", .notice_slip_no = "N-7"});
  const auto& body = std::get<ServiceFinished>(events[0].body);
  CHECK(body.outcome == Outcome::referred);
  CHECK(body.case_no == "510682-1");
  CHECK(body.notice_slip_no == "N-7");
  CHECK(body.window == w1);
  CHECK(hall.state.find(w1)->last_finished == body.ticket);
  CHECK(hall.state.find(w1)->call_seq == 0);
}

TEST_CASE("nothing opens without a day") {
  Hall hall;
  CHECK(hall.refused(OpenWindow{.window = w1, .clerk = {"c"}}) == "wrong_state");
  CHECK(hall.refused(an_issue("social")) == "wrong_state");
  CHECK(hall.refused(CallNext{.window = w1}) == "window_closed");
}

}  // namespace windows_tests
