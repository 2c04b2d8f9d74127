#include <doctest/doctest.h>

#include <array>
#include <random>

#include "tests/board_ends/meeting.hpp"

using namespace lobby;
using namespace std::chrono_literals;
using board::Confirmed;
using board::Health;
using tests::Meeting;

namespace {

using Dice = std::mt19937;

struct Kind {
  const char* protocol;
  const char* colour;
};
constexpr Kind kinds[] = {
    {"onbon_5e", "dual"}, {"onbon_6e", "dual"}, {"ddp", "full"}, {"e131", "full"}, {"colorlight", "full"}};

/// Any dots that the board has a lamp for.
board::View dots(Dice& dice, board::Size size) {
  constexpr std::array<board::Rgb, 4> lamps{{{0, 0, 0}, {255, 0, 0}, {0, 255, 0}, {255, 255, 0}}};
  board::View view;
  view.picture.size = size;
  for (int i = 0; i < size.width * size.height; ++i) {
    const auto lamp = lamps[dice() % lamps.size()];
    view.picture.rgb.insert(view.picture.rgb.end(), {lamp.red, lamp.green, lamp.blue});
  }
  return view;
}

}  // namespace

TEST_CASE("what a driver is told to show is on the glass of a card that somebody else wrote, dot for dot") {
  Dice dice(7);
  for (const auto& kind : kinds) {
    for (const board::Size size : {board::Size{64, 16}, {96, 32}, {192, 32}, {256, 64}}) {
      CAPTURE(kind.protocol);
      CAPTURE(size.width);
      Meeting meeting(kind.protocol, size, kind.colour);
      meeting.plug_in();
      meeting.run(5s);
      for (int i = 0; i < 4; ++i) {
        const auto view = dots(dice, size);
        meeting.board().want(view);
        meeting.run(2s);
        CHECK(meeting.glass() == view.picture.rgb);
        CHECK(meeting.report().confirmed != Confirmed::no);
      }
      CHECK(meeting.report().health == Health::ok);
      CHECK(meeting.card().counts().refused.empty());
      CHECK(meeting.card().counts().mixed == 0);
    }
  }
}

TEST_CASE("of many wishes the last one stands, and never two halves together") {
  Dice dice(8);
  for (const auto& kind : kinds) {
    CAPTURE(kind.protocol);
    Meeting meeting(kind.protocol, {192, 32}, kind.colour);
    meeting.plug_in();
    meeting.run(4s);
    board::View last;
    for (int i = 0; i < 300; ++i) {
      last = dots(dice, meeting.size());
      meeting.board().want(last);
      meeting.run(std::chrono::milliseconds(dice() % 20));
    }
    meeting.run(2s);
    CHECK(meeting.glass() == last.picture.rgb);
    CHECK(meeting.card().counts().mixed == 0);
  }
}

TEST_CASE("a board that was pulled out or lost its power has what is wanted now within two seconds") {
  Dice dice(9);
  for (const auto& kind : kinds) {
    CAPTURE(kind.protocol);
    Meeting meeting(kind.protocol, {128, 32}, kind.colour);
    meeting.plug_in();
    meeting.board().want(dots(dice, meeting.size()));
    meeting.run(3s);

    meeting.pull_out();
    const auto now = dots(dice, meeting.size());
    meeting.board().want(now);
    meeting.run(20s);
    meeting.plug_in();
    meeting.run(2s);
    CHECK(meeting.glass() == now.picture.rgb);

    meeting.pull_out();
    meeting.card().power_cycle(meeting.time());
    meeting.run(10s);  // it starts
    meeting.plug_in();
    meeting.run(2s);
    CHECK(meeting.glass() == now.picture.rgb);
  }
}

TEST_CASE("a daemon that dies leaves no old picture where the card has a limit of its own") {
  Dice dice(10);
  // DDP's 2.5 s are the controller's own setting; Colorlight cards hold the last picture for ever.
  for (const auto& kind : {kinds[0], kinds[1], kinds[2], kinds[3]}) {
    CAPTURE(kind.protocol);
    Meeting meeting(kind.protocol, {128, 32}, kind.colour);
    meeting.plug_in();
    const auto view = dots(dice, meeting.size());
    meeting.board().want(view);
    meeting.run(3s);
    // An hour in which nothing changes: it is kept alive.
    for (int minute = 0; minute < 60; ++minute) {
      meeting.run(60s);
      REQUIRE(meeting.glass() == view.picture.rgb);
    }
    meeting.pull_out();
    meeting.run(61s);
    CHECK(meeting.glass() != view.picture.rgb);
  }
}

TEST_CASE("the picture at the end stays on a card that has a limit for silence") {
  Dice dice(12);
  for (const auto& kind : {kinds[0], kinds[1]}) {
    CAPTURE(kind.protocol);
    const auto closing = dots(dice, {128, 32});
    Meeting meeting(kind.protocol, {128, 32}, kind.colour, closing);
    meeting.plug_in();
    meeting.board().want(dots(dice, meeting.size()));
    meeting.run(3s);
    meeting.board().stop([] {});
    meeting.run(10min);
    CHECK(meeting.glass() == closing.picture.rgb);
  }
}

TEST_CASE("what is prepared for an instant is shown at that instant, on every kind of board") {
  Dice dice(11);
  for (const auto& kind : kinds) {
    CAPTURE(kind.protocol);
    Meeting meeting(kind.protocol, {128, 32}, kind.colour);
    meeting.plug_in();
    const auto before = dots(dice, meeting.size());
    const auto after = dots(dice, meeting.size());
    meeting.board().want(before);
    meeting.run(3s);
    meeting.board().want_at(after, meeting.executor.now() + 5s);
    meeting.run(4990ms);
    CHECK(meeting.glass() == before.picture.rgb);
    meeting.run(60ms);
    CHECK(meeting.glass() == after.picture.rgb);
  }
}
