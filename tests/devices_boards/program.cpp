#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "display/page/program.hpp"
#include "tests/devices_boards/cards.hpp"

// What it costs that walls ask twice a second.

using namespace lobby;
using namespace std::chrono_literals;
using tests::Cards;
using tests::Kind;

TEST_CASE("a wall that has its program is answered without one being made") {
  auto config = tests::board_of("b", Kind::screen, {960, 288});
  config.playlist.zones.front().items = {{"cases", {}}};
  Cards cards({config});
  cards.start();
  display::CasesView cases;
  for (int i = 0; i < 60; ++i) {
    cases.rows.push_back({.case_no = "20261123" + std::to_string(1000 + i),
                          .matter = "食品经营许可证核发",
                          .applicant = "张**",
                          .window = "3号",
                          .accepted = "11-20",
                          .limit = "承诺5个工作日",
                          .state = "正在审核"});
  }
  display::BoardViews views;
  views.pages["cases"] = cases;
  cards.boards().show({"b"}, views, false);
  const auto whole = cards.boards().program({"b"});
  REQUIRE(whole);
  CHECK(display::read_program(whole->json));
  const auto known = cards.boards().program({"b"}, whole->mark);
  REQUIRE(known);
  CHECK(known->json.empty());
  CHECK(known->mark == whole->mark);
  CHECK_FALSE(cards.boards().program({"b"}, "another")->json.empty());
  cards.run(4s);  // asking is being there, also without an answer to read
  CHECK(cards.device("b").state == hall::DeviceState::gone);
  CHECK(cards.boards().program({"b"}, whole->mark)->json.empty());
  CHECK(cards.device("b").state == hall::DeviceState::ok);
  views.pages["cases"] = display::TextView{"", "新"};
  cards.boards().show({"b"}, views, false);
  CHECK_FALSE(cards.boards().program({"b"}, whole->mark)->json.empty());

  const auto cost = [&](std::string_view mark) {
    constexpr int times = 200;
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < times; ++i) {
      static_cast<void>(cards.boards().program({"b"}, mark));
    }
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count() /
           times;
  };
  views.pages["cases"] = cases;
  cards.boards().show({"b"}, views, false);
  const auto mark = cards.boards().program({"b"})->mark;
  const auto whole_us = cost({}), same_us = cost(mark);
  MESSAGE("a program of 60 cases: " << whole_us << " us, unchanged " << same_us << " us, ratio "
                                    << whole_us / same_us);
}
