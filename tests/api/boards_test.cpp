#include <doctest/doctest.h>

#include "tests/api/house.hpp"

namespace {

using namespace lobby;
using fakes::House;

const char* const program_path = "/api/v1/boards/wall/program";

std::string mark(const std::string& etag) {
  return "If-None-Match: " + etag + "\r\n";
}

}  // namespace

TEST_CASE("a board's page says where it is from and how old that is") {
  House house;
  hall::BoardState board;
  board.id = {"board-a"};
  board.pages = {"cases", "openings", "calls"};
  board.confirmed = hall::BoardProof::sent;
  auto dark = board;
  dark.off_until = house.backend.now();
  house.backend.told_boards = {board, dark};
  house.backend.case_page.age = {house.backend.now(), hall::Freshness::labelled, 600};
  const auto told = house.get("/api/v1/boards", "screen").json().at(0);
  CHECK(told.at("confirmed").as_string() == "sent");
  CHECK(told.at("over_all").is_null());
  CHECK(told.at("off_until").is_null());
  CHECK(house.get("/api/v1/boards", "screen").json().at(1).at("off_until").as_string() ==
        hall::to_text(house.backend.now()));
  const auto& pages = told.at("pages").as_array();
  CHECK(pages.at(0).at("source").as_string() == "cases");
  CHECK(pages.at(0).at("stale").as_bool());
  CHECK(pages.at(0).at("as_of").as_string() == hall::to_text(house.backend.now()));
  CHECK(pages.at(1).at("source").as_string() == "bids");
  CHECK(pages.at(2).at("source").as_string() == "hall");
  CHECK_FALSE(pages.at(2).at("stale").as_bool());
  CHECK(pages.at(2).at("as_of").is_null());
}

TEST_CASE("a wall is told anew only what is different") {
  House house;
  house.backend.told_program = {"7.80", R"({"board":"wall"})"};
  const auto whole = house.get(program_path, "screen");
  CHECK(whole.status == 200);
  CHECK(whole.body == R"({"board":"wall"})");
  const auto etag = whole.headers.at("etag");
  CHECK(etag == "\"7.80\"");
  const auto same = house.call("GET", program_path, "screen", "", mark(etag));
  CHECK(same.status == 304);
  CHECK(same.body.empty());
  CHECK(same.headers.at("etag") == etag);
  house.backend.told_program.mark = "7.40";
  CHECK(house.call("GET", program_path, "screen", "", mark(etag)).status == 200);
  CHECK(house.get("/api/v1/boards/none/program", "screen").code() == "unknown_board");
}

TEST_CASE("a board says what somebody has to look at, and a named person says that it is right") {
  House house;
  house.backend.change_site().boards = {{"wall"}};
  hall::BoardState plain, old;
  plain.id = {"plain"};
  old.id = {"wall"};
  old.reminder =
      hall::BoardReminder{house.backend.now(), hall::local_date(house.backend.now()), {{3}, {5}}, true};
  house.backend.told_boards = {plain, old};
  const auto told = house.get("/api/v1/boards", "screen").json();
  CHECK(told.at(0).at("reminder").is_null());
  const auto& reminder = told.at(1).at("reminder");
  CHECK(reminder.at("since").as_string() == hall::to_text(house.backend.now()));
  CHECK(reminder.at("due").as_string() == hall::to_text(hall::local_date(house.backend.now())));
  CHECK(reminder.at("texts").as_array() == boost::json::array{3, 5});
  CHECK(reminder.at("notices").as_bool());

  const char* const confirm = "/api/v1/boards/wall/confirm";
  CHECK(house.post(confirm, "clerk").status == 403);
  CHECK(house.post(confirm, "supervisor").status == 204);  // nothing has moved: nothing happens
  CHECK(house.backend.count("BoardChecked") == 0);
  CHECK(house.post("/api/v1/boards/none/confirm", "supervisor").code() == "unknown_board");
  CHECK(house.post(confirm, "supervisor", R"({"x":1})").code() == "bad_request");
}

TEST_CASE("a wall says what it shows") {
  House house;
  CHECK(house.post("/api/v1/boards/wall/shown", "screen", R"({"version":1774310400000})").status == 204);
  CHECK(house.backend.shown_versions == std::vector<std::uint64_t>{1774310400000});
  CHECK(house.post("/api/v1/boards/none/shown", "screen", R"({"version":1})").code() == "unknown_board");
  CHECK(house.post("/api/v1/boards/wall/shown", "screen", R"({"version":-1})").code() == "bad_request");
  CHECK(house.post("/api/v1/boards/wall/shown", "screen", "{}").code() == "bad_request");
  CHECK(house.post("/api/v1/boards/wall/shown", "kiosk", R"({"version":1})").status == 403);
}
