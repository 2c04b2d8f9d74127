#include "tests/hall/a_hall.hpp"

namespace estimate_tests {

using namespace lobby::hall;
using testing::at;
using testing::Hall;

namespace {

/// Whoever is served takes five minutes, says the site; w1 serves `social`, w2 both.
Hall a_known_hall() {
  Hall hall = testing::an_open_hall();
  for (Service& service : hall.site.services) {
    service.typical_s = 300;
  }
  return hall;
}

TicketId issue(Hall& hall, const char* service, Lane lane = Lane::ordinary) {
  return *ticket_of(
      hall.must(IssueTicket{.service = {service}, .lane = lane, .kiosk = {}, .language = "zh"})[0]);
}

Estimates estimates(const Hall& hall) {
  return play(look(hall.site, hall.state, hall.now));
}

std::optional<std::uint32_t> wait_of(const Hall& hall, TicketId id) {
  const Estimates all = estimates(hall);
  return ticket_view(hall.site, hall.state, *hall.state.find(id), &all).estimate_s;
}

std::optional<std::uint32_t> wait_now(const Hall& hall, std::size_t service) {
  const Estimates all = estimates(hall);
  return hall_view(hall.site, hall.state, hall.now, &all).services[service].estimate_s;
}

/// Five calls of the service that kept the window for `seconds` each.
void measure(Hall& hall, const char* window, const char* service, int seconds) {
  for (int i = 0; i < 5; ++i) {
    issue(hall, service);
    hall.must(CallNext{.window = {window}});
    hall.must(StartService{.window = {window}});
    hall.pass(seconds);
    hall.must(FinishService{.window = {window}, .case_no = {}, .notice_slip_no = {}});
  }
}

}  // namespace

TEST_CASE("whoever comes to an idle window does not wait") {
  Hall hall = a_known_hall();
  hall.pass(60);
  CHECK(wait_now(hall, 0) == 0);
  const auto id = issue(hall, "social");
  const Estimates all = estimates(hall);
  const auto view = ticket_view(hall.site, hall.state, *hall.state.find(id), &all);
  CHECK(view.estimate_s == 0);
  CHECK((view.expected_window == WindowId{"w1"} || view.expected_window == WindowId{"w2"}));
}

TEST_CASE("windows that a service shares with another are not its own") {
  Hall hall = a_known_hall();
  hall.pass(60);
  // Both windows are free: two are called at once, and then one every five minutes at each.
  std::vector<TicketId> line;
  for (int i = 0; i < 6; ++i) {
    line.push_back(issue(hall, "social"));
  }
  const auto alone = wait_of(hall, line.back());
  REQUIRE(alone.has_value());
  CHECK(*alone >= 2 * 300);
  CHECK(*alone <= 2 * 320);
  // Of eight for `tax`, who came before, w2 serves every one: then the six have w1 almost to themselves.
  Hall busy = a_known_hall();
  busy.pass(60);
  for (int i = 0; i < 8; ++i) {
    issue(busy, "tax");
  }
  TicketId last;
  for (int i = 0; i < 6; ++i) {
    last = issue(busy, "social");
  }
  const auto shared = wait_of(busy, last);
  REQUIRE(shared.has_value());
  CHECK(*shared >= 5 * 300);
  CHECK(*shared <= 5 * 320);
}

TEST_CASE("a wait is told by lane") {
  Hall hall = a_known_hall();
  hall.must(CloseWindow{.window = {"w2"}});
  hall.pass(60);
  for (int i = 0; i < 10; ++i) {
    issue(hall, "social");
  }
  const Estimates all = estimates(hall);
  const auto& newcomers = all.newcomers[0];
  const auto ordinary = newcomers[static_cast<std::size_t>(Lane::ordinary)];
  const auto elderly = newcomers[static_cast<std::size_t>(Lane::elderly)];
  REQUIRE((ordinary && elderly));
  CHECK(*elderly == 0);
  CHECK(*ordinary >= 10 * 300);
  // And it is what a ticket taken in that lane is told, before anything was computed anew.
  const auto id = issue(hall, "social", Lane::elderly);
  CHECK(ticket_view(hall.site, hall.state, *hall.state.find(id), &all).estimate_s == elderly);
}

TEST_CASE("what is measured replaces what the site says") {
  Hall hall = a_known_hall();
  hall.now = at("2026-11-23T09:00:00+08:00");
  hall.must(CloseWindow{.window = {"w2"}});
  measure(hall, "w1", "social", 700);
  measure(hall, "w1", "social", 700);
  for (int i = 0; i < 3; ++i) {
    issue(hall, "social");
  }
  const auto wait = wait_now(hall, 0);
  REQUIRE(wait.has_value());
  CHECK(*wait >= 3 * 550);
  CHECK(*wait <= 3 * 750);
}

TEST_CASE("no wait is told that nobody can know") {
  SUBCASE("no window that serves it is open") {
    Hall hall = a_known_hall();
    hall.must(CloseWindow{.window = {"w2"}});
    const auto id = issue(hall, "tax");
    CHECK(!wait_of(hall, id).has_value());
    CHECK(!wait_now(hall, 1).has_value());
    CHECK(wait_now(hall, 0).has_value());
  }
  SUBCASE("the only one is paused and nobody knows for how long") {
    Hall hall = a_known_hall();
    hall.must(PauseWindow{.window = {"w2"}, .reason = "meeting", .message = "", .back_at = {}});
    const auto id = issue(hall, "tax");
    CHECK(!wait_of(hall, id).has_value());
  }
  SUBCASE("nothing was measured, and the site says nothing") {
    Hall hall = testing::an_open_hall();
    hall.must(CloseWindow{.window = {"w2"}});
    hall.pass(60);
    const auto first = issue(hall, "social");
    const auto second = issue(hall, "social");
    CHECK(wait_of(hall, first) == 0);
    CHECK(!wait_of(hall, second).has_value());
    Hall later = testing::an_open_hall();
    later.must(CloseWindow{.window = {"w2"}});
    measure(later, "w1", "social", 200);
    issue(later, "social");
    CHECK(wait_of(later, issue(later, "social")).has_value());
  }
  SUBCASE("the service is closed") {
    Hall hall = a_known_hall();
    hall.now = at("2026-11-23T12:30:00+08:00");
    CHECK(!wait_now(hall, 0).has_value());
  }
  SUBCASE("the clerk left in the middle of the morning and is not coming back") {
    Hall hall = a_known_hall();
    hall.must(CloseWindow{.window = {"w2"}});
    issue(hall, "social");
    hall.must(CallNext{.window = {"w1"}});
    const auto id = issue(hall, "social");
    CHECK(wait_of(hall, id).has_value());
    hall.pass(2 * 3600);
    CHECK(!wait_of(hall, id).has_value());
  }
}

TEST_CASE("a window that is paused is waited for when it said when it is back") {
  Hall hall = a_known_hall();
  Instant back = hall.now;
  back.utc_ms += 1'200'000;
  hall.must(PauseWindow{.window = {"w2"}, .reason = "meeting", .message = "", .back_at = back});
  const auto id = issue(hall, "tax");
  const auto wait = wait_of(hall, id);
  REQUIRE(wait.has_value());
  CHECK(*wait >= 1200);
  CHECK(*wait <= 1260);
}

TEST_CASE("who booked for later goes before who waits now") {
  Hall hall = a_known_hall();
  hall.must(CloseWindow{.window = {"w2"}});
  hall.site.services[0].slots = {.hours = {{9 * 60, 12 * 60}}, .every_min = 10, .capacity = 3};
  const auto book = [&](std::uint64_t person, const char* code) {
    hall.must(BookAppointment{.service = {"social"},
                              .date = local_date(hall.now),
                              .minute = 9 * 60 + 40,
                              .applicant = {person},
                              .code = code});
  };
  for (int i = 0; i < 3; ++i) {
    issue(hall, "social");
  }
  const auto without = wait_now(hall, 0);
  book(7, "100001");
  book(8, "100002");
  const auto with = wait_now(hall, 0);
  REQUIRE((without && with));
  CHECK(*with >= *without + 2 * 300);
}

TEST_CASE("one who overtakes in the first minute is not taken for one every minute") {
  Hall hall = a_known_hall();
  hall.must(CloseWindow{.window = {"w2"}});
  for (int i = 0; i < 3; ++i) {
    issue(hall, "social");
  }
  issue(hall, "social", Lane::elderly);
  hall.pass(20);
  const auto wait = wait_now(hall, 0);
  REQUIRE(wait.has_value());
  CHECK(*wait >= 4 * 300);
  CHECK(*wait <= 5 * 320);
}

TEST_CASE("what waits for one window alone is told that window's wait") {
  Hall hall = a_known_hall();
  const auto id = issue(hall, "social");
  hall.must(CallTicket{.window = {"w2"}, .ticket = id});
  hall.pass(300);
  issue(hall, "social");
  hall.must(CallNext{.window = {"w1"}});
  hall.must(TransferTicket{.window = {"w2"}, .to_window = WindowId{"w1"}, .place = QueuePlace::tail});
  const Estimates all = estimates(hall);
  const auto view = ticket_view(hall.site, hall.state, *hall.state.find(id), &all);
  CHECK(view.expected_window == WindowId{"w1"});
  REQUIRE(view.estimate_s.has_value());
  CHECK(*view.estimate_s >= 300);
  CHECK(*view.estimate_s <= 320);
}

TEST_CASE("a morning begins with what yesterday has taught") {
  Hall hall = testing::an_open_hall();
  hall.now = at("2026-11-23T09:00:00+08:00");
  hall.must(CloseWindow{.window = {"w2"}});
  measure(hall, "w1", "social", 480);
  hall.now = at("2026-11-24T09:00:00+08:00");
  hall.open_day();
  hall.open("w1");
  hall.pass(60);
  for (int i = 0; i < 3; ++i) {
    issue(hall, "social");
  }
  const auto wait = wait_now(hall, 0);
  REQUIRE(wait.has_value());
  CHECK(*wait >= 3 * 460);
  CHECK(*wait <= 3 * 520);
  // And yesterday's mean gives way to today's.
  measure(hall, "w1", "social", 120);
  const auto later = wait_now(hall, 0);
  REQUIRE(later.has_value());
  CHECK(*later < *wait);
}

TEST_CASE("an old estimate is none") {
  Hall hall = a_known_hall();
  const Estimates all = estimates(hall);
  Instant now = hall.now;
  CHECK(all.is_fresh(now));
  now.utc_ms += 2000;
  CHECK(all.is_fresh(now));
  now.utc_ms += 1;
  CHECK(!all.is_fresh(now));
  now.utc_ms = hall.now.utc_ms - 1;  // the clock was set back
  CHECK(!all.is_fresh(now));
  CHECK(!Estimates{}.is_fresh(now));
}

TEST_CASE("estimating changes nothing") {
  Hall hall = a_known_hall();
  for (int i = 0; i < 20; ++i) {
    issue(hall, i % 2 == 0 ? "social" : "tax");
  }
  const auto before = encode(hall.state);
  estimates(hall);
  CHECK(encode(hall.state) == before);
}

}  // namespace estimate_tests
