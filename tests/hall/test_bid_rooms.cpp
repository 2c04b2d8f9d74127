#include <doctest/doctest.h>

#include "daemon/hall/bid_rooms.hpp"

namespace bid_rooms_tests {

using namespace lobby::hall;

namespace {

Instant local(std::string_view text) {
  const auto instant = parse_instant("2026-03-" + std::string(text.substr(0, 2)) + "T" +
                                     std::string(text.substr(3)) + ":00+08:00");
  REQUIRE(instant.has_value());
  return *instant;
}

BidOpening a_project(std::string name, std::string_view open_at, BidStatus status) {
  BidOpening project;
  project.project_no = "GC-" + name;
  project.project_name = std::move(name);
  project.section_name = "一标段";
  project.open_at = local(open_at);
  project.open_room = "101";
  project.eval_room = "201";
  project.status = status;
  project.bidder_count = 5;
  return project;
}

Room room(const std::vector<BidOpening>& projects, std::string_view now, const char* name = "101",
          RoomRules rules = {}) {
  return rooms(projects, {name}, rules, local(now)).at(0);
}

/// A sign that tells of no project.
Room bare(const char* name, RoomState state = RoomState::free) {
  Room sign;
  sign.name = name;
  sign.state = state;
  return sign;
}

}  // namespace

TEST_CASE("a room without a project is free") {
  const Room free = room({}, "10 09:00");
  CHECK(free == bare("101", RoomState::free));
  CHECK(rooms({}, {"101", "102", "201"}, {}, local("10 09:00")).size() == 3);
  CHECK(rooms({}, {"101", "102"}, {}, local("10 09:00"))[1].name == "102");
}

TEST_CASE("an opening is prepared, held, and over") {
  BidOpening project = a_project("道路", "10 09:30", BidStatus::bidding_closed);
  const Room early = room({project}, "10 08:59");
  CHECK(early.state == RoomState::free);
  CHECK(early.project_name.empty());
  CHECK(early.next_at == local("10 09:30"));
  CHECK(early.next_project == "道路");
  CHECK(early.next_section == "一标段");
  const Room preparing = room({project}, "10 09:00");
  CHECK(preparing.state == RoomState::preparing);
  CHECK(preparing.project_name == "道路");
  CHECK(preparing.from == local("10 09:30"));
  CHECK(!preparing.next_at.has_value());
  CHECK(room({project}, "10 09:00", "101", {.prepare_minutes = 10}).state == RoomState::free);
  // The source says so too early: the time has not come.
  project.status = BidStatus::opening;
  CHECK(room({project}, "10 09:29").state == RoomState::preparing);
  CHECK(room({project}, "10 09:30").state == RoomState::opening);
  // It says nothing yet: people wait in the room.
  project.status = BidStatus::bidding_closed;
  CHECK(room({project}, "10 09:40").state == RoomState::preparing);
  project.status = BidStatus::evaluating;
  const Room ended = room({project}, "10 11:00");
  CHECK(ended.state == RoomState::ended);
  CHECK(ended.project_name == "道路");
  CHECK(room({project}, "11 00:00").state == RoomState::free);
}

TEST_CASE("an opening ends at its end, and a forgotten one with its day") {
  BidOpening project = a_project("道路", "10 09:30", BidStatus::opening);
  CHECK(room({project}, "10 23:59").state == RoomState::opening);
  CHECK(room({project}, "11 00:00").state == RoomState::free);
  project.end_at = local("10 11:00");
  CHECK(room({project}, "10 11:00").state == RoomState::opening);
  CHECK(room({project}, "10 11:00").to == local("10 11:00"));
  CHECK(room({project}, "10 11:01").state == RoomState::ended);
  project.end_at = local("11 12:00");  // it takes two days
  CHECK(room({project}, "11 10:00").state == RoomState::opening);
  CHECK(room({project}, "11 12:01").state == RoomState::free);
}

TEST_CASE("an evaluation room says that it evaluates, and not what") {
  BidOpening project = a_project("道路", "10 09:30", BidStatus::evaluating);
  const Room evaluating = room({project}, "12 11:00", "201");  // it takes days
  CHECK(evaluating == bare("201", RoomState::evaluating));
  CHECK(room({project}, "12 11:00", "201", {.name_while_evaluating = true}).project_name == "道路");
  project.status = BidStatus::candidates_published;
  CHECK(room({project}, "10 18:00", "201") == bare("201", RoomState::ended));
  CHECK(room({project}, "12 18:00", "201").state == RoomState::free);
  // One room for both: what goes on in it counts.
  project.eval_room = "101";
  project.status = BidStatus::evaluating;
  CHECK(room({project}, "10 11:00") == bare("101", RoomState::evaluating));
}

TEST_CASE("what is out uses no room") {
  for (const BidStatus status : {BidStatus::postponed, BidStatus::failed, BidStatus::terminated}) {
    const BidOpening project = a_project("道路", "10 09:30", status);
    CHECK(room({project}, "10 09:00") == bare("101"));
    CHECK(room({project}, "10 10:00") == bare("101"));
    CHECK(room({project}, "10 08:00") == bare("101"));
    CHECK(room({project}, "10 10:00", "201") == bare("201"));
  }
}

TEST_CASE("the next use is told, and sections at the same time are counted") {
  const BidOpening now = a_project("桥梁", "10 09:30", BidStatus::opening);
  BidOpening section = now;
  section.section_no = "2";
  const BidOpening later = a_project("学校", "10 14:30", BidStatus::announced);
  const BidOpening latest = a_project("医院", "11 09:30", BidStatus::announced);
  const Room busy = room({latest, section, later, now}, "10 10:00");
  CHECK(busy.state == RoomState::opening);
  CHECK(busy.project_name == "桥梁");
  CHECK(busy.others == 1);
  CHECK(busy.next_project == "学校");
  CHECK(busy.next_at == local("10 14:30"));
  // The next is prepared when this one is over, and not before.
  CHECK(room({later, now}, "10 14:10").project_name == "桥梁");
  CHECK(room({later, now}, "10 14:10").next_project == "学校");
  BidOpening over = now;
  over.status = BidStatus::evaluating;
  CHECK(room({later, over}, "10 12:00").state == RoomState::ended);
  CHECK(room({later, over}, "10 12:00").next_project == "学校");
  const Room prepared = room({later, over, latest}, "10 14:10");
  CHECK(prepared.state == RoomState::preparing);
  CHECK(prepared.project_name == "学校");
  CHECK(prepared.next_project == "医院");
  CHECK(prepared.others == 0);
  BidOpening over_too = section;
  over_too.status = BidStatus::evaluating;
  CHECK(room({later, over, over_too}, "10 12:00").others == 1);
  CHECK(room({later, over, over_too}, "10 14:10").others == 0);
}

TEST_CASE("times of another offset are the same times") {
  BidOpening project = a_project("道路", "10 07:30", BidStatus::evaluating);
  project.open_at->offset_min = 0;  // 23:30 of the day before, in Greenwich
  CHECK(room({project}, "10 11:00").state == RoomState::ended);
}

}  // namespace bid_rooms_tests
