#include <doctest/doctest.h>

#include <set>

#include "tests/board_ends/meeting.hpp"

using namespace lobby;
using namespace std::chrono_literals;
using board::Confirmed;
using board::Health;
using tests::Meeting;

namespace {

constexpr const char* protocols[] = {"onbon_k", "huidu", "gbt23828"};

board::View words(const std::string& text) {
  board::View view;
  view.lines.push_back({text, {255, 0, 0}});
  return view;
}

}  // namespace

TEST_CASE("a card with a font of its own shows the words that it is told, and confirms them") {
  for (const auto* protocol : protocols) {
    CAPTURE(protocol);
    Meeting meeting(protocol, {192, 32}, "dual");
    meeting.plug_in();
    meeting.run(4s);
    std::set<std::vector<std::uint8_t>> seen;
    for (const std::string text : {"请A001号到3号窗口", "A001", "B102", "暂停服务", "今日受理 128 件"}) {
      meeting.board().want(words(text));
      meeting.run(3s);
      CHECK_FALSE(meeting.is_dark());
      CHECK(meeting.report().confirmed == Confirmed::shown);
      CHECK(seen.insert(meeting.glass()).second);
    }
    CHECK(meeting.report().health == Health::ok);
    CHECK(meeting.card().counts().refused.empty());
    CHECK(meeting.card().counts().mixed == 0);
  }
}

TEST_CASE("the same words look the same after a lost link and after a lost power") {
  for (const auto* protocol : protocols) {
    CAPTURE(protocol);
    Meeting meeting(protocol, {192, 32}, "dual");
    meeting.plug_in();
    meeting.board().want(words("请A001号到3号窗口"));
    meeting.run(4s);
    const auto before = meeting.glass();
    meeting.pull_out();
    meeting.card().power_cycle(meeting.time());
    meeting.run(10s);
    CHECK(meeting.glass() != before);
    meeting.plug_in();
    meeting.run(2s);
    CHECK(meeting.glass() == before);
  }
}

TEST_CASE("what is left at the end stays, whatever limit the card has for silence") {
  for (const auto* protocol : protocols) {
    CAPTURE(protocol);
    Meeting meeting(protocol, {192, 32}, "dual", words("欢迎光临"));
    meeting.plug_in();
    meeting.board().want(words("欢迎光临"));
    meeting.run(4s);
    const auto welcome = meeting.glass();
    meeting.board().want(words("A001"));
    meeting.run(4s);
    int ends = 0;
    meeting.board().stop([&ends] { ++ends; });
    meeting.run(2s);
    CHECK(ends == 1);
    CHECK(meeting.glass() == welcome);
    meeting.run(10min);
    CHECK(meeting.glass() == welcome);
  }
}

TEST_CASE("a card that says no is told as such, by its own word, and takes it when it may again") {
  for (const auto* protocol : protocols) {
    CAPTURE(protocol);
    Meeting meeting(protocol, {192, 32}, "dual");
    meeting.plug_in();
    meeting.board().want(words("A001"));
    meeting.run(4s);
    meeting.card().refuse_with(3);
    meeting.board().want(words("A002"));
    meeting.run(5s);
    CHECK(meeting.report().health != Health::ok);
    CHECK_FALSE(meeting.report().reason.empty());
    CHECK(meeting.report().confirmed != Confirmed::shown);
    meeting.card().refuse_with(std::nullopt);
    meeting.run(60s);
    CHECK(meeting.report().health == Health::ok);
    CHECK(meeting.report().confirmed == Confirmed::shown);
  }
}

TEST_CASE("a character that no card has is replaced and counted") {
  Meeting meeting("onbon_k", {192, 32}, "dual");
  meeting.plug_in();
  meeting.board().want(words("公示 䶮"));
  meeting.run(4s);
  CHECK(meeting.report().losses.replaced == 1);
  CHECK_FALSE(meeting.is_dark());
}
