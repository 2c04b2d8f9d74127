#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "tests/hall/acts.hpp"

namespace complaints_tests {

// What users of other queue systems complain of, and what those systems do wrong: each is a test here that
// they would fail. The rows are those of the survey's list; the tests that stand elsewhere begin with
// `complaint N` too.
//
// - 1, a number given twice: below; app-lobby; e2e-crash, sixteen kiosks; state_dir, one process
// - 2, a band that ends or wraps: below
// - 3, a crash: app-lobby; e2e-crash, e2e-paper; journal, power cuts
// - 4, two calls in a moment: devices_window, drivers_window (the voice is another part of the house)
// - 6, paper: walks, printers; below, no number without paper
// - 7, noise on the line: drivers_window, 10,000 presses over a bad line
// - 8, a device that comes back: drivers_window, walks
// - 9, an error of the database: app-lobby; e2e-storage
// - 10, two who call at once: below; app-lobby
// - 11, starvation: below; test_lanes, the adversary that searches
// - 12, recall, hold, transfer: below; test_serving, test_lanes
// - 13, who may do what, and to whom: below; test_serving; app-lobby; api, roles
// - 14, waiting figures: below; app-lobby
// - 15, no internet: every test, none of them has any

using namespace lobby::hall;
using testing::an_open_hall;
using testing::call;
using testing::Hall;
using testing::issue;

namespace {

const WindowId w1{"w1"}, w2{"w2"};

FinishService finish(const WindowId& window) {
  return {.window = window, .outcome = Outcome::on_spot, .case_no = {}, .notice_slip_no = {}};
}

/// The calls that w1 makes before it comes to the ticket, while one more arrives before each; at most `most`.
int calls_until(Hall& hall, TicketId patient, int most, const std::function<void()>& arrive) {
  for (int calls = 1; calls <= most; ++calls) {
    arrive();
    hall.pass(20);
    if (call(hall) == patient) {
      return calls;
    }
  }
  return most + 1;
}

using Traits = std::tuple<TicketState, std::int64_t, std::int64_t, ServiceIx, WindowIx, Lane, std::uint16_t,
                          PrintState, std::uint32_t>;

std::map<std::uint64_t, Traits> all_tickets(const Hall& hall) {
  std::map<std::uint64_t, Traits> all;
  for (const Ticket& one : hall.state.tickets) {
    all[one.id.value] = {one.state, one.place_ms, one.ended_ms, one.service, one.window,
                         one.lane,  one.recalls,  one.print,    one.waited_s};
  }
  return all;
}

}  // namespace

TEST_CASE("complaint 1: numbers are counted, so after a cancellation one is given twice") {
  Hall hall = an_open_hall();
  std::set<std::string> numbers;
  const auto take = [&] { CHECK(numbers.insert(hall.number(hall.issue("social"))).second); };
  take();
  const TicketId second = hall.issue("social");
  numbers.insert(hall.number(second));
  take();
  hall.must(CancelTicket{second});
  take();
  hall.must(CallNext{.window = w1});
  hall.must(MarkNoShow{.window = w1, .reason = {}});
  take();
  hall.pass(-1200);  // a count "since half an hour ago" would begin again
  take();
  hall.site.services[0].first = 2;
  take();
}

TEST_CASE("complaint 2: a band that is used up wraps onto numbers that still wait") {
  Hall hall = an_open_hall();
  hall.site.services[0].last = 3;
  for (const char* number : {"A001", "A002", "A003"}) {
    CHECK(hall.number(hall.issue("social")) == number);
  }
  CHECK(hall.refused(testing::an_issue("social")) == "number_range_exhausted");
  // Nor onto one that is finished, cancelled or missed: somebody in the hall holds that paper.
  call(hall);
  hall.must(finish(w1));
  call(hall);
  hall.must(MarkNoShow{.window = w1, .reason = {}});
  hall.must(CancelTicket{{3}});
  CHECK(hall.refused(testing::an_issue("social")) == "number_range_exhausted");
  // Tomorrow begins anew.
  hall.now = testing::at("2026-11-24T09:30:00+08:00");
  hall.must(TurnDay{});
  CHECK(hall.number(hall.issue("social")) == "A001");
}

TEST_CASE("complaint 2: a band runs over into the numbers of another service") {
  Hall hall = an_open_hall();
  hall.site.services[0].last = 2;  // A 1 to 2
  hall.site.services[1].prefix = "A";
  hall.site.services[1].first = 3;
  hall.site.services[1].last = 4;
  CHECK(hall.number(hall.issue("tax")) == "A003");
  hall.issue("social");
  CHECK(hall.number(hall.issue("social")) == "A002");
  CHECK(hall.refused(testing::an_issue("social")) == "number_range_exhausted");
  CHECK(hall.number(hall.issue("tax")) == "A004");
  CHECK(hall.refused(testing::an_issue("tax")) == "number_range_exhausted");
}

TEST_CASE("complaint 3: a restart forgets priority, who is held, and what a window was doing") {
  Hall hall = an_open_hall();
  const auto held = hall.issue("social");
  call(hall);
  hall.must(HoldTicket{.window = w1, .kind = HoldKind::with_papers});
  const auto ordinary = hall.issue("social");
  const auto elderly = issue(hall, Lane::elderly);
  const auto called = hall.issue("tax");
  hall.must(CallTicket{.window = w2, .ticket = called});
  hall.must(RecallTicket{.window = w2});
  hall.must(PauseWindow{.window = w2, .reason = "meal", .message = "13:30", .back_at = {}});
  auto woken = decode(encode(hall.state));
  REQUIRE(woken.has_value());
  hall.state = *std::move(woken);

  CHECK(hall.ticket(held).hold == HoldKind::with_papers);
  CHECK(hall.window("w2").message == "13:30");
  hall.must(ResumeWindow{.window = w2});
  CHECK(hall.window("w2").ticket->id == called);
  CHECK(hall.state.find(called)->recalls == 1);
  CHECK(hall.refused(ResumeHeld{.window = w2, .ticket = held}) == "window_busy");
  CHECK(call(hall) == elderly);
  CHECK(call(hall) == ordinary);
  hall.must(finish(w1));
  hall.must(ResumeHeld{.window = w1, .ticket = held});
}

TEST_CASE("complaint 6: a number is given out and there is no paper") {
  Hall hall = an_open_hall();
  hall.connect("p1");
  hall.must(ReportDevice{{"p1"}, DeviceKind::printer, DeviceState::degraded, "paper out", true});
  CHECK(hall.refused(testing::an_issue("social", KioskId{"k1"})) == "printer_unavailable");
  hall.connect("p1");
  CHECK(hall.number(hall.issue("social", KioskId{"k1"})) == "A001");  // the refusal used none
}

TEST_CASE("complaint 10: two operators call at once and get the same ticket, or one loses a turn") {
  Hall hall = an_open_hall();
  const auto first = hall.issue("social");
  const auto second = hall.issue("social");
  CHECK(call(hall, w1) == first);
  CHECK(hall.refused(CallTicket{.window = w2, .ticket = first}) == "wrong_state");
  CHECK(call(hall, w2) == second);
  // Two clicks of one operator skip nobody either.
  hall.issue("social");
  CHECK(hall.refused(CallNext{.window = w1}) == "window_busy");
  CHECK(hall.window("w1").ticket->id == first);
}

TEST_CASE("complaint 11: while the green channel has people nobody else is called") {
  for (const Lane lane : {Lane::green, Lane::military, Lane::elderly}) {
    CAPTURE(to_text(lane));
    Hall hall = an_open_hall();
    const auto patient = issue(hall, Lane::ordinary);
    const int calls = calls_until(hall, patient, 500, [&] {
      issue(hall, lane);
      issue(hall, lane);
    });
    CHECK(calls <= 3);  // two of a round are preferred, the third is not
  }
}

TEST_CASE("complaint 11: a service with a high coefficient takes every turn of the window") {
  Hall hall = an_open_hall();
  hall.site.windows[0].services = {{"social"}, {"tax"}};
  hall.site.windows[0].profile = "heavy";
  hall.site.profiles = {{.id = "heavy",
                         .conditions = {},
                         .turns = {{.choice = {.services = {{"social"}}, .lanes = {}}, .calls = 9},
                                   {.choice = {.services = {{"tax"}}, .lanes = {}}, .calls = 1}}}};
  const auto patient = issue(hall, Lane::ordinary, "tax");
  const int calls = calls_until(hall, patient, 500, [&] { issue(hall, Lane::ordinary); });
  CHECK(calls <= 10);
}

TEST_CASE("complaint 11: a window's own kind of people first, and the others wait for ever") {
  Hall hall = an_open_hall();
  hall.site.windows[0].services = {{"social"}, {"tax"}};
  hall.site.windows[0].profile = "own-first";
  hall.site.profiles = {{.id = "own-first",
                         .conditions = {{.choice = {.services = {{"social"}}, .lanes = {}}, .waited_s = 0}},
                         .turns = {}}};
  const auto patient = issue(hall, Lane::ordinary, "tax");
  hall.pass(60);
  const int calls = calls_until(hall, patient, 500, [&] { issue(hall, Lane::ordinary); });
  // Half an hour at twenty seconds a call, and then before whoever came later.
  CHECK(calls <= 1800 / 20 + 1);
}

TEST_CASE("complaint 11: what the window should call first is configured, and the call ignores it") {
  Hall hall = an_open_hall();
  hall.site.windows = {testing::a_window("w1", 1, {{"social"}, {"tax"}}),
                       testing::a_window("w2", 2, {{"social"}, {"tax"}})};
  const auto first_of = [](const char* service) {
    return Profile{.id = service,
                   .conditions = {{.choice = {.services = {{service}}, .lanes = {}}, .waited_s = 0}},
                   .turns = {}};
  };
  hall.site.profiles = {first_of("social"), first_of("tax")};
  hall.site.windows[0].profile = "social";
  hall.site.windows[1].profile = "tax";
  const auto tax = hall.issue("tax");
  hall.pass(30);
  const auto social = hall.issue("social");
  hall.pass(30);
  CHECK(call(hall, w1) == social);  // though the other came first
  CHECK(call(hall, w2) == tax);
}

TEST_CASE("complaint 12: a ticket is called again and again without end") {
  Hall hall = an_open_hall();
  hall.site.rules = Rules{};
  const auto loud = hall.issue("social");
  call(hall);
  int recalls = 0;
  std::string refused;
  for (int second = 0; second < 3600 && refused != "recall_limit"; ++second) {
    hall.pass(1);
    refused = hall.refused(RecallTicket{.window = w1});
    if (refused.empty()) {
      hall.must(RecallTicket{.window = w1});
      ++recalls;
    }
  }
  CHECK(recalls == 5);
  CHECK(hall.ticket(loud).state == TicketState::called);  // and the clerk decides what becomes of it
  hall.must(MarkNoShow{.window = w1, .reason = {}});
}

TEST_CASE("complaint 12: a ticket is bound to a window when it is issued, and waits before a closed one") {
  Hall hall = an_open_hall();
  const auto first = hall.issue("social");
  const auto second = hall.issue("social");
  const auto third = hall.issue("social");
  CHECK(call(hall, w1) == first);
  hall.must(finish(w1));
  hall.must(CloseWindow{.window = w1});
  CHECK(call(hall, w2) == second);
  hall.open("w1");
  CHECK(call(hall, w1) == third);
}

TEST_CASE("complaint 13: one write touches every ticket") {
  Hall hall = an_open_hall();
  for (int i = 0; i < 40; ++i) {
    hall.issue(i % 3 == 0 ? "tax" : "social");
  }
  const auto touches_only = [&](TicketId id, const Command& command) {
    const auto before = all_tickets(hall);
    hall.must(command);
    const auto after = all_tickets(hall);
    REQUIRE(after.size() == before.size());
    std::set<std::uint64_t> changed;
    for (const auto& [ticket, traits] : after) {
      if (before.at(ticket) != traits) {
        changed.insert(ticket);
      }
    }
    CHECK(changed == std::set<std::uint64_t>{id.value});
  };
  const TicketId id{2};
  touches_only(id, CallTicket{.window = w1, .ticket = id});
  touches_only(id, RecallTicket{.window = w1});
  touches_only(id, HoldTicket{.window = w1});
  touches_only(id, ResumeHeld{.window = w1, .ticket = id});
  touches_only(id, MarkNoShow{.window = w1, .reason = {}});
  touches_only(id, ReinstateTicket{.ticket = id});
  touches_only(id, CallTicket{.window = w1, .ticket = id});
  touches_only(id, TransferTicket{.window = w1, .to_service = ServiceId{"tax"}, .place = QueuePlace::head});
  touches_only(id, CallTicket{.window = w2, .ticket = id});
  touches_only(id, StartService{.window = w2});
  touches_only(id, finish(w2));
  touches_only({5}, CancelTicket{{5}});
}

TEST_CASE("complaint 14: people ahead counts those who were served, called, missed and sent home") {
  Hall hall = an_open_hall();
  std::vector<TicketId> before;
  for (int i = 0; i < 6; ++i) {
    before.push_back(hall.issue("social"));
  }
  const auto mine = hall.issue("social");
  CHECK(hall.ticket(mine).ahead == 6);
  call(hall);  // at a window
  CHECK(hall.ticket(mine).ahead == 5);
  hall.must(finish(w1));
  CHECK(hall.ticket(mine).ahead == 5);
  call(hall);
  hall.must(MarkNoShow{.window = w1, .reason = {}});
  hall.must(CancelTicket{before[2]});
  CHECK(hall.ticket(mine).ahead == 3);
  call(hall);
  hall.must(HoldTicket{.window = w1});
  CHECK(hall.ticket(mine).ahead == 2);
  const auto next = hall.must(testing::an_issue("social"));
  CHECK(std::get<TicketIssued>(next.front().body).ahead == 3);  // what the paper says
  CHECK(hall_view(hall.site, hall.state, hall.now).services[0].waiting == 4);
}

TEST_CASE("complaint 14: a wait of more than an hour is reported without its hours") {
  Hall hall = an_open_hall();
  hall.issue("social");
  hall.pass(2 * 3600 + 5 * 60);
  call(hall);
  hall.must(StartService{.window = w1});
  hall.pass(3600 + 60);
  const auto body = std::get<ServiceFinished>(hall.must(finish(w1)).front().body);
  CHECK(body.waited_s == 7500U);
  CHECK(body.served_s == 3660U);
}

}  // namespace complaints_tests
