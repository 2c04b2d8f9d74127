#include <map>

#include "tests/hall/a_hall.hpp"

namespace people_tests {

// People, appointments, quotas, the calendar and the end of the day.

using namespace lobby::hall;
using testing::an_open_hall;
using testing::at;
using testing::Hall;

namespace {

IssueTicket of(const char* service, std::uint64_t applicant) {
  return {
      .service = {service}, .lane = Lane::ordinary, .kiosk = {}, .language = {}, .applicant = {applicant}};
}

BookAppointment booking(const char* date, int minute, std::uint64_t applicant, const char* code) {
  return {.service = {"social"},
          .date = *parse_date(date),
          .minute = minute,
          .applicant = {applicant},
          .code = code};
}

IssueTicket with_code(const char* code) {
  IssueTicket command = testing::an_issue("social");
  command.appointment = code;
  return command;
}

}  // namespace

TEST_CASE("one open ticket per person and service, and another when it has ended") {
  Hall hall = an_open_hall();
  hall.site.services[0].one_per_person = true;
  CHECK(hall.refused(of("social", 0)) == "bad_request");
  hall.must(of("social", 7));
  CHECK(hall.refused(of("social", 7)) == "already_has_ticket");
  hall.must(of("tax", 7));
  hall.must(of("social", 8));
  hall.must(CallNext{.window = {"w1"}});
  CHECK(hall.refused(of("social", 7)) == "already_has_ticket");
  hall.must(FinishService{.window = {"w1"}, .case_no = {}, .notice_slip_no = {}});
  hall.must(of("social", 7));
}

TEST_CASE("an agent holds so many tickets and no more") {
  Hall hall = an_open_hall();
  hall.site.services[0].one_per_person = true;
  hall.site.rules.agent_limit = 2;
  auto command = of("social", 9);
  command.lane = Lane::agent;
  hall.must(command);
  hall.must(command);
  CHECK(hall.refused(command) == "already_has_ticket");
}

TEST_CASE("whom the hall blocks gets nothing until the day is over") {
  Hall hall = an_open_hall();
  hall.must(BlockApplicant{.applicant = {5}, .until = *parse_date("2026-11-24")});
  CHECK(hall.refused(of("social", 5)) == "forbidden");
  hall.must(of("social", 6));
  hall.now = at("2026-11-24T09:30:00+08:00");
  hall.must(TurnDay{});
  CHECK(hall.refused(of("social", 5)) == "forbidden");
  hall.now = at("2026-11-25T09:30:00+08:00");
  hall.must(TurnDay{});
  hall.must(of("social", 5));
  CHECK(hall.state.blocks.empty());
}

TEST_CASE("quotas of a day and of a slot refuse by name; a complaint knows none") {
  Hall hall = an_open_hall();
  hall.site.services[0].quota_slot = 2;
  hall.site.services[0].quota_slot_min = 60;
  hall.site.services[0].quota_day = 3;
  hall.issue("social");
  hall.issue("social");
  CHECK(hall.refused(testing::an_issue("social")) == "quota_reached");
  hall.now = at("2026-11-23T10:00:00+08:00");
  hall.issue("social");
  CHECK(hall.refused(testing::an_issue("social")) == "quota_reached");
  hall.site.services[0].kind = ServiceKind::complaint;
  hall.issue("social");
}

TEST_CASE("the last ticket is taken some minutes before the hour") {
  Hall hall = an_open_hall();
  hall.site.services[0].last_issue_before_min = 30;
  hall.now = at("2026-11-23T11:29:59+08:00");
  hall.issue("social");
  hall.now = at("2026-11-23T11:30:00+08:00");
  CHECK(hall.refused(testing::an_issue("social")) == "service_closed");
}

TEST_CASE("a holiday is closed, a make-up Saturday is a Monday, extended hours are further hours") {
  // From the notice for 2026: off February 15 to 23, work on Saturday February 14 and on Saturday
  // February 28.
  Site site = testing::a_site();
  site.calendar = Calendar({{*parse_date("2026-02-14"), false}, {*parse_date("2026-02-16"), true}});
  const Service& service = site.services[0];
  Service late = service;
  late.extended[0] = {{18 * 60, 19 * 60}};
  site.services[0].hours[5] = {};
  CHECK(is_open(site, service, at("2026-02-14T10:00:00+08:00")));
  CHECK(!is_open(site, service, at("2026-02-21T10:00:00+08:00")));  // an ordinary Saturday without hours
  CHECK(!is_open(site, service, at("2026-02-16T10:00:00+08:00")));  // a Monday
  CHECK(is_open(site, service, at("2026-02-09T10:00:00+08:00")));
  CHECK(!is_open(site, late, at("2026-02-16T18:30:00+08:00")));
  CHECK(is_open(site, late, at("2026-02-09T18:30:00+08:00")));
  // Hours that touch are one: the last ticket is not refused in the middle.
  late.extended[0] = {{12 * 60, 13 * 60 + 30}};
  late.last_issue_before_min = 15;
  CHECK(is_open(site, late, at("2026-02-09T11:50:00+08:00")));
  CHECK(!is_open(site, late, at("2026-02-09T16:50:00+08:00")));
  CHECK(next_opening(site, service, at("2026-02-16T08:00:00+08:00")) == -1);
}

TEST_CASE("a slot holds so many, and a person books one a day") {
  Hall hall = an_open_hall();
  hall.site.services[0].slots = {.hours = {{9 * 60, 12 * 60}}, .every_min = 30, .capacity = 2};
  hall.must(booking("2026-11-24", 9 * 60, 1, "11111111"));
  CHECK(hall.refused(booking("2026-11-24", 10 * 60, 1, "22222222")) == "already_has_ticket");
  hall.must(booking("2026-11-24", 9 * 60, 2, "22222222"));
  CHECK(hall.refused(booking("2026-11-24", 9 * 60, 3, "33333333")) == "quota_reached");
  CHECK(hall.refused(booking("2026-11-24", 9 * 60 + 10, 3, "33333333")) == "bad_request");
  CHECK(hall.refused(booking("2026-12-24", 9 * 60, 3, "33333333")) == "bad_request");
  CHECK(hall.refused(booking("2026-11-23", 9 * 60, 3, "33333333")) == "service_closed");
  hall.must(CancelAppointment{{2}});
  hall.must(booking("2026-11-24", 9 * 60, 3, "33333333"));
}

TEST_CASE("no two appointments share a code, whatever was drawn for them") {
  Hall hall = an_open_hall();
  hall.site.services[0].slots = {.hours = {{9 * 60, 12 * 60}}, .every_min = 30, .capacity = 20};
  std::map<std::string, AppointmentId> codes;
  const auto book = [&](const char* drawn) {
    const auto body =
        std::get<AppointmentBooked>(hall.must(booking("2026-11-24", 9 * 60, 0, drawn)).front().body);
    CHECK(body.code.size() == std::string(drawn).size());
    CHECK_MESSAGE(codes.emplace(body.code, body.id).second, body.code);
  };
  for (int i = 0; i < 3; ++i) {
    book("99999999");
  }
  book("00000000");
  book("00000001");
  CHECK(hall.refused(booking("2026-11-24", 9 * 60, 0, "99 apples")) == "bad_request");
  for (int i = 0; i < 10; ++i) {
    book("7");
  }
  CHECK(hall.refused(booking("2026-11-24", 9 * 60, 0, "7")) == "quota_reached");
  // Each opens its own door: the second person's code is not spent by the first one's.
  hall.now = at("2026-11-24T09:00:00+08:00");
  hall.must(TurnDay{});
  for (const auto& [code, id] : codes) {
    CHECK(std::get<TicketIssued>(hall.must(with_code(code.c_str())).front().body).appointment == id);
    CHECK(hall.refused(with_code(code.c_str())) == "wrong_state");
  }
}

TEST_CASE("an appointment crosses midnight, is used once, in its time, and stands where its slot begins") {
  Hall hall = an_open_hall();
  hall.site.services[0].slots = {.hours = {{9 * 60, 12 * 60}}, .every_min = 30, .capacity = 2};
  hall.must(booking("2026-11-24", 10 * 60, 1, "11111111"));
  hall.must(booking("2026-11-24", 9 * 60 + 30, 2, "22222222"));
  hall.now = at("2026-11-24T09:00:00+08:00");
  hall.must(TurnDay{});
  hall.open("w1");
  CHECK(hall.refused(with_code("11111111")) == "wrong_state");  // an hour early
  CHECK(hall.refused(with_code("00000000")) == "not_found");
  hall.now = at("2026-11-24T09:40:00+08:00");
  const auto early = *ticket_of(hall.must(with_code("11111111")).front());
  CHECK(hall.ticket(early).lane == Lane::appointment);
  CHECK(hall.refused(with_code("11111111")) == "wrong_state");
  // Half past nine comes before ten, though it checked in later.
  hall.now = at("2026-11-24T09:45:00+08:00");
  const auto on_time = *ticket_of(hall.must(with_code("22222222")).front());
  CHECK(*ticket_of(hall.must(CallNext{.window = {"w1"}}).back()) == on_time);
}

TEST_CASE("who is late for an appointment queues as everybody, or is refused where the site says so") {
  for (const bool ordinary : {true, false}) {
    Hall hall = an_open_hall();
    hall.site.services[0].slots = {.hours = {{9 * 60, 12 * 60}}, .every_min = 30, .capacity = 2};
    hall.site.rules.late_is_ordinary = ordinary;
    hall.must(booking("2026-11-23", 10 * 60, 1, "11111111"));
    hall.now = at("2026-11-23T10:16:00+08:00");
    if (ordinary) {
      CHECK(hall.ticket(*ticket_of(hall.must(with_code("11111111")).front())).lane == Lane::ordinary);
    } else {
      CHECK(hall.refused(with_code("11111111")) == "wrong_state");
    }
  }
}

TEST_CASE("the slip of a notice lets its bearer go first on another day, once") {
  Hall hall = an_open_hall();
  hall.issue("social");
  hall.must(CallNext{.window = {"w1"}});
  hall.must(
      FinishService{.window = {"w1"}, .outcome = Outcome::notified, .case_no = {}, .notice_slip_no = "N-17"});
  hall.now = at("2026-11-25T09:30:00+08:00");
  hall.must(TurnDay{});
  hall.open("w1");
  hall.issue("social");
  hall.now.utc_ms += 60'000;
  auto command = testing::an_issue("social");
  command.notice_slip_no = "N-17";
  const auto back = *ticket_of(hall.must(command).front());
  CHECK(hall.refused(command) == "not_found");
  CHECK(*ticket_of(hall.must(CallNext{.window = {"w1"}}).back()) == back);
}

TEST_CASE("at the hour of expiry who waits is sent home, who is served is not") {
  Hall hall = an_open_hall();
  hall.site.rules.expire_at_min = 17 * 60 + 30;
  const auto served = hall.issue("social");
  const auto waits = hall.issue("tax");
  hall.must(CallNext{.window = {"w1"}});
  hall.must(StartService{.window = {"w1"}});
  CHECK(!expiry_is_due(hall.state, hall.site, hall.now));
  hall.now = at("2026-11-23T17:30:00+08:00");
  CHECK(expiry_is_due(hall.state, hall.site, hall.now));
  const auto events = hall.must(ExpireDay{});
  CHECK(testing::types(events) == testing::Types{"TicketExpired", "WindowClosed", "DayClosed"});
  CHECK(hall.ticket(waits).state == TicketState::expired);
  CHECK(hall.ticket(served).state == TicketState::serving);
  CHECK(!expiry_is_due(hall.state, hall.site, hall.now));
  CHECK(hall.refused(OpenWindow{.window = {"w2"}, .clerk = {"c"}}) == "wrong_state");
  hall.must(FinishService{.window = {"w1"}, .case_no = {}, .notice_slip_no = {}});
  hall.now = at("2026-11-24T09:30:00+08:00");
  CHECK(testing::types(hall.must(TurnDay{})) == testing::Types{"WindowClosed", "DayOpened"});
}

TEST_CASE("a tenant's queue is shown and is not ours") {
  Hall hall = an_open_hall();
  hall.site.services[1].kind = ServiceKind::tenant;
  CHECK(hall.refused(testing::an_issue("tax")) == "not_served_here");
  hall.must(ReportTenant{.service = {"tax"}, .waiting = 12, .called = "X031", .at_window = "3"});
  CHECK(
      hall.must(ReportTenant{.service = {"tax"}, .waiting = 12, .called = "X031", .at_window = "3"}).empty());
  const auto view = hall_view(hall.site, hall.state, hall.now);
  CHECK(view.services[1].waiting == 12);
  CHECK(view.services[1].tenant_called == "X031");
  CHECK(hall.refused(CallNext{.window = {"w2"}}) == "nothing_waiting");
  CHECK(hall.refused(ReportTenant{.service = {"social"}, .waiting = 1, .called = {}, .at_window = {}}) ==
        "bad_request");
}

}  // namespace people_tests
