#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "daemon/devices/board_pages.hpp"
#include "daemon/hall/case_judging.hpp"

// What boards say, by the rules of the plan and the law; no board is needed for that.

using namespace lobby;

namespace {

/// 2026-11-23 09:30:00 in China, a Monday.
constexpr hall::Instant half_past_nine{1'795'397'400'000, 8 * 60};
constexpr std::int64_t minute_ms = 60'000;

hall::Instant at_minute(int minute) {
  return {half_past_nine.utc_ms + (minute - 570) * minute_ms, 8 * 60};
}

struct Hall {
  hall::Site site;
  hall::HallView view;
  hall::CasePage cases;
  hall::BidsPage bids;
  std::vector<hall::BoardText> texts;
  hall::Instant now = half_past_nine;

  Hall() {
    site.name = "测试大厅";
    site.zones = {{{"A"}, "一区"}, {{"B"}, "二区"}};
    set_age(hall::Freshness::fresh);
  }
  void set_age(hall::Freshness state) {
    cases.age = {at_minute(565), state, 60};
    bids.age = bids.notices_age = {at_minute(565), state, 60};
  }
  template <class View>
  View page(std::string_view word, const devices::BoardPlace& place = {}) const {
    return std::get<View>(devices::board_page(word, {site, view, cases, bids, texts, now}, place));
  }
};

hall::CallView called(const std::string& number, const hall::WindowId& window, std::uint32_t at) {
  hall::CallView call;
  call.number = number;
  call.window = window;
  call.window_number = at;
  call.at = half_past_nine;
  return call;
}

hall::CaseRow case_of(const std::string& no, const std::string& shown) {
  hall::CaseRow row;
  row.case_no = no;
  row.query_code = "428571";
  row.applicant_display = "张**";
  row.applicant_key = "5e0d";
  row.matter_name = "食品经营许可";
  row.status = "accepted";
  row.shown_status = shown;
  row.accepted_at = "2026-11-20T08:40:00+08:00";
  row.promised_limit = "5 workday";
  row.window_no = "3";
  row.shown_light = "yellow";
  return row;
}

}  // namespace

TEST_CASE("the page of cases says what the public may know, masked as it came") {
  Hall hall;
  hall.cases.cases = {case_of("202611200001", "accepted"), case_of("202611200002", ""),
                      case_of("202611200003", "no such word")};
  const auto view = hall.page<display::CasesView>("cases");
  REQUIRE(view.rows.size() == 1);  // of the others the public is told nothing
  const auto& row = view.rows.front();
  CHECK(row.case_no == "202611200001");
  CHECK(row.applicant == "张**");
  CHECK(row.matter == "食品经营许可");
  CHECK(row.window == "3号");
  CHECK(row.accepted == "11-20");
  CHECK(row.limit == "承诺5个工作日");
  CHECK(row.light == display::Light::yellow);
  CHECK(row.state == hall::public_wording("accepted"));
  CHECK(view.age.as_of == "09:25");
  CHECK_FALSE(view.age.stale);
}

TEST_CASE("a matter has the short name of the site where there is one") {
  Hall hall;
  auto named = case_of("1", "accepted");
  named.matter_code = "510100-7";
  hall.cases.cases = {named, case_of("2", "accepted")};
  hall::Matter matter;
  matter.code = "510100-7";
  matter.short_name = "食品证";
  hall.site.catalogue.groups = {{"g", "许可", {{"d", "市场监管局", "", {matter}}}}};
  const auto view = hall.page<display::CasesView>("cases");
  REQUIRE(view.rows.size() == 2);
  CHECK(view.rows[0].matter == "食品证");
  CHECK(view.rows[1].matter == "食品经营许可");
}

