// Corners of a day in which people were once stuck, starved or counted wrong.
#include "daemon/hall/lanes.hpp"
#include "tests/hall/acts.hpp"

namespace edges_tests {

using namespace lobby::hall;
using testing::an_open_hall;
using testing::at;
using testing::call;
using testing::Hall;
using testing::issue;

namespace {

const WindowId w1{"w1"}, w2{"w2"};

void finish(Hall& hall, const WindowId& window = w1, Outcome outcome = Outcome::on_spot,
            const std::string& slip = "") {
  hall.must(FinishService{.window = window, .outcome = outcome, .case_no = {}, .notice_slip_no = slip});
}

/// One window for one service; nobody else can help.
Hall one_window() {
  Hall hall;
  hall.site.windows.resize(1);
  hall.open_day();
  hall.open("w1");
  return hall;
}

ServiceFinished finished_in(const std::vector<Event>& events) {
  return std::get<ServiceFinished>(events.front().body);
}

}  // namespace

TEST_CASE("whoever is held and gone can be ended, and another window helps when theirs is shut") {
  Hall hall = an_open_hall();
  hall.site.services[0].one_per_person = true;
  auto command = testing::an_issue("social");
  command.applicant = {42};
  const auto id = *ticket_of(hall.must(command).front());
  call(hall);
  hall.must(HoldTicket{.window = w1, .kind = HoldKind::with_papers});
  CHECK(hall.refused(ResumeHeld{.window = w2, .ticket = id}) == "not_served_here");
  hall.must(CloseWindow{.window = w1});
  hall.must(ResumeHeld{.window = w2, .ticket = id});
  CHECK(hall.ticket(id).state == TicketState::called);
  hall.must(HoldTicket{.window = w2, .kind = HoldKind::with_papers});
  CHECK(hall.refused(command) == "already_has_ticket");
  hall.must(CancelTicket{.ticket = id});
  CHECK(hall.ticket(id).state == TicketState::cancelled);
  hall.must(command);
}

TEST_CASE("a ticket at a window that is no longer in the site can be ended") {
  Hall hall = an_open_hall();
  const auto id = issue(hall);
  call(hall, w2);
  CHECK(hall.refused(CancelTicket{.ticket = id}) == "wrong_state");
  hall.site.windows.pop_back();
  hall.must(CancelTicket{.ticket = id});
  CHECK(hall.ticket(id).state == TicketState::cancelled);
}

TEST_CASE("who waits for a window that is paused is called elsewhere when it has been long enough") {
  Hall hall = an_open_hall();
  const auto id = issue(hall);
  hall.must(CallTicket{.window = w2, .ticket = id});
  hall.must(TransferTicket{.window = w2, .to_window = w1, .place = QueuePlace::tail});
  CHECK(hall.refused(CallTicket{.window = w2, .ticket = id}) == "not_served_here");
  hall.must(PauseWindow{.window = w1, .reason = "meal", .message = "", .back_at = {}});
  CHECK(hall.refused(CallNext{.window = w2}) == "nothing_waiting");
  SUBCASE("by a clerk who names it, at once") {
    hall.must(CallTicket{.window = w2, .ticket = id});
  }
  SUBCASE("by itself, when it is overdue") {
    hall.pass(static_cast<int>(hall.site.lanes.anyone_after_s));
    CHECK(call(hall, w2) == id);
  }
}

TEST_CASE("a window that was shut for a while gets those back who waited for it") {
  Hall hall = an_open_hall();
  const auto id = issue(hall);
  hall.must(CallTicket{.window = w2, .ticket = id});
  hall.must(TransferTicket{.window = w2, .to_window = w1, .place = QueuePlace::tail});
  hall.must(CloseWindow{.window = w1});
  hall.open("w1");
  CHECK(call(hall) == id);
}

TEST_CASE("after the day has ended nobody is sent to a queue that nobody calls") {
  Hall hall;
  hall.site.rules.expire_at_min = 17 * 60;
  hall.site.services.push_back(testing::a_service("chain", "C", 1, 99));
  hall.site.services.back().steps = {{"social"}, {"tax"}};
  hall.now = at("2026-11-23T16:30:00+08:00");
  hall.open_day();
  hall.open("w1");
  hall.open("w2");
  const auto id = issue(hall, Lane::ordinary, "chain");
  const auto other = issue(hall);
  hall.must(CallTicket{.window = w1, .ticket = id});
  hall.must(CallTicket{.window = w2, .ticket = other});
  hall.now = at("2026-11-23T17:05:00+08:00");
  hall.must(ExpireDay{});
  CHECK(hall.refused(TransferTicket{.window = w2, .to_service = ServiceId{"tax"}}) == "wrong_state");
  finish(hall);
  CHECK(hall.ticket(id).state == TicketState::finished);
  finish(hall, w2);
  CHECK(hall.ticket(other).state == TicketState::finished);
}

TEST_CASE("whoever is overdue is not passed by slips, by the head of the line or by who comes back") {
  Hall hall = one_window();
  hall.site.lanes.anyone_after_s = 600;
  hall.site.services.push_back(testing::a_service("tax", "B", 1, 999));
  hall.site.windows[0].services.push_back({"tax"});
  // Slips for a whole hour, written before.
  for (int i = 0; i < 12; ++i) {
    issue(hall);
    call(hall);
    finish(hall, w1, Outcome::notified, "S" + std::to_string(i));
  }
  const auto patient = issue(hall);
  int passed = 0;
  TicketId called{};
  for (int i = 0; i < 12 && called != patient; ++i) {
    hall.pass(300);
    auto slip = testing::an_issue("social");
    slip.notice_slip_no = "S" + std::to_string(i);
    hall.must(slip);
    called = call(hall);
    passed += called == patient ? 0 : 1;
  }
  CHECK(called == patient);
  CHECK(passed <= 600 / 300);
}

TEST_CASE("a lane goes along to the window that a ticket is sent to, and its head is the head") {
  Hall hall = an_open_hall();
  hall.site.lanes.exempt = {Lane::green};
  const auto send = [&](TicketId id, QueuePlace place) {
    hall.must(CallTicket{.window = w1, .ticket = id});
    hall.must(TransferTicket{.window = w1, .to_window = w2, .place = place});
  };
  std::vector<TicketId> crowd;
  for (int i = 0; i < 20; ++i) {
    crowd.push_back(issue(hall));
    hall.pass(1);
  }
  SUBCASE("exempt") {
    const auto id = issue(hall, Lane::green);
    send(id, QueuePlace::tail);
    CHECK(call(hall, w2) == id);
  }
  SUBCASE("preferred") {
    const auto id = issue(hall, Lane::elderly);
    send(id, QueuePlace::tail);
    CHECK(call(hall, w2) == id);
  }
  SUBCASE("head of the ordinary ones") {
    const auto id = issue(hall);
    send(id, QueuePlace::head);
    CHECK(call(hall, w2) == id);
  }
  SUBCASE("tail of the ordinary ones") {
    const auto id = issue(hall);
    send(id, QueuePlace::tail);
    CHECK(call(hall, w2) == crowd.front());
  }
}

TEST_CASE("an appointment that is early does not go before those who wait") {
  Hall hall = one_window();
  hall.site.services[0].slots = {.hours = {{9 * 60, 12 * 60}}, .every_min = 10, .capacity = 2};
  hall.must(BookAppointment{.service = {"social"},
                            .date = local_date(hall.now),
                            .minute = 9 * 60 + 50,
                            .applicant = {7},
                            .code = "123456"});
  const auto first = issue(hall);
  const auto second = issue(hall);
  hall.now = at("2026-11-23T09:44:00+08:00");
  auto checks_in = testing::an_issue("social");
  checks_in.appointment = "123456";
  const auto booked = *ticket_of(hall.must(checks_in).front());
  CHECK(call(hall) == first);
  SUBCASE("the slot has not begun") {
    CHECK(call(hall) == second);
    CHECK(call(hall) == booked);  // nobody else: why wait
  }
  SUBCASE("the slot has begun") {
    hall.now = at("2026-11-23T09:50:00+08:00");
    CHECK(call(hall) == booked);
  }
}

TEST_CASE("who missed a call and took another ticket does not get the first one back beside it") {
  Hall hall = one_window();
  hall.site.services[0].one_per_person = true;
  auto command = testing::an_issue("social");
  command.applicant = {42};
  const auto missed = *ticket_of(hall.must(command).front());
  call(hall);
  hall.must(MarkNoShow{.window = w1, .reason = ""});
  const auto second = *ticket_of(hall.must(command).front());
  CHECK(hall.refused(ReinstateTicket{.ticket = missed}) == "already_has_ticket");
  hall.must(CancelTicket{.ticket = second});
  hall.must(ReinstateTicket{.ticket = missed});
}

TEST_CASE("who booked gets a ticket although the quota is used up and the last minutes have come") {
  Hall hall = one_window();
  Service& service = hall.site.services[0];
  service.slots = {.hours = {{9 * 60, 12 * 60}}, .every_min = 30, .capacity = 2};
  service.quota_day = 2;
  service.last_issue_before_min = 45;
  hall.must(BookAppointment{.service = {"social"},
                            .date = local_date(hall.now),
                            .minute = 11 * 60 + 30,
                            .applicant = {7},
                            .code = "123456"});
  issue(hall);
  issue(hall);
  CHECK(hall.refused(testing::an_issue("social")) == "quota_reached");
  hall.now = at("2026-11-23T11:30:00+08:00");
  CHECK(hall.refused(testing::an_issue("social")) == "service_closed");
  auto checks_in = testing::an_issue("social");
  checks_in.appointment = "123456";
  CHECK(hall.must(checks_in).size() == 1);
}

TEST_CASE("a slip is of one service and good for one return") {
  Hall hall = an_open_hall();
  const auto with_slip = [](const char* service) {
    auto command = testing::an_issue(service);
    command.notice_slip_no = "12";
    return command;
  };
  issue(hall);
  call(hall);
  finish(hall, w1, Outcome::notified, "12");
  const auto tax = issue(hall, Lane::ordinary, "tax");
  call(hall, w2);
  finish(hall, w2, Outcome::notified, "12");
  hall.must(with_slip("social"));
  CHECK(hall.refused(with_slip("social")) == "not_found");
  SUBCASE("the other one's still holds") {
    hall.must(with_slip("tax"));
  }
  SUBCASE("who comes back on the old ticket has used it") {
    hall.must(ReinstateTicket{.ticket = tax});
    CHECK(hall.refused(with_slip("tax")) == "not_found");
  }
}

TEST_CASE("a clock that is set back lets nobody in before those who wait") {
  Hall hall = one_window();
  const auto first = issue(hall);
  hall.now.utc_ms -= 3 * 3'600'000;
  hall.site.services[0].hours[0] = {{0, 24 * 60}};
  auto agent = testing::an_issue("social");
  agent.lane = Lane::agent;
  agent.applicant = {9};
  const auto newcomer = *ticket_of(hall.must(agent).front());
  CHECK(call(hall) == first);
  CHECK(call(hall) == newcomer);
}

TEST_CASE("a service that nobody started began with the call") {
  Hall hall = one_window();
  issue(hall);
  call(hall);
  hall.pass(600);
  const auto body = finished_in(hall.must(FinishService{.window = w1, .case_no = {}, .notice_slip_no = {}}));
  CHECK(body.served_s == 600);
}

TEST_CASE("one forgotten ticket does not double every wait that is told") {
  Hall hall = one_window();
  const auto serve = [&](int seconds) {
    issue(hall);
    call(hall);
    hall.pass(seconds);
    finish(hall);
  };
  for (int i = 0; i < 12; ++i) {
    serve(300);
  }
  serve(90 * 60);
  CHECK(hall.state.find(ServiceId{"social"})->stay.mean_ms < 400'000);
}

TEST_CASE("the figures of a day add up: tickets, not steps, and not who had none") {
  Hall hall;
  hall.site.services.push_back(testing::a_service("chain", "C", 1, 99));
  hall.site.services.back().steps = {{"social"}, {"tax"}};
  hall.open_day();
  hall.open("w1");
  hall.open("w2");
  issue(hall, Lane::ordinary, "chain");
  call(hall);
  finish(hall);
  call(hall, w2);
  finish(hall, w2);
  hall.must(StartService{.window = w1, .service = ServiceId{"social"}});
  finish(hall);
  hall.now = at("2026-11-24T08:00:00+08:00");
  const auto events = hall.must(TurnDay{});
  for (const Event& event : events) {
    if (const auto* closed = std::get_if<DayClosed>(&event.body)) {
      CHECK(closed->issued == 1);
      CHECK(closed->finished == 1);
    }
  }
}

TEST_CASE("a package in any order begins where the wait is short, and goes on at the same window") {
  Hall hall = an_open_hall();
  hall.site.services.push_back(testing::a_service("tour", "T", 1, 99));
  hall.site.services.back().steps = {{"social"}, {"tax"}};
  hall.site.services.back().steps_in_any_order = true;
  for (int i = 0; i < 30; ++i) {
    issue(hall);
  }
  const auto id = issue(hall, Lane::ordinary, "tour");
  CHECK(hall.ticket(id).service == ServiceId{"tax"});
  CHECK(hall.ticket(id).ahead == 0);
  hall.must(CallTicket{.window = w2, .ticket = id});
  finish(hall, w2);
  CHECK(hall.ticket(id).service == ServiceId{"social"});
  // It has its first place still: w2 serves both, and is not asked to send the person away.
  hall.must(CallTicket{.window = w2, .ticket = id});
}

}  // namespace edges_tests
