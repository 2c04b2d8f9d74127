#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "display/page/program.hpp"
#include "tests/devices_boards/cards.hpp"

using namespace lobby;
using namespace std::chrono_literals;
using tests::Cards;
using tests::Kind;

namespace {

constexpr Kind driven_kinds[] = {Kind::onbon_k, Kind::onbon_5e, Kind::onbon_6e,   Kind::ddp,
                                 Kind::e131,    Kind::huidu,    Kind::colorlight, Kind::gbt23828};

devices::BoardConfig two_pages(const std::string& id, Kind kind, const std::string& group = {}) {
  auto config = tests::board_of(id, kind, {128, 32});
  config.group = group;
  config.playlist.zones.front().items = {{"one", {}}, {"two", {}}};
  return config;
}

display::BoardViews two_texts(const std::string& one, const std::string& two) {
  display::BoardViews views;
  views.pages.emplace("one", display::TextView{"", one});
  views.pages.emplace("two", display::TextView{"", two});
  return views;
}

/// Which of these texts stood on the glass in this time.
std::set<std::string> seen(Cards& cards, const std::string& id, int seconds,
                           const std::vector<std::string>& texts) {
  std::set<std::string> out;
  for (int i = 0; i < seconds * 4; ++i) {
    cards.run(250ms);
    const auto glass = cards.end(id).glass();
    std::copy_if(texts.begin(), texts.end(), std::inserter(out, out.end()),
                 [&](const auto& text) { return tests::shows(glass, text); });
  }
  return out;
}

}  // namespace

