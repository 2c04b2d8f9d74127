#include <doctest/doctest.h>

#include <string>

#include "display/page/program.hpp"
#include "tests/devices_boards/cards.hpp"

// What is left on the glass when the daemon ends.

using namespace lobby;
using namespace std::chrono_literals;
using tests::Cards;
using tests::Kind;

namespace {

constexpr Kind cards_with_words[] = {Kind::onbon_k, Kind::onbon_5e,   Kind::onbon_6e,
                                     Kind::huidu,   Kind::colorlight, Kind::gbt23828};

devices::BoardConfig with_text(Kind kind) {
  auto config = tests::board_of("b", kind, {128, 32});
  config.playlist.zones.front().items = {{"one", {}}};
  return config;
}

display::BoardViews says(const std::string& text) {
  display::BoardViews views;
  views.pages["one"] = display::TextView{"", text};
  return views;
}

/// A wall whose screen asks twice a second, and says what it shows when `answers`.
struct Wall {
  explicit Wall(bool rests_dark = false) : cards({config(rests_dark)}) { cards.start(); }
  static devices::BoardConfig config(bool rests_dark) {
    auto config = with_text(Kind::screen);
    config.rests_dark = rests_dark;
    return config;
  }
  display::BoardProgram ask() {
    auto program = display::read_program(cards.boards().program({"b"})->json);
    REQUIRE(program);
    if (answers) {
      cards.boards().program_shown({"b"}, program->version);
    }
    return *std::move(program);
  }
  void stop() {
    cards.boards().stop(5s, [this] { is_stopped = true; });
    cards.run(1ms);
  }
  Cards cards;
  bool answers = true, is_stopped = false;
};

}  // namespace

TEST_CASE("a wall is waited for at the end until it shows what stays") {
  Wall wall;
  wall.cards.boards().show({"b"}, says("今日办事"), false);
  CHECK_FALSE(wall.ask().closing);
  wall.cards.run(300ms);
  wall.stop();
  wall.cards.run(199ms);
  CHECK_FALSE(wall.is_stopped);
  const auto last = wall.ask();
  CHECK(last.closing);
  CHECK(last.power);
  CHECK(last.views.pages.empty());
  CHECK_FALSE(last.at);
  wall.cards.run(1ms);
  CHECK(wall.is_stopped);
}

TEST_CASE("a wall that shows another version is not taken for one that shows what stays") {
  Wall wall;
  wall.cards.boards().show({"b"}, says("今日办事"), false);
  const auto before = wall.ask();
  wall.stop();
  wall.cards.boards().program_shown({"b"}, before.version);
  wall.cards.run(1ms);
  CHECK_FALSE(wall.is_stopped);
}

TEST_CASE("a wall that is not there, never was, or does not say anything is not waited for for long") {
  Wall never;
  never.stop();
  CHECK(never.is_stopped);

  Wall gone;
  gone.ask();
  gone.cards.run(4s);
  gone.stop();
  CHECK(gone.is_stopped);

  Wall silent;
  silent.answers = false;
  silent.ask();
  silent.stop();
  silent.ask();
  silent.cards.run(1900ms);
  CHECK_FALSE(silent.is_stopped);
  silent.cards.run(200ms);
  CHECK(silent.is_stopped);
}

TEST_CASE("a wall that is to be dark at the end is black, but for an emergency") {
  Wall wall(true);
  wall.ask();
  wall.stop();
  CHECK_FALSE(wall.ask().power);

  Wall covered(true);
  auto views = says("今日办事");
  views.over_all = display::EmergencyView{"请撤离"};
  covered.cards.boards().show({"b"}, views, true);
  covered.ask();
  covered.stop();
  const auto last = covered.ask();
  CHECK(last.power);
  CHECK(last.closing);
  CHECK(last.views.over_all == views.over_all);
  CHECK(last.views.pages.empty());
}

TEST_CASE("an emergency page stays when the daemon ends, on every card that can hold a picture") {
  for (const auto kind : cards_with_words) {
    Cards cards({with_text(kind)}, 10ms);
    CAPTURE(cards.configs().front().driver());
    cards.start();
    auto views = says("今日办事");
    cards.boards().show({"b"}, views, false);
    cards.run(5s);
    views.over_all = display::EmergencyView{"请撤离"};
    cards.boards().show({"b"}, views, true);
    cards.run(5s);
    bool is_stopped = false;
    cards.boards().stop(5s, [&] { is_stopped = true; });
    cards.run(2100ms);
    CHECK(is_stopped);
    cards.kill();
    cards.run(300s);
    CHECK(tests::shows(cards.end("b").glass(), "请撤离"));
  }
}
