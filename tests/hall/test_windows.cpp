#include <doctest/doctest.h>

#include <map>

#include "tests/hall/a_hall.hpp"

using namespace lobby::hall;
using testing::an_issue;
using testing::Hall;
using testing::Types;
using testing::types;

namespace {

const WindowId w1{"w1"};

/// A hall whose window w1 is in the named state and where two more people wait for it.
Hall hall_with(const std::string& state) {
  Hall hall;
  hall.open_day();
  hall.issue("social");
  if (state == "closed") {
    hall.issue("social");
    hall.issue("social");
    return hall;
  }
  hall.open("w1");
  const bool with_called = state.ends_with("called");
  const bool with_serving = state.ends_with("serving");
  if (with_called || with_serving) {
    hall.must(CallNext{.window = w1});
  }
  if (with_serving) {
    hall.must(StartService{.window = w1});
  }
  if (state.starts_with("paused")) {
    hall.must(PauseWindow{.window = w1, .reason = "lunch", .message = "午休", .back_at = {}});
  }
  hall.issue("social");
  hall.issue("social");
  return hall;
}

Command command_of(const std::string& name) {
  const std::map<std::string, Command> commands{
      {"call-next", CallNext{.window = w1}},
      {"key-next", CallNext{.window = w1, .finish_first = true}},
      {"call", CallTicket{.window = w1, .ticket = {3}}},
      {"recall", RecallTicket{.window = w1}},
      {"start", StartService{.window = w1}},
      {"finish",
       FinishService{.window = w1, .outcome = Outcome::on_spot, .case_no = {}, .notice_slip_no = {}}},
      {"no-show", MarkNoShow{.window = w1, .reason = {}}},
      {"pause", PauseWindow{.window = w1, .reason = "break", .message = {}, .back_at = {}}},
      {"resume", ResumeWindow{.window = w1}},
      {"open", OpenWindow{.window = w1, .clerk = {"c-2"}}},
      {"close", CloseWindow{.window = w1}}};
  return commands.at(name);
}

const std::vector<std::string> calls{"call-next", "key-next", "call",   "recall", "start", "finish",
                                     "no-show",   "pause",    "resume", "open",   "close"};

/// The window table: per state, for each of `calls` the state that follows, or the refusal.
const std::map<std::string, std::vector<std::string>> table{
    {"closed",
     {"!window_closed", "!window_closed", "!window_closed", "!window_closed", "!window_closed",
      "!window_closed", "!window_closed", "!window_closed", "!window_closed", "idle", "!window_closed"}},
    {"idle",
     {"called", "called", "called", "!no_ticket_at_window", "!no_ticket_at_window", "!no_ticket_at_window",
      "!no_ticket_at_window", "paused", "!wrong_state", "!wrong_state", "closed"}},
    {"called",
     {"!window_busy", "called", "!window_busy", "called", "serving", "idle", "idle", "paused", "!wrong_state",
      "!wrong_state", "!window_busy"}},
    {"serving",
     {"!window_busy", "called", "!window_busy", "!wrong_state", "!wrong_state", "idle", "!wrong_state",
      "paused", "!wrong_state", "!wrong_state", "!window_busy"}},
    {"paused-idle",
     {"!wrong_state", "!wrong_state", "!wrong_state", "!wrong_state", "!wrong_state", "!wrong_state",
      "!wrong_state", "!wrong_state", "idle", "!wrong_state", "closed"}},
    {"paused-called",
     {"!window_busy", "!window_busy", "!window_busy", "!wrong_state", "!wrong_state", "!wrong_state",
      "!wrong_state", "!wrong_state", "called", "!wrong_state", "!window_busy"}},
    {"paused-serving",
     {"!window_busy", "!window_busy", "!window_busy", "!wrong_state", "!wrong_state", "!wrong_state",
      "!wrong_state", "!wrong_state", "serving", "!wrong_state", "!window_busy"}},
};

}  // namespace

TEST_CASE("the window table, every state and every call") {
  for (const auto& [state, row] : table) {
    REQUIRE(row.size() == calls.size());
    for (std::size_t i = 0; i < calls.size(); ++i) {
      CAPTURE(state);
      CAPTURE(calls[i]);
      Hall hall = hall_with(state);
      const std::string before = encode(hall.state);
      if (row[i].starts_with('!')) {
        CHECK("!" + hall.refused(command_of(calls[i])) == row[i]);
        CHECK(encode(hall.state) == before);
      } else {
        hall.must(command_of(calls[i]));
        CHECK(to_text(hall.window("w1").state) == row[i]);
      }
      Hall elsewhere = hall_with(state);
      elsewhere.site.windows.erase(elsewhere.site.windows.begin());
      CHECK(elsewhere.refused(command_of(calls[i])) == "unknown_window");
    }
  }
}

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
  Hall hall = hall_with("serving");
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
  Hall hall = hall_with("serving");
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
  Hall hall = hall_with("serving");
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