TEST_CASE("pages turn on when somebody sets the clock, by however much and in whichever direction") {
  const std::vector<std::string> texts{"甲类事项", "乙类事项"};
  for (const auto kind : driven_kinds) {
    Cards cards({two_pages("b", kind)});
    CAPTURE(cards.configs().front().driver());
    cards.start();
    cards.run(4s);
    cards.boards().show({"b"}, two_texts(texts[0], texts[1]), false);
    REQUIRE(seen(cards, "b", 16, texts).size() == 2);
    for (const auto step : {-3600s, 7200s, -3s, -86'400s}) {
      CAPTURE(step.count());
      cards.clock_is_off_by += step;
      CHECK(seen(cards, "b", 16, texts).size() == 2);
    }
  }
}

TEST_CASE("boards of a group turn their pages together, also after the clock was set back") {
  const std::vector<std::string> texts{"甲类事项", "乙类事项"};
  Cards cards({two_pages("a", Kind::ddp, "hall"), two_pages("b", Kind::onbon_6e, "hall")});
  cards.start();
  cards.run(4s);
  for (const auto* id : {"a", "b"}) {
    cards.boards().show({id}, two_texts(texts[0], texts[1]), false);
  }
  cards.run(1s);
  for (int round = 0; round < 2; ++round) {
    int apart = 0;
    for (int ms = 0; ms < 30'000; ms += 10) {
      cards.run(10ms);
      const auto a = cards.end("a").glass(), b = cards.end("b").glass();
      apart += tests::shows(a, texts[0]) != tests::shows(b, texts[0]) ? 10 : 0;
      apart += tests::shows(a, texts[1]) != tests::shows(b, texts[1]) ? 10 : 0;
    }
    CHECK(apart <= 8 * 2 * 50);  // at most 50 ms at each turn
    cards.clock_is_off_by -= 600s;
    cards.run(10s);
  }
}

TEST_CASE("what is to come at an instant comes, when the clock is set back before it") {
  Cards cards({two_pages("a", Kind::ddp, "hall"), two_pages("b", Kind::onbon_6e, "hall")});
  cards.start();
  cards.run(4s);
  for (const auto* id : {"a", "b"}) {
    cards.boards().show({id}, two_texts("以前", ""), false);
  }
  cards.run(2s);
  for (const auto* id : {"a", "b"}) {
    cards.boards().show({id}, two_texts("以后", ""), false);
  }
  cards.run(100ms);
  cards.clock_is_off_by -= 3600s;
  cards.run(1s);
  for (const auto* id : {"a", "b"}) {
    CHECK(tests::shows(cards.end(id).glass(), "以后"));
    cards.boards().show({id}, two_texts("最后", ""), false);
  }
  cards.run(1s);
  for (const auto* id : {"a", "b"}) {
    CHECK(tests::shows(cards.end(id).glass(), "最后"));
  }
}

TEST_CASE("a call is on the glass though the clock was set back since the last one") {
  auto config = tests::board_of("b", Kind::ddp, {256, 64});
  config.playlist.zones.front().items = {{"calls", {}}};
  Cards cards({config});
  cards.start();
  cards.run(2s);
  const auto call = [&](const std::string& number) {
    display::CallsView view;
    view.calls.push_back({number, "3号窗口", {}, std::chrono::milliseconds(cards.now().utc_ms)});
    display::BoardViews views;
    views.pages.emplace("calls", view);
    cards.boards().show({"b"}, std::move(views), true);
    cards.run(100ms);
    return tests::shows(cards.end("b").glass(), number);
  };
  CHECK(call("A001"));
  for (const auto step : {-3600s, -1s, 1s, 3600s}) {
    CAPTURE(step.count());
    cards.clock_is_off_by += step;
    CHECK(call("A1" + std::to_string(10 + step.count() % 7)));
    cards.run(10s);
  }
}

TEST_CASE("a card with lines of its own shows all rows of a table, some at a time, and none cut") {
  for (const auto kind : {Kind::onbon_k, Kind::huidu, Kind::gbt23828}) {
    Cards cards({tests::board_of("b", kind, {256, 64})});
    CAPTURE(cards.configs().front().driver());
    cards.start();
    cards.run(4s);
    display::CasesView view;
    std::vector<std::string> numbers;
    for (int i = 0; i < 11; ++i) {
      numbers.push_back("20261123" + std::to_string(1000 + 37 * i));
      view.rows.push_back(
          {numbers.back(), "营业执照", "张*", "3号", "11-20", "", "已受理", display::Light::green});
      numbers.back() = numbers.back().substr(8);
    }
    display::BoardViews views;
    views.pages.emplace("cases", view);
    cards.boards().show({"b"}, views, false);
    CHECK(seen(cards, "b", 60, numbers).size() == numbers.size());
    CHECK(cards.state("b").missing == 0);
    CHECK(tests::refusals(cards.end("b")) == "");
  }
}

TEST_CASE("a wall is told what it is to show, tested and stopped, and says what it shows") {
  auto config = two_pages("w", Kind::screen);
  Cards cards({config});
  cards.start();
  CHECK(cards.device("w").state == hall::DeviceState::absent);
  cards.boards().show({"w"}, two_texts("甲类事项", ""), false);
  const auto read = [&] {
    const auto program = cards.boards().program({"w"});
    REQUIRE(program);
    const auto out = display::read_program(program->json);
    REQUIRE(out);
    return *out;
  };
  const auto first = read();
  CHECK(std::get<display::TextView>(first.views.pages.at("one")).text == "甲类事项");
  CHECK(cards.state("w").confirmed == hall::BoardProof::no);
  CHECK(cards.boards().program_shown({"w"}, first.version));
  CHECK(cards.state("w").confirmed == hall::BoardProof::shown);
  CHECK(cards.device("w").state == hall::DeviceState::ok);

  cards.boards().self_test({"w"});
  CHECK(read().views.over_all.has_value());
  CHECK(cards.state("w").confirmed == hall::BoardProof::no);
  for (int i = 0; i < 62; ++i) {
    cards.run(500ms);
    static_cast<void>(read());
  }
  CHECK_FALSE(read().views.over_all.has_value());

  cards.run(4s);  // it does not ask any more
  CHECK(cards.device("w").state == hall::DeviceState::gone);
  CHECK_FALSE(cards.boards().program({"x"}));
  CHECK_FALSE(cards.boards().program_shown({"x"}, 1));
  CHECK_FALSE(cards.boards().self_test({"x"}));

  bool is_stopped = false;
  cards.boards().stop(5s, [&] { is_stopped = true; });
  cards.run(10ms);
  CHECK(is_stopped);
  CHECK(read().views.pages.empty());
  CHECK(read().version > first.version);
  cards.boards().show({"w"}, two_texts("太晚了", ""), false);
  CHECK(read().views.pages.empty());
}

TEST_CASE("a daemon that is destroyed while it stops does nothing afterwards") {
  Cards cards({two_pages("w", Kind::screen), two_pages("b", Kind::onbon_6e)});
  cards.start();
  cards.run(2s);
  cards.boards().stop(5s, [] {});
  cards.kill();
  cards.run(10s);
}