TEST_CASE("old rows are labelled, too old ones are not there, on every page that has an age") {
  Hall hall;
  hall.cases.cases = {case_of("1", "accepted")};
  hall.cases.totals = {9, 5, 4, 0};
  hall::OpeningView opening;
  opening.project_name = "道路工程";
  hall.bids.openings = {opening};
  hall::NoticeView notice;
  notice.project_name = "道路工程";
  hall.bids.notices = {notice};
  hall::Room room;
  room.name = "开标一室";
  room.state = hall::RoomState::evaluating;
  room.project_name = "道路工程";
  hall.bids.rooms = {room};
  const devices::BoardPlace place{std::nullopt, "开标一室"};

  for (const auto state : {hall::Freshness::fresh, hall::Freshness::labelled}) {
    hall.set_age(state);
    const bool is_old = state == hall::Freshness::labelled;
    CHECK(hall.page<display::CasesView>("cases").rows.size() == 1);
    CHECK(hall.page<display::CasesView>("cases").age.stale == is_old);
    CHECK(hall.page<display::TotalsView>("totals").totals.size() == 3);
    CHECK(hall.page<display::TotalsView>("totals").age.stale == is_old);
    CHECK(hall.page<display::OpeningsView>("openings").rows.size() == 1);
    CHECK(hall.page<display::OpeningsView>("openings").age.stale == is_old);
    CHECK(hall.page<display::ResultsView>("results").rows.size() == 1);
    CHECK(hall.page<display::ResultsView>("results").age.stale == is_old);
    CHECK(hall.page<display::RoomView>("room", place).project == "道路工程");
    CHECK(hall.page<display::RoomView>("room", place).age.stale == is_old);
    CHECK(hall.page<display::RoomView>("room", place).age.as_of == "09:25");
  }
  hall.set_age(hall::Freshness::expired);
  CHECK(hall.page<display::CasesView>("cases").rows.empty());
  CHECK(hall.page<display::OpeningsView>("openings").rows.empty());
  CHECK(hall.page<display::ResultsView>("results").rows.empty());
  const auto totals = hall.page<display::TotalsView>("totals");
  REQUIRE(totals.totals.size() == 1);  // who waits is known here
  CHECK(totals.totals.front().label == "当前等候");
  CHECK_FALSE(totals.age.stale);
  const auto door = hall.page<display::RoomView>("room", place);
  CHECK(door.room == "开标一室");
  CHECK(door.project.empty());
  CHECK(door.state.empty());
  CHECK_FALSE(door.busy);
}

TEST_CASE("of bids a board says no more than the gates let through") {
  Hall hall;
  // Before the opening: nobody is told who obtained the documents, or how many.
  hall::BidOpening opening;
  opening.project_no = "SF-1";
  opening.project_name = "道路工程";
  opening.status = hall::BidStatus::announced;
  opening.open_at = at_minute(600);
  opening.bidder_count = 7351;
  hall::BidNotice candidates;
  candidates.project_name = "桥梁工程";
  candidates.type = hall::NoticeType::candidates;
  candidates.status = hall::BidStatus::evaluating;  // not published yet
  candidates.candidates = {{1, "甲建设公司", "98.7万元"}};
  candidates.title = "甲建设公司为第一候选人";
  candidates.publish_from = hall::local_date(half_past_nine);
  hall::BidNotice tender;
  tender.project_name = "水利工程";
  tender.type = hall::NoticeType::tender;
  tender.candidates = {{1, "乙建设公司", "12万元"}};
  hall.bids = hall::bids_page({opening}, {candidates, tender}, hall::local_date(half_past_nine), hall.now);
  hall.set_age(hall::Freshness::fresh);

  const auto openings = hall.page<display::OpeningsView>("openings");
  REQUIRE(openings.rows.size() == 1);
  const auto& row = openings.rows.front();
  CHECK(row.time == "10:00");
  CHECK(row.project == "道路工程");
  CHECK_FALSE(row.now);
  for (const auto* text : {&row.room, &row.project, &row.project_no, &row.section, &row.state}) {
    CHECK(text->find("7351") == std::string::npos);
  }
  for (const auto& result : hall.page<display::ResultsView>("results").rows) {
    CHECK(result.project != "桥梁工程");
    for (const auto* text : {&result.winner, &result.price, &result.project, &result.section}) {
      CHECK(text->find("建设公司") == std::string::npos);
      CHECK(text->find("万元") == std::string::npos);
    }
  }

  // Published: the first candidate, for as long as it lasts.
  candidates.status = hall::BidStatus::candidates_published;
  candidates.publish_to = hall::Date{candidates.publish_from->days + 3};
  candidates.objection_contact = "0838-123";
  hall.bids = hall::bids_page({opening}, {candidates}, hall::local_date(half_past_nine), hall.now);
  hall.set_age(hall::Freshness::fresh);
  const auto results = hall.page<display::ResultsView>("results");
  REQUIRE(results.rows.size() == 1);
  CHECK(results.rows.front().winner == "甲建设公司");
  CHECK(results.rows.front().period == "11-23至11-26");
  CHECK(results.rows.front().phone == "0838-123");
  hall.now = {hall.now.utc_ms + 4 * 24 * 60 * minute_ms, 8 * 60};
  hall.bids = hall::bids_page({opening}, {candidates}, hall::local_date(hall.now), hall.now);
  CHECK(hall.page<display::ResultsView>("results").rows.empty());
}

TEST_CASE("a room that evaluates asks for quiet, and names nothing that its view does not") {
  Hall hall;
  hall::Room room;
  room.name = "评标一室";
  room.state = hall::RoomState::evaluating;
  room.next_at = at_minute(840);
  room.next_project = "学校维修";
  hall.bids.rooms = {room};
  const auto view = hall.page<display::RoomView>("room", {std::nullopt, "评标一室"});
  CHECK(view.state == "评标中");
  CHECK(view.request == "请勿打扰");
  CHECK(view.busy);
  CHECK(view.project.empty());
  CHECK(view.next == "14:00 学校维修");
  const auto other = hall.page<display::RoomView>("room", {std::nullopt, "评标二室"});
  CHECK(other.state.empty());
  CHECK_FALSE(other.busy);
}

