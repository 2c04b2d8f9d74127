#include <doctest/doctest.h>

#include "tests/api/house.hpp"

namespace {

using namespace lobby;
using fakes::House;

const char* const program = "/api/v1/boards/wall/program";

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
  const auto whole = house.get(program, "screen");
  CHECK(whole.status == 200);
  CHECK(whole.body == R"({"board":"wall"})");
  const auto etag = whole.headers.at("etag");
  CHECK(etag == "\"7.80\"");
  const auto same = house.call("GET", program, "screen", "", mark(etag));
  CHECK(same.status == 304);
  CHECK(same.body.empty());
  CHECK(same.headers.at("etag") == etag);
  house.backend.told_program.mark = "7.40";
  CHECK(house.call("GET", program, "screen", "", mark(etag)).status == 200);
  CHECK(house.get("/api/v1/boards/none/program", "screen").code() == "unknown_board");
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
