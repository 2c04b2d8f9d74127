#include <doctest/doctest.h>

#include "tests/hall/a_hall.hpp"

namespace report_tests {

using namespace lobby::hall;
using testing::Hall;
using testing::Types;
using testing::types;

TEST_CASE("a device is told of once per change of state or reason") {
  Hall hall;
  ReportDevice report{
      .device = {"u1"}, .kind = DeviceKind::window_unit, .state = DeviceState::absent, .reason = {}};
  CHECK(types(hall.must(report)) == Types{"DeviceChanged"});
  CHECK(hall.must(report).empty());
  report.reason = "no answer";
  CHECK(hall.must(report).size() == 1);
  CHECK(hall.must(report).empty());
  const Instant since = hall.state.find(DeviceId{"u1"})->since;
  hall.now.utc_ms += 5'000;
  report.reason = "no such port";
  CHECK(hall.must(report).size() == 1);
  CHECK(hall.state.find(DeviceId{"u1"})->since == since);
  report.state = DeviceState::ok;
  CHECK(hall.must(report).size() == 1);
  CHECK(hall.state.find(DeviceId{"u1"})->since == hall.now);
}

TEST_CASE("a sign that shows a call is believed while the call lasts") {
  Hall hall;
  hall.open_day();
  hall.open("w1");
  hall.issue("social");
  const auto shown = [](std::uint64_t call) {
    return ReportCallShown{.window = {"w1"}, .call = call, .device = {"u1"}};
  };
  CHECK(hall.must(shown(1)).empty());
  const std::uint64_t call = hall.must(CallNext{.window = {"w1"}})[0].seq;
  CHECK(hall.must(shown(call - 1)).empty());
  const auto events = hall.must(shown(call));
  REQUIRE(types(events) == Types{"CallShown"});
  CHECK(std::get<CallShown>(events[0].body).number == "A001");
  CHECK(std::get<CallShown>(events[0].body).device == DeviceId{"u1"});
  const std::uint64_t recall = hall.must(RecallTicket{.window = {"w1"}})[0].seq;
  CHECK(hall.must(shown(call)).empty());
  hall.must(StartService{.window = {"w1"}});
  CHECK(hall.must(shown(recall)).size() == 1);
  hall.must(PauseWindow{.window = {"w1"}, .reason = {}, .message = {}, .back_at = {}});
  CHECK(hall.must(shown(recall)).size() == 1);
  hall.must(ResumeWindow{.window = {"w1"}});
  hall.must(FinishService{.window = {"w1"}, .outcome = {}, .case_no = {}, .notice_slip_no = {}});
  CHECK(hall.must(shown(recall)).empty());
  CHECK(hall.must(shown(0)).empty());
  CHECK(hall.refused(ReportCallShown{.window = {"w9"}, .call = 1, .device = {"u1"}}) == "unknown_window");
}

TEST_CASE("what moved at a source is an event of its kind, under the version of its rows; nothing is none") {
  Hall hall;
  ReportSource report{.feed = {"f1"}, .version = 7, .added = 3, .changed = 0, .removed = 0, .total = 3};
  const auto first = hall.must(report);
  REQUIRE(types(first) == Types{"ApprovalsAdvanced"});
  CHECK(std::get<ApprovalsAdvanced>(first.at(0).body).version == 7);
  report.what = What::notices;
  CHECK(types(hall.must(report)) == Types{"BidsAdvanced"});
  report.what = What::staff;
  const auto third = hall.must(report);
  REQUIRE(types(third) == Types{"CatalogueAdvanced"});
  CHECK(std::get<CatalogueAdvanced>(third.at(0).body).what == "staff");
  report.added = 0;
  CHECK(hall.must(report).empty());
  report.removed = 1;
  CHECK(hall.must(report).size() == 1);
}

TEST_CASE("an account's change is one of three words") {
  Hall hall;
  for (const char* word : {"added", "changed", "removed"}) {
    CHECK(types(hall.must(ReportAccount{.account = "front-desk", .change = word})) ==
          Types{"AccountChanged"});
  }
  CHECK(hall.refused(ReportAccount{.account = "front-desk", .change = "renamed"}) == "bad_request");
}

TEST_CASE("an event names its type, its ticket and its window") {
  Hall hall;
  hall.open_day();
  const auto opened = hall.must(OpenWindow{.window = {"w1"}, .clerk = {"c"}});
  CHECK(!ticket_of(opened[0]).has_value());
  CHECK(window_of(opened[0])->value == "w1");
  const TicketId id = hall.issue("social");
  const auto called = hall.must(CallNext{.window = {"w1"}});
  CHECK(ticket_of(called[0]) == id);
  CHECK(window_of(called[0])->value == "w1");
  const auto account = hall.must(ReportAccount{.account = "a", .change = "added"});
  CHECK(!ticket_of(account[0]).has_value());
  CHECK(window_of(account[0]) == nullptr);
  Event expired{.seq = 1, .at = {}, .by = {}, .body = TicketExpired{}};
  CHECK(window_of(expired) == nullptr);
  std::get<TicketExpired>(expired.body).window = WindowId{"w2"};
  CHECK(window_of(expired)->value == "w2");
}

}  // namespace report_tests
