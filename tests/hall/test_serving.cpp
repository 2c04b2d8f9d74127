#include "tests/hall/a_hall.hpp"

namespace serving_tests {

// What happens at a window beyond calling and finishing.

using namespace lobby::hall;
using testing::an_open_hall;
using testing::at;
using testing::Hall;

namespace {

TicketId called_at_w1(Hall& hall) {
  const auto id = hall.issue("social");
  hall.must(CallTicket{.window = {"w1"}, .ticket = id});
  return id;
}

FinishService finish(const char* window, Outcome outcome = Outcome::on_spot) {
  return {.window = {window}, .outcome = outcome, .case_no = {}, .notice_slip_no = {}};
}

}  // namespace

TEST_CASE("complaint 12: a second hold strands the first; here each comes back where it may") {
  Hall hall = an_open_hall();
  const auto away = called_at_w1(hall);
  hall.must(HoldTicket{.window = {"w1"}, .kind = HoldKind::away});
  const auto papers = called_at_w1(hall);
  hall.must(HoldTicket{.window = {"w1"}, .kind = HoldKind::with_papers});
  const auto seal = called_at_w1(hall);
  hall.must(HoldTicket{.window = {"w1"}, .kind = HoldKind::waiting});
  CHECK(hall.window("w1").state == WindowState::idle);
  CHECK(hall.refused(ResumeHeld{.window = {"w2"}, .ticket = papers}) == "not_served_here");
  CHECK(hall.refused(ResumeHeld{.window = {"w2"}, .ticket = seal}) == "not_served_here");
  hall.must(ResumeHeld{.window = {"w2"}, .ticket = away});
  hall.must(ResumeHeld{.window = {"w1"}, .ticket = papers});
  CHECK(hall.window("w2").ticket->id == away);
  CHECK(hall.window("w1").ticket->id == papers);
  hall.must(finish("w1"));
  hall.must(ResumeHeld{.window = {"w1"}, .ticket = seal});
  CHECK(hall.refused(ResumeHeld{.window = {"w2"}, .ticket = seal}) == "window_busy");
}

TEST_CASE("hang time is no service time") {
  Hall hall = an_open_hall();
  hall.pass(1);
  called_at_w1(hall);
  hall.must(StartService{.window = {"w1"}});
  hall.pass(60);
  const auto id = hall.window("w1").ticket->id;
  hall.must(HoldTicket{.window = {"w1"}, .kind = HoldKind::away});
  hall.pass(3600);
  hall.must(ResumeHeld{.window = {"w1"}, .ticket = id});
  hall.pass(10);
  hall.must(StartService{.window = {"w1"}});
  hall.pass(30);
  const auto events = hall.must(finish("w1"));
  const auto& body = std::get<ServiceFinished>(events.front().body);
  CHECK(body.served_s == 90);
  CHECK(body.waited_s == 0);
  CHECK(body.clerk == ClerkId{"c-w1"});
}

TEST_CASE("complaint 12: priority is lost by a transfer; here it survives, and keep keeps the place") {
  Hall hall = an_open_hall();
  auto command = testing::an_issue("social");
  command.lane = Lane::elderly;
  const auto moved = *ticket_of(hall.must(command).front());
  hall.pass(30);
  auto other = testing::an_issue("tax");
  other.lane = Lane::elderly;
  const auto first = *ticket_of(hall.must(other).front());
  hall.must(CallTicket{.window = {"w1"}, .ticket = moved});
  hall.must(TransferTicket{.window = {"w1"}, .to_service = ServiceId{"tax"}, .place = QueuePlace::keep});
  CHECK(hall.ticket(moved).lane == Lane::elderly);
  CHECK(hall.ticket(moved).ahead == 0);
  CHECK(hall.ticket(first).ahead == 1);
  CHECK(hall.ticket(moved).number == "A001");
}

TEST_CASE("head and tail are the ends of the other queue") {
  for (const auto place : {QueuePlace::head, QueuePlace::tail}) {
    Hall hall = an_open_hall();
    const auto moved = called_at_w1(hall);
    hall.pass(1);
    const auto a = hall.issue("tax");
    hall.pass(1);
    const auto b = hall.issue("tax");
    hall.must(TransferTicket{.window = {"w1"}, .to_service = ServiceId{"tax"}, .place = place});
    CHECK(hall.ticket(moved).ahead == (place == QueuePlace::head ? 0 : 2));
    CHECK(hall.ticket(a).ahead == (place == QueuePlace::head ? 1 : 0));
    CHECK(hall.ticket(b).ahead == (place == QueuePlace::head ? 2 : 1));
  }
}

TEST_CASE("where a ticket may not go is said by name") {
  Hall hall = an_open_hall();
  called_at_w1(hall);
  const auto refused = [&](std::optional<ServiceId> service, std::optional<WindowId> window) {
    return hall.refused(TransferTicket{.window = {"w1"}, .to_service = service, .to_window = window});
  };
  CHECK(refused({}, {}) == "bad_request");
  CHECK(refused(ServiceId{"tax"}, WindowId{"w2"}) == "bad_request");
  CHECK(refused(ServiceId{"nowhere"}, {}) == "unknown_service");
  CHECK(refused({}, WindowId{"nowhere"}) == "unknown_window");
  CHECK(refused(ServiceId{"social"}, {}) == "wrong_state");
  hall.site.services.push_back(testing::a_service("package", "P", 1, 9));
  hall.site.services.back().steps = {{"social"}, {"tax"}};
  CHECK(refused(ServiceId{"package"}, {}) == "not_served_here");  // nobody would ever call it there
  CHECK(refused({}, WindowId{"w1"}) == "wrong_state");
  hall.must(CloseWindow{.window = {"w2"}});
  CHECK(refused({}, WindowId{"w2"}) == "window_closed");
}

TEST_CASE("recalls have a least interval and a limit; a new call begins to count again") {
  Hall hall = an_open_hall();
  hall.site.rules.recall_least_s = 5;
  hall.site.rules.recall_limit = 2;
  const auto id = called_at_w1(hall);
  CHECK(hall.refused(RecallTicket{.window = {"w1"}}) == "recall_too_soon");
  hall.pass(5);
  hall.must(RecallTicket{.window = {"w1"}});
  CHECK(hall.refused(RecallTicket{.window = {"w1"}}) == "recall_too_soon");
  hall.pass(5);
  hall.must(RecallTicket{.window = {"w1"}});
  hall.pass(5);
  CHECK(hall.refused(RecallTicket{.window = {"w1"}}) == "recall_limit");
  // A clock that was set back puts nobody off.
  hall.must(HoldTicket{.window = {"w1"}});
  hall.must(ResumeHeld{.window = {"w1"}, .ticket = id});
  hall.pass(-3600);
  hall.must(RecallTicket{.window = {"w1"}});
}

TEST_CASE("complaint 12: who was missed has lost everything, or haunts the queue; here there is a rule") {
  Hall hall = an_open_hall();
  const auto missed = called_at_w1(hall);
  hall.must(MarkNoShow{.window = {"w1"}, .reason = {}});
  hall.issue("social");
  hall.must(ReinstateTicket{.ticket = missed});
  CHECK(hall.ticket(missed).ahead == 0);
  hall.must(CallNext{.window = {"w1"}});
  CHECK(hall.window("w1").ticket->id == missed);
  hall.must(MarkNoShow{.window = {"w1"}, .reason = {}});
  CHECK(hall.refused(ReinstateTicket{.ticket = missed}) == "wrong_state");

  const auto late = hall.issue("social");
  hall.must(CallTicket{.window = {"w1"}, .ticket = late});
  hall.must(MarkNoShow{.window = {"w1"}, .reason = {}});
  hall.pass(3601);
  CHECK(hall.refused(ReinstateTicket{.ticket = late}) == "wrong_state");
}

TEST_CASE("somebody without a ticket is served and counted, and the window is busy meanwhile") {
  Hall hall = an_open_hall();
  CHECK(hall.refused(StartService{.window = {"w1"}, .service = ServiceId{"tax"}}) == "not_served_here");
  const auto events = hall.must(StartService{.window = {"w1"}, .service = ServiceId{"social"}});
  CHECK(!ticket_of(events.front()).has_value());
  CHECK(hall.window("w1").state == WindowState::serving);
  CHECK(hall.window("w1").walk_in == ServiceId{"social"});
  CHECK(hall.refused(CallNext{.window = {"w1"}}) == "window_busy");
  CHECK(hall.refused(CloseWindow{.window = {"w1"}}) == "window_busy");
  CHECK(hall.refused(HoldTicket{.window = {"w1"}}) == "no_ticket_at_window");
  hall.pass(75);
  const auto body = std::get<ServiceFinished>(hall.must(finish("w1")).front().body);
  CHECK(body.served_s == 75);
  CHECK(hall.window("w1").state == WindowState::idle);
  hall.must(RateService{.window = {"w1"}, .score = Score::good, .via = RatedVia::keypad});
}

TEST_CASE("complaint 13: one service is rated twice; here once, and by nobody when nobody was served") {
  Hall hall = an_open_hall();
  const RateService rate{.window = {"w1"}, .score = Score::very_poor, .via = RatedVia::qr};
  CHECK(hall.refused(rate) == "no_ticket_at_window");
  const auto id = called_at_w1(hall);
  CHECK(hall.refused(rate) == "no_ticket_at_window");
  hall.must(finish("w1"));
  const auto events = hall.must(rate);
  CHECK(ticket_of(events.front()) == id);
  CHECK(std::get<ServiceRated>(events.front().body).clerk == ClerkId{"c-w1"});
  CHECK(hall.refused(rate) == "already_rated");
  called_at_w1(hall);
  hall.must(finish("w1"));
  hall.must(rate);
}

TEST_CASE("the backup clerk goes on with whatever stands at the window") {
  Hall hall = an_open_hall();
  hall.site.windows[0].backups = {{"second"}};
  const auto id = called_at_w1(hall);
  CHECK(hall.refused(TakeOverWindow{.window = {"w1"}, .clerk = {"third"}}) == "forbidden");
  CHECK(hall.refused(TakeOverWindow{.window = {"w1"}, .clerk = {"c-w1"}}) == "wrong_state");
  hall.must(TakeOverWindow{.window = {"w1"}, .clerk = {"second"}});
  CHECK(hall.window("w1").clerk == ClerkId{"second"});
  CHECK(hall.window("w1").ticket->id == id);
  hall.must(finish("w1"));
  hall.must(CloseWindow{.window = {"w1"}});
  CHECK(hall.refused(TakeOverWindow{.window = {"w1"}, .clerk = {"c-w1"}}) == "window_closed");
}

TEST_CASE("one ticket goes through several windows and keeps its place") {
  Hall hall = an_open_hall();
  hall.site.services.push_back(testing::a_service("package", "P", 1, 9));
  hall.site.services.back().steps = {{"social"}, {"tax"}};
  const auto id = hall.issue("package");
  CHECK(hall.number(id) == "P001");
  CHECK(hall.ticket(id).service == ServiceId{"social"});
  hall.pass(60);
  const auto later = hall.issue("tax");
  hall.must(CallNext{.window = {"w1"}});
  CHECK(testing::types(hall.must(finish("w1"))) == testing::Types{"ServiceFinished", "TicketTransferred"});
  CHECK(hall.ticket(id).state == TicketState::waiting);
  CHECK(hall.ticket(id).ahead == 0);
  CHECK(hall.ticket(later).ahead == 1);
  hall.must(CallNext{.window = {"w2"}});
  CHECK(hall.window("w2").ticket->id == id);
  CHECK(testing::types(hall.must(finish("w2"))) == testing::Types{"ServiceFinished"});
  CHECK(hall.ticket(id).state == TicketState::finished);
}

TEST_CASE("where the order is free, the next step is the one with the shorter wait") {
  Hall hall = an_open_hall();
  for (const char* id : {"start", "full", "quiet"}) {
    hall.site.services.push_back(testing::a_service(id, "S", 100, 999));
    hall.site.windows[0].services.push_back({id});
    hall.site.windows[1].services.push_back({id});
  }
  hall.site.services.push_back(testing::a_service("package", "P", 1, 9));
  hall.site.services.back().steps = {{"start"}, {"full"}, {"quiet"}};
  hall.site.services.back().steps_in_any_order = true;
  hall.issue("full");
  hall.issue("full");
  const auto id = hall.issue("package");
  hall.must(CallTicket{.window = {"w1"}, .ticket = id});
  hall.must(finish("w1"));
  CHECK(hall.ticket(id).service == ServiceId{"quiet"});
}

TEST_CASE("a joint matter is handled at joint windows of its category and nowhere else") {
  Hall hall = an_open_hall();
  hall.site.services[0].kind = ServiceKind::joint;
  hall.site.services[0].joint_category = "build";
  hall.site.windows[1].joint_categories = {"build"};
  const auto id = hall.issue("social");
  CHECK(hall.refused(CallTicket{.window = {"w1"}, .ticket = id}) == "joint_only");
  CHECK(hall.refused(CallNext{.window = {"w1"}}) == "nothing_waiting");
  CHECK(hall.refused(StartService{.window = {"w1"}, .service = ServiceId{"social"}}) == "joint_only");
  hall.must(CallNext{.window = {"w2"}});
  CHECK(hall.window("w2").ticket->id == id);
}

TEST_CASE("a licence is collected by the end of its case's number") {
  Hall hall = an_open_hall();
  CHECK(hall.refused(CollectLicence{.window = {"w1"}, .case_tail = "0123"}) == "not_served_here");
  hall.site.services[0].kind = ServiceKind::collect;
  const auto events = hall.must(CollectLicence{.window = {"w1"}, .case_tail = "0123"});
  CHECK(testing::types(events) == testing::Types{"TicketIssued", "TicketCalled"});
  CHECK(std::get<TicketIssued>(events[0].body).case_tail == "0123");
  CHECK(hall.window("w1").state == WindowState::called);
}

TEST_CASE("the green lane has a type and somebody who answers for it") {
  Hall hall = an_open_hall();
  auto command = testing::an_issue("social");
  command.lane = Lane::green;
  CHECK(hall.refused(command) == "bad_request");
  command.green_type = 3;
  CHECK(hall.refused(command) == "bad_request");
  command.granted_by = "chief";
  const auto events = hall.must(command);
  CHECK(std::get<TicketIssued>(events[0].body).green_type == 3U);
  CHECK(std::get<TicketIssued>(events[0].body).granted_by == "chief");
  auto plain = testing::an_issue("social");
  plain.green_type = 1;
  CHECK(hall.refused(plain) == "bad_request");
}

}  // namespace serving_tests
