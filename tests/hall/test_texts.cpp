// Free texts on boards, which two people answer for, and the emergency page.
#include <doctest/doctest.h>

#include "tests/hall/a_hall.hpp"

namespace texts_tests {

using namespace lobby::hall;
using testing::at;
using testing::Hall;
using testing::Types;
using testing::types;

namespace {

Hall a_hall_with_boards() {
  Hall hall;
  hall.site.zones.push_back({.id = {"south"}, .name = "南厅"});
  hall.site.boards = {{"wall"}, {"door"}};
  hall.by = "li";
  hall.open_day();
  return hall;
}

DraftText a_text(Hall& hall, std::string text = "今日下午停电", int seconds = 3600) {
  Instant until = hall.now;
  until.utc_ms += std::int64_t{seconds} * 1000;
  return {.board = {"wall"}, .text = std::move(text), .until = until};
}

DraftId drafted(Hall& hall, int seconds = 3600) {
  return std::get<TextDrafted>(hall.must(a_text(hall, "今日下午停电", seconds)).at(0).body).draft;
}

/// Written by one, approved by another.
DraftId put_up(Hall& hall, int seconds = 3600) {
  hall.by = "li";
  const DraftId id = drafted(hall, seconds);
  hall.by = "wang";
  hall.must(ApproveText{id});
  return id;
}

std::string times(std::size_t n, const std::string& one) {
  std::string text;
  for (std::size_t i = 0; i < n; ++i) {
    text += one;
  }
  return text;
}

/// The hall as it is after a restart, and after a night.
Hall restarted(const Hall& hall) {
  Hall other = hall;
  auto state = decode(encode(hall.state));
  REQUIRE(state.has_value());
  other.state = *std::move(state);
  return other;
}

}  // namespace

TEST_CASE("a text is up when somebody else than its writer has approved it") {
  Hall hall = a_hall_with_boards();
  const auto events = hall.must(a_text(hall));
  REQUIRE(types(events) == Types{"TextDrafted"});
  CHECK(events[0].by == "li");
  REQUIRE(hall.state.texts.size() == 1);
  CHECK(hall.state.texts[0].by == "li");
  CHECK(hall.state.texts[0].approved_by.empty());
  CHECK(hall.refused(ApproveText{{1}}) == "same_person");
  hall.by = "wang";
  const auto approved = hall.must(ApproveText{{1}});
  REQUIRE(types(approved) == Types{"TextApproved"});
  const auto& body = std::get<TextApproved>(approved[0].body);
  CHECK(body.text == "今日下午停电");
  CHECK(body.drafted_by == "li");
  CHECK(hall.state.texts[0].approved_by == "wang");
  CHECK(hall.refused(ApproveText{{1}}) == "wrong_state");
  hall.by = "li";
  CHECK(hall.refused(ApproveText{{1}}) == "wrong_state");
}

TEST_CASE("which texts a board takes") {
  Hall hall = a_hall_with_boards();
  struct Row {
    std::string text;
    const char* code;
  };
  const Row rows[] = {{"a", ""},
                      {times(200, "字"), ""},
                      {times(200, "\U0001F600"), ""},
                      {times(201, "字"), "bad_request"},
                      {times(201, "a"), "bad_request"},
                      {"", "bad_request"},
                      {"  \u3000 ", "bad_request"},
                      {"\u3000请排队 ", ""},
                      {"one\ntwo", "bad_request"},
                      {"one\ttwo", "bad_request"},
                      {"one\x7ftwo", "bad_request"},
                      {"one\u0085two", "bad_request"},
                      {"one\u00a0two", ""},
                      {std::string("a\0b", 3), "bad_request"}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(hall.refused(a_text(hall, row.text)) == row.code);
    CHECK(hall.refused(ShowEmergency{row.text, {}}) == row.code);
  }
  auto elsewhere = a_text(hall);
  elsewhere.board = {"roof"};
  CHECK(hall.refused(elsewhere) == "unknown_board");
}

TEST_CASE("how long a text may stay") {
  Hall hall = a_hall_with_boards();
  constexpr int day = 24 * 3600;
  const std::pair<int, const char*> rows[] = {
      {-1, "bad_request"}, {0, "bad_request"}, {1, ""}, {31 * day, ""}, {31 * day + 1, "bad_request"}};
  for (const auto& [seconds, code] : rows) {
    CAPTURE(seconds);
    CHECK(hall.refused(a_text(hall, "a", seconds)) == code);
  }
}

TEST_CASE("what is over is gone, draft or not, and its number is not given again") {
  Hall hall = a_hall_with_boards();
  const DraftId up = put_up(hall, 60);
  const DraftId waits = drafted(hall, 60);
  hall.pass(59);
  CHECK(hall.refused(WithdrawText{up}) == "");
  hall.pass(1);
  hall.by = "zhao";
  for (const DraftId id : {up, waits, DraftId{99}}) {
    CHECK(hall.refused(ApproveText{id}) == "not_found");
    CHECK(hall.refused(WithdrawText{id}) == "not_found");
  }
  CHECK(drafted(hall) == DraftId{3});
  CHECK(hall.state.texts.size() == 1);
  hall.must(WithdrawText{{3}});
  CHECK(drafted(hall) == DraftId{4});
}

TEST_CASE("a draft and a text that is up are taken down by anybody") {
  Hall hall = a_hall_with_boards();
  const DraftId up = put_up(hall);
  hall.by = "li";
  const DraftId waits = drafted(hall);
  hall.by = "zhao";
  const auto events = hall.must(WithdrawText{up});
  REQUIRE(types(events) == Types{"TextWithdrawn"});
  CHECK(std::get<TextWithdrawn>(events[0].body).board == DeviceId{"wall"});
  hall.must(WithdrawText{waits});
  CHECK(hall.state.texts.empty());
  CHECK(hall.refused(WithdrawText{up}) == "not_found");
}

TEST_CASE("drafts and texts are bounded; what is over leaves room") {
  Hall hall = a_hall_with_boards();
  for (std::size_t i = 0; i < most_drafts; ++i) {
    drafted(hall, 60);
  }
  CHECK(hall.refused(a_text(hall)) == "quota_reached");
  hall.pass(60);
  for (std::size_t i = 0; i < most_texts_up; ++i) {
    put_up(hall);
  }
  hall.by = "li";
  const DraftId one_more = drafted(hall);
  hall.by = "wang";
  CHECK(hall.refused(ApproveText{one_more}) == "quota_reached");
  hall.must(WithdrawText{hall.state.texts.front().draft});
  CHECK(hall.refused(ApproveText{one_more}) == "");
}

TEST_CASE("an emergency covers the boards until it is cleared") {
  Hall hall = a_hall_with_boards();
  CHECK(hall.refused(ClearEmergency{}) == "not_found");
  CHECK(hall.refused(ShowEmergency{"请撤离", {{"moon"}}}) == "bad_request");
  const auto shown = hall.must(ShowEmergency{"请撤离", {{"south"}, {"south"}}});
  REQUIRE(types(shown) == Types{"EmergencyShown"});
  CHECK(std::get<EmergencyShown>(shown[0].body).zones == std::vector<ZoneId>{{"south"}});
  CHECK(hall.must(ShowEmergency{"请撤离", {{"south"}}}).empty());
  hall.by = "wang";
  CHECK(types(hall.must(ShowEmergency{"请撤离", {}})) == Types{"EmergencyShown"});
  REQUIRE(hall.state.emergency.has_value());
  CHECK(hall.state.emergency->zones.empty());
  CHECK(hall.state.emergency->by == "wang");
  CHECK(hall.state.emergency->since == hall.now);
  CHECK(types(hall.must(ClearEmergency{})) == Types{"EmergencyCleared"});
  CHECK(!hall.state.emergency);
}

TEST_CASE("an emergency can be shown before any day was opened") {
  Hall hall;
  CHECK(types(hall.must(ShowEmergency{"请撤离", {}})) == Types{"EmergencyShown"});
  hall.open_day();
  CHECK(hall.state.emergency.has_value());
}

TEST_CASE("texts, drafts and the emergency outlive restarts and midnight") {
  Hall hall = a_hall_with_boards();
  put_up(hall, 60);  // over by tomorrow
  const DraftId up = put_up(hall, 48 * 3600);
  hall.by = "li";
  const DraftId waits = drafted(hall, 48 * 3600);
  hall.must(ShowEmergency{"请撤离", {{"north"}}});
  hall.must(ReportPublished{{{"wall"}}, {"texts"}});
  Hall other = restarted(hall);
  CHECK(other.state.texts == hall.state.texts);
  CHECK(other.state.emergency == hall.state.emergency);
  other.now = at("2026-11-24T08:00:00+08:00");
  const auto events = other.must(TurnDay{});
  // A day is the fold from its first event on.
  State fresh;
  fresh.seq = events.back().seq - 1;
  apply(fresh, events.back());
  REQUIRE(fresh.texts.size() == 2);
  CHECK(fresh.texts[0].draft == up);
  CHECK(fresh.texts[0].approved_by == "wang");
  CHECK(fresh.texts[1].draft == waits);
  CHECK(fresh.texts[1].by == "li");
  REQUIRE(fresh.emergency.has_value());
  CHECK(fresh.emergency->zones == std::vector<ZoneId>{{"north"}});
  other.state = fresh;
  CHECK(other.refused(ApproveText{waits}) == "same_person");
  CHECK(drafted(other) == DraftId{waits.value + 1});
  CHECK(std::get<BoardPublished>(other.must(ReportPublished{{{"wall"}}, {"cases"}})[0].body).publication ==
        2);
}

TEST_CASE("publications count up; nothing new is none") {
  Hall hall = a_hall_with_boards();
  const auto first = hall.must(ReportPublished{{{"wall"}, {"door"}}, {"cases"}});
  REQUIRE(types(first) == Types{"BoardPublished"});
  CHECK(std::get<BoardPublished>(first[0].body).publication == 1);
  CHECK(std::get<BoardPublished>(hall.must(ReportPublished{{{"door"}}, {"bids"}})[0].body).publication == 2);
  CHECK(hall.must(ReportPublished{{}, {}}).empty());
}

}  // namespace texts_tests
