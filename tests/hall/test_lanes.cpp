#include <algorithm>
#include <random>

#include "daemon/hall/lanes.hpp"
#include "tests/hall/a_hall.hpp"

namespace lanes_tests {

// Whom a window calls next, and that nobody is passed over for ever.

using namespace lobby::hall;
using testing::Hall;

namespace {

/// One window that serves two services, open from nine.
Hall a_window_of_two() {
  Hall hall;
  hall.site.windows = {testing::a_window("w1", 1, {{"social"}, {"tax"}}),
                       testing::a_window("w2", 2, {{"social"}, {"tax"}})};
  hall.open_day();
  hall.open("w1");
  return hall;
}

TicketId issue(Hall& hall, Lane lane, const std::string& service = "social") {
  IssueTicket command{.service = {service}, .lane = lane, .kiosk = {}, .language = {}};
  if (lane == Lane::green) {
    command.green_type = 1;
    command.granted_by = "chief";
  }
  if (lane == Lane::agent) {
    command.applicant = {hall.state.next_ticket.value};
  }
  return *ticket_of(hall.must(command).front());
}

TicketId call(Hall& hall, const std::string& window = "w1") {
  const auto events = hall.must(CallNext{.window = {window}, .finish_first = true});
  return *ticket_of(events.back());
}

}  // namespace

TEST_CASE("within a round two go from the preferred lanes and then one from the others") {
  Hall hall = a_window_of_two();
  std::vector<TicketId> ordinary, elderly;
  for (int i = 0; i < 3; ++i) {
    ordinary.push_back(issue(hall, Lane::ordinary));
  }
  for (int i = 0; i < 6; ++i) {
    elderly.push_back(issue(hall, Lane::elderly));
  }
  const std::vector<TicketId> wanted{elderly[0],  elderly[1], ordinary[0], elderly[2], elderly[3],
                                     ordinary[1], elderly[4], elderly[5],  ordinary[2]};
  for (const TicketId next : wanted) {
    CHECK(call(hall) == next);
  }
}

TEST_CASE("the site's order of lanes holds among the preferred, the order of arrival within one") {
  Hall hall = a_window_of_two();
  hall.site.lanes.preferred_calls = 9;
  const auto elderly = issue(hall, Lane::elderly);
  const auto military = issue(hall, Lane::military, "tax");
  const auto later = issue(hall, Lane::military);
  CHECK(call(hall) == military);
  CHECK(call(hall) == later);
  CHECK(call(hall) == elderly);
}

TEST_CASE("whoever has waited long enough goes before every newcomer, whatever their lane") {
  Hall hall = a_window_of_two();
  const auto patient = issue(hall, Lane::agent);
  hall.pass(1800);
  for (int i = 0; i < 5; ++i) {
    issue(hall, Lane::military);
  }
  CHECK(call(hall) == patient);
}

TEST_CASE("green and complaint go first when the site exempts them, and only then") {
  for (const bool exempt : {false, true}) {
    Hall hall = a_window_of_two();
    hall.site.services[1].kind = ServiceKind::complaint;
    hall.site.lanes.complaint_exempt = exempt;
    if (exempt) {
      hall.site.lanes.exempt = {Lane::green};
    }
    const auto patient = issue(hall, Lane::ordinary);
    hall.pass(1800);
    const auto complaint = issue(hall, Lane::ordinary, "tax");
    const auto green = issue(hall, Lane::green);
    CHECK(call(hall) == (exempt ? green : patient));
    CHECK(call(hall) == (exempt ? complaint : green));
    CHECK(call(hall) == (exempt ? patient : complaint));
  }
}

TEST_CASE("a profile's conditions come in order, then its turns, then whoever waits longest") {
  Hall hall = a_window_of_two();
  hall.site.profiles = {{.id = "p",
                         .conditions = {{.choice = {.services = {{"tax"}}, .lanes = {}}, .waited_s = 300}},
                         .turns = {{.choice = {.services = {{"social"}}, .lanes = {}}, .calls = 1}}}};
  hall.site.windows[0].profile = "p";
  const auto tax = issue(hall, Lane::ordinary, "tax");
  const auto social = issue(hall, Lane::ordinary);
  const auto more = issue(hall, Lane::ordinary);
  CHECK(call(hall) == social);
  hall.pass(301);
  CHECK(call(hall) == tax);
  CHECK(call(hall) == more);
}

TEST_CASE("complaint 12: a ticket that was sent away bounces to the window that sent it") {
  Hall hall = a_window_of_two();
  hall.open("w2");
  const auto sent = issue(hall, Lane::ordinary);
  call(hall);
  hall.must(TransferTicket{.window = {"w1"}, .to_service = ServiceId{"tax"}, .place = QueuePlace::head});
  CHECK(hall.refused(CallNext{.window = {"w1"}}) == "nothing_waiting");
  const auto other = issue(hall, Lane::ordinary, "tax");
  CHECK(call(hall) == other);
  CHECK(call(hall, "w2") == sent);

  // Where nobody else can have it, it is not left standing.
  hall.must(TransferTicket{.window = {"w2"}, .to_service = ServiceId{"social"}, .place = QueuePlace::tail});
  hall.must(FinishService{.window = {"w1"}, .case_no = {}, .notice_slip_no = {}});
  hall.must(CloseWindow{.window = {"w1"}});
  CHECK(call(hall, "w2") == sent);
}

TEST_CASE("a ticket for one window alone waits its turn there and is nobody else's") {
  Hall hall = a_window_of_two();
  hall.open("w2");
  const auto sent = issue(hall, Lane::ordinary);
  const auto second = issue(hall, Lane::ordinary);
  CHECK(call(hall) == sent);
  hall.must(TransferTicket{.window = {"w1"}, .to_window = WindowId{"w2"}, .place = QueuePlace::tail});
  CHECK(hall.ticket(sent).state == TicketState::waiting);
  CHECK(call(hall) == second);
  CHECK(hall.refused(CallNext{.window = {"w1"}, .finish_first = false}) == "window_busy");
  hall.must(FinishService{.window = {"w1"}, .case_no = {}, .notice_slip_no = {}});
  CHECK(hall.refused(CallNext{.window = {"w1"}}) == "nothing_waiting");
  CHECK(hall.refused(CallTicket{.window = {"w1"}, .ticket = sent}) == "not_served_here");
  CHECK(call(hall, "w2") == sent);
}

TEST_CASE("who waits for a window that closes goes back to the queue, where they stood") {
  Hall hall = a_window_of_two();
  hall.open("w2");
  const auto sent = issue(hall, Lane::ordinary);
  hall.pass(10);
  const auto second = issue(hall, Lane::ordinary);
  call(hall);
  hall.must(TransferTicket{.window = {"w1"}, .to_window = WindowId{"w2"}, .place = QueuePlace::keep});
  const auto events = hall.must(CloseWindow{.window = {"w2"}});
  CHECK(testing::types(events) == testing::Types{"TicketTransferred", "WindowClosed"});
  CHECK(hall.ticket(sent).ahead == 0);
  CHECK(call(hall) == sent);
  CHECK(call(hall) == second);
}

namespace {

/// What an adversary sends before each call of the one window: tickets of any lane and service.
struct Arrivals {
  std::vector<std::vector<std::pair<Lane, const char*>>> before_call;
};

/// How the victim fared: an ordinary ticket behind `others` that came earlier.
struct Fate {
  int calls = 0;            ///< until the victim's own, this one counted
  int calls_overdue = 0;    ///< of them, after it had waited long enough
  int earlier_overdue = 0;  ///< tickets with an earlier place that still waited then
};

constexpr int call_every_s = 60;

Fate suffer(const Arrivals& arrivals, int others, Lane victims_lane) {
  Hall hall = a_window_of_two();
  hall.site.lanes.anyone_after_s = 600;
  for (auto& service : hall.site.services) {
    service.last = 9999;
  }
  for (int i = 0; i < others; ++i) {
    issue(hall, static_cast<Lane>(i % 2 == 0 ? 0 : 3), i % 3 == 0 ? "tax" : "social");
  }
  const auto victim = issue(hall, victims_lane);
  Fate fate;
  bool overdue = false;
  for (const auto& some : arrivals.before_call) {
    for (const auto& [lane, service] : some) {
      issue(hall, lane, service);
    }
    const auto* ticket = hall.state.find(victim);
    if (!overdue && seconds_between(ticket->place_ms, hall.now.utc_ms) >= 600) {
      overdue = true;
      fate.earlier_overdue = static_cast<int>(
          std::count_if(hall.state.tickets.begin(), hall.state.tickets.end(), [&](const Ticket& one) {
            return one.state == TicketState::waiting && entry_of(one) < entry_of(*ticket);
          }));
    }
    ++fate.calls;
    fate.calls_overdue += overdue ? 1 : 0;
    if (call(hall) == victim) {
      return fate;
    }
    hall.pass(call_every_s);
  }
  fate.calls = -1;
  return fate;
}

Arrivals random_arrivals(std::mt19937& random, int calls) {
  static const char* services[] = {"social", "tax"};
  Arrivals arrivals;
  arrivals.before_call.resize(static_cast<std::size_t>(calls));
  for (auto& some : arrivals.before_call) {
    for (auto count = random() % 4; count != 0; --count) {
      const auto lane = static_cast<Lane>(random() % 10);
      const bool can_come = lane != Lane::appointment;
      some.emplace_back(can_come ? lane : Lane::military, services[random() % 2]);
    }
  }
  return arrivals;
}

}  // namespace

TEST_CASE("complaint 11: no order of arrivals starves a ticket, not even one that a search has found") {
  constexpr int calls = 60;
  std::mt19937 random(20261123);
  int worst = 0;
  for (const Lane lane : {Lane::ordinary, Lane::agent, Lane::pregnant}) {
    for (const int others : {0, 3, 9}) {
      Arrivals best = random_arrivals(random, calls);
      int most = 0;
      for (int round = 0; round < 120; ++round) {
        Arrivals tried = best;
        const Arrivals fresh = random_arrivals(random, calls);
        for (int change = 0; change < 6; ++change) {
          const auto at = random() % calls;
          tried.before_call[at] = fresh.before_call[at];
        }
        const Fate fate = suffer(tried, others, lane);
        REQUIRE(fate.calls > 0);
        // The promise, as --check prints it: so many calls, one for each earlier ticket, and its own.
        REQUIRE(fate.calls_overdue <= fate.earlier_overdue + 1);
        REQUIRE(fate.calls <= 600 / call_every_s + others + 2);
        if (fate.calls >= most) {
          most = fate.calls;
          best = tried;
        }
      }
      worst = std::max(worst, most);
      MESSAGE("a ticket behind " << others << " others is called after " << most << " calls at worst");
    }
  }
  // The search is worth its name: it passes a ticket over for as long as the rule lets it.
  CHECK(worst >= 600 / call_every_s);
}

}  // namespace lanes_tests