TEST_CASE("a board of a zone has the calls, the windows and the waiting people of that zone") {
  Hall hall;
  for (const auto* zone : {"A", "B"}) {
    const std::string id = zone;
    hall::ServiceView service;
    service.id = {"s" + id};
    service.zone = {id};
    service.waiting = id == "A" ? 3 : 40;
    hall.view.services.push_back(service);
    hall::Window window;
    window.id = {"w" + id};
    window.zone = {id};
    window.number = id == "A" ? 1 : 2;
    hall.site.windows.push_back(window);
    hall::WindowView shown;
    shown.id = window.id;
    shown.number = window.number;
    shown.zone = window.zone;
    shown.name = "窗口" + id;
    hall.view.windows.push_back(shown);
    hall.view.lately_called.push_back(called(id + "001", window.id, window.number));
  }
  // Of a window that is no more nobody knows the zone.
  hall.view.lately_called.push_back(called("X001", {"gone"}, 9));
  const auto numbers = [&](const devices::BoardPlace& place) {
    std::string out;
    for (const auto& call : hall.page<display::CallsView>("calls", place).calls) {
      out += call.ticket + call.window + " ";
    }
    return out;
  };
  CHECK(numbers({hall::ZoneId{"A"}, {}}) == "A0011号窗口 ");
  CHECK(numbers({hall::ZoneId{"B"}, {}}) == "B0012号窗口 ");
  CHECK(numbers({}) == "A0011号窗口 B0012号窗口 X0019号窗口 ");
  // Above a window its own alone.
  const devices::BoardPlace above{hall::ZoneId{"A"}, {}, {}, hall::WindowId{"wA"}};
  const devices::BoardPlace above_other{hall::ZoneId{"A"}, {}, {}, hall::WindowId{"wA2"}};
  CHECK(numbers(above) == "A0011号窗口 ");
  CHECK(numbers(above_other).empty());
  CHECK(hall.page<display::WindowsView>("windows", above).rows.size() == 1);
  CHECK(hall.page<display::WindowsView>("windows", above_other).rows.empty());
  CHECK(hall.page<display::WindowsView>("windows", {hall::ZoneId{"B"}, {}}).rows.size() == 1);
  CHECK(hall.page<display::WindowsView>("windows").rows.size() == 2);
  const auto waiting = [&](const devices::BoardPlace& place) {
    return hall.page<display::TotalsView>("totals", place).totals.front().count;
  };
  CHECK(waiting({hall::ZoneId{"A"}, {}}) == "3");
  CHECK(waiting({}) == "43");
}

TEST_CASE("the door says when one can come today: the hours of all services, joined") {
  Hall hall;
  const auto add = [&](std::vector<hall::Hours> monday,
                       hall::ServiceKind kind = hall::ServiceKind::ordinary) {
    hall::Service service;
    service.id = {"s" + std::to_string(hall.site.services.size())};
    service.kind = kind;
    service.hours[0] = std::move(monday);
    hall.site.services.push_back(service);
  };
  add({{510, 720}, {810, 1050}});
  add({{540, 730}});
  add({{720, 800}});
  add({{0, 1440}}, hall::ServiceKind::tenant);  // keeps its own hours
  hall.view.open = true;
  CHECK(hall.page<display::DoorView>("door").hours == "08:30-13:20 13:30-17:30");
  CHECK(hall.page<display::DoorView>("door").waiting == "0");
  CHECK(hall.page<display::DoorView>("door").hall == "测试大厅");
  hall.view.open = false;
  CHECK(hall.page<display::DoorView>("door").waiting.empty());
  hall.now = {hall.now.utc_ms + 24 * 60 * minute_ms, 8 * 60};  // Tuesday
  CHECK(hall.page<display::DoorView>("door").hours.empty());
  add({{480, 1440}});
  hall.now = half_past_nine;
  CHECK(hall.page<display::DoorView>("door").hours == "08:00-24:00");
}

TEST_CASE("a notice is up from its first day through its last") {
  Hall hall;
  const auto today = hall::local_date(half_past_nine).days;
  const auto add = [&](const std::string& title, int from, int until) {
    hall.site.catalogue.notices.push_back({title, title, "文", "单位", {from}, {until}});
  };
  add("明天起", today + 1, today + 9);
  add("昨天止", today - 9, today - 1);
  add("只今天", today, today);
  add("一直", 0, 0);
  std::string titles;
  for (const auto& entry : hall.page<display::NoticeView>("notices").entries) {
    titles += entry.label + " ";
  }
  CHECK(titles == "只今天 一直 ");
}
