#include <doctest/doctest.h>

#include <string>

#include "display/page/program.hpp"
#include "tests/devices_boards/cards.hpp"

// When boards are lit and when they are dark, by their schedule, on the glass of every card.

using namespace lobby;
using namespace std::chrono_literals;
using tests::Cards;
using tests::Kind;

namespace {

constexpr Kind card_kinds[] = {Kind::onbon_k, Kind::onbon_5e, Kind::onbon_6e,   Kind::ddp,
                               Kind::e131,    Kind::huidu,    Kind::colorlight, Kind::gbt23828};

constexpr int hm(int hour, int minute) {
  return hour * 60 + minute;
}

/// One board whose day has an end; it is 09:30.
class Night {
 public:
  Night(Kind kind, std::vector<devices::OnSpan> spans) : cards({scheduled(kind, std::move(spans))}, 10ms) {
    cards.start();
  }
  static devices::BoardConfig scheduled(Kind kind, std::vector<devices::OnSpan> spans) {
    auto config = tests::board_of("b", kind, {128, 32});
    config.playlist.zones.front().items = {{"one", {}}};
    config.on_spans = std::move(spans);
    return config;
  }

  void say(const std::string& text) {
    views_.pages["one"] = display::TextView{"", text};
    tell(false);
  }
  void cover(std::optional<display::BoardView> over_all) {
    views_.over_all = std::move(over_all);
    tell(true);
  }
  /// The wall clock shows this from now on.
  void set_clock(int minute) {
    const auto ahead = minute - hall::local_minute(cards.now());
    const auto seconds_ms = cards.now().utc_ms % 60'000;
    cards.clock_is_off_by += std::chrono::minutes(ahead) - std::chrono::milliseconds(seconds_ms);
  }
  int minute() const { return hall::local_minute(cards.now()); }
  bool is_dark() { return tests::is_dark(cards.end("b").glass()); }
  bool shows(std::string_view text) { return tests::shows(cards.end("b").glass(), text); }
  /// Is it dark at every moment of this span of time?
  bool stays_dark(link::Duration span) {
    return always(span, [this] { return is_dark(); });
  }
  template <class Is>
  bool always(link::Duration span, Is is) {
    for (link::Duration gone{}; gone < span; gone += 100ms) {
      cards.run(100ms);
      if (!is()) {
        return false;
      }
    }
    return true;
  }
  hall::BoardState state() const { return cards.state("b"); }
  const hall::DeviceView& device() const { return cards.device("b"); }
  std::string off_until() const {
    const auto until = state().off_until;
    return until ? hall::to_text(*until) : "lit";
  }

  Cards cards;

 private:
  void tell(bool urgent) { cards.boards().show({"b"}, views_, urgent); }
  display::BoardViews views_;
};

/// Cards take a second for a text, and one more to be told.
constexpr auto soon = 2s;

}  // namespace

TEST_CASE("a board is lit within its hours and dark outside, also over midnight, on every card") {
  for (const auto kind : card_kinds) {
    Night hall(kind, {{hm(9, 0), hm(9, 32)}, {hm(9, 34), hm(9, 35)}, {hm(23, 58), hm(0, 2)}});
    CAPTURE(hall.device().driver);
    hall.say("今日办事");
    hall.cards.run(3s);
    const auto is_right = [&](const std::vector<std::pair<int, bool>>& minutes) {
      for (const auto& [minute, is_lit] : minutes) {
        CAPTURE(minute);
        while (hall.minute() < minute) {
          hall.cards.run(10ms);
        }
        REQUIRE(hall.minute() == minute);
        hall.cards.run(soon);
        for (int i = 0; i < 56; ++i, hall.cards.run(1s)) {
          REQUIRE(hall.is_dark() == !is_lit);
          REQUIRE(hall.shows("今日办事") == is_lit);
          REQUIRE(hall.cards.end("b").is_on().value_or(is_lit) == is_lit);
        }
      }
    };
    is_right(
        {{hm(9, 31), true}, {hm(9, 32), false}, {hm(9, 33), false}, {hm(9, 34), true}, {hm(9, 35), false}});
    hall.set_clock(hm(23, 57));
    hall.cards.run(soon);
    is_right({{hm(23, 58), true}, {hm(23, 59), true}});
    while (hall.minute() != 0) {
      hall.cards.run(10ms);
    }
    is_right({{hm(0, 0), true}, {hm(0, 1), true}, {hm(0, 2), false}, {hm(0, 3), false}});
    CHECK(hall.device().state == hall::DeviceState::ok);
    CHECK(hall.cards.end("b").counts().mixed == 0);
    CHECK(tests::refusals(hall.cards.end("b")) == "");
  }
}

TEST_CASE("a board that is off says until when, and is no fault") {
  for (const auto kind : card_kinds) {
    Night hall(kind, {{hm(7, 30), hm(9, 31)}});
    CAPTURE(hall.device().driver);
    hall.say("今日办事");
    hall.cards.run(4s);
    CHECK(hall.off_until() == "lit");
    CHECK(hall.state().pages == std::vector<std::string>{"one"});
    hall.cards.run(60s);
    CHECK(hall.off_until() == "2026-11-24T07:30:00.000+08:00");
    CHECK(hall.state().pages.empty());
    CHECK(hall.state().confirmed != hall::BoardProof::no);
    CHECK(hall.device().state == hall::DeviceState::ok);
    CHECK(hall.device().reason.empty());
    CHECK(hall.device().detail.find("off until 07:30") != std::string::npos);
    hall.set_clock(hm(1, 0));
    hall.cards.run(soon);
    CHECK(hall.off_until() == "2026-11-23T07:30:00.000+08:00");
    hall.set_clock(hm(7, 30));
    hall.cards.run(soon);
    CHECK(hall.off_until() == "lit");
    CHECK(hall.device().detail.find("off") == std::string::npos);
  }
}

TEST_CASE("in the morning a board shows the present, and nothing of the evening before") {
  for (const auto kind : card_kinds) {
    Night hall(kind, {{hm(7, 30), hm(9, 31)}});
    CAPTURE(hall.device().driver);
    hall.say("昨天的事");
    hall.cards.run(5s);
    REQUIRE(hall.shows("昨天的事"));
    hall.set_clock(hm(18, 0));
    hall.cards.run(soon);
    hall.say("夜里的事");
    hall.say("今天的事");
    REQUIRE(hall.stays_dark(30s));
    hall.set_clock(hm(7, 29));
    REQUIRE(hall.stays_dark(59s));
    for (int i = 0; i < 500; ++i) {
      hall.cards.run(10ms);
      REQUIRE_FALSE(hall.shows("昨天的事"));
      REQUIRE_FALSE(hall.shows("夜里的事"));
    }
    CHECK(hall.shows("今天的事"));
    CHECK(hall.state().confirmed != hall::BoardProof::no);
  }
}

TEST_CASE("a card that comes back in the night is dark again at once, and lit again by day") {
  for (const auto kind : card_kinds) {
    Night hall(kind, {{hm(9, 0), hm(18, 0)}});
    CAPTURE(hall.device().driver);
    hall.say("今日办事");
    hall.cards.run(5s);
    hall.set_clock(hm(19, 0));
    hall.cards.run(soon);
    for (const bool loses_power : {false, true}) {
      hall.cards.end("b").pull_out();
      hall.cards.run(10s);
      if (loses_power) {
        hall.cards.end("b").power_cycle();
        hall.cards.run(10s);
      }
      hall.cards.end("b").plug_in();
      hall.cards.run(soon);
      CHECK(hall.stays_dark(90s));
    }
    hall.cards.end("b").pull_out();
    hall.set_clock(hm(9, 0));
    hall.cards.run(30s);
    hall.cards.end("b").plug_in();
    hall.cards.run(soon);
    CHECK(hall.shows("今日办事"));
  }
}

TEST_CASE("a daemon that begins in the night makes it dark, and one that begins by day lights it") {
  for (const auto kind : card_kinds) {
    Night hall(kind, {{hm(9, 0), hm(18, 0)}});
    CAPTURE(hall.device().driver);
    hall.say("今日办事");
    hall.cards.run(5s);
    hall.cards.kill();
    hall.set_clock(hm(18, 0));
    hall.cards.start();
    hall.cards.run(soon);
    CHECK(hall.stays_dark(90s));
    CHECK(hall.off_until() == "2026-11-24T09:00:00.000+08:00");
    hall.cards.kill();
    hall.cards.run(30s);
    hall.set_clock(hm(9, 5));
    hall.cards.start();
    hall.say("新的一天");
    hall.cards.run(3s);
    CHECK(hall.shows("新的一天"));
  }
}

TEST_CASE("an emergency lights a board in the night, and it is dark again when that is over") {
  for (const auto kind : card_kinds) {
    Night hall(kind, {{hm(9, 0), hm(9, 31)}});
    CAPTURE(hall.device().driver);
    hall.say("今日办事");
    hall.cards.run(70s);
    REQUIRE(hall.is_dark());
    hall.cover(display::EmergencyView{"请撤离"});
    hall.cards.run(soon);
    CHECK_FALSE(hall.is_dark());
    CHECK(hall.off_until() == "lit");
    CHECK(hall.state().over_all == "emergency");
    CHECK(hall.always(90s, [&] { return !hall.is_dark(); }));
    hall.cover(std::nullopt);
    hall.cards.run(soon);
    CHECK(hall.stays_dark(90s));
    CHECK(hall.off_until() == "2026-11-24T09:00:00.000+08:00");
  }
}

TEST_CASE("who tries a board in the night sees it for half a minute") {
  for (const auto kind : card_kinds) {
    Night hall(kind, {{hm(9, 0), hm(9, 31)}});
    CAPTURE(hall.device().driver);
    hall.cards.run(70s);
    REQUIRE(hall.is_dark());
    CHECK(hall.cards.boards().self_test({"b"}));
    bool was_lit = false;
    for (int i = 0; i < 29; ++i) {
      hall.cards.run(1s);
      was_lit = was_lit || !hall.is_dark();
    }
    CHECK(was_lit);
    hall.cards.run(3s);
    CHECK(hall.stays_dark(60s));
  }
}

TEST_CASE("a board stays lit for those who are still to be called, and goes dark after the last of them") {
  for (const auto kind : card_kinds) {
    Night hall(kind, {{hm(9, 0), hm(9, 31)}});
    CAPTURE(hall.device().driver);
    hall.say("今日办事");
    hall.cards.run(5s);
    hall.cards.boards().need({"b"}, true);
    hall.cards.run(60s);
    CHECK(hall.always(90s, [&] { return hall.shows("今日办事"); }));
    hall.cards.boards().need({"b"}, false);
    hall.cards.run(soon);
    CHECK(hall.stays_dark(60s));
  }
}

TEST_CASE("a clock that is set, forward or back, counts at once") {
  for (const auto kind : card_kinds) {
    Night hall(kind, {{hm(9, 0), hm(18, 0)}});
    CAPTURE(hall.device().driver);
    hall.say("今日办事");
    hall.cards.run(5s);
    for (int i = 0; i < 3; ++i) {
      hall.set_clock(hm(18, 30));
      hall.cards.run(3s);
      CHECK(hall.stays_dark(10s));
      hall.set_clock(hm(17, 30));
      hall.cards.run(3s);
      CHECK(hall.always(10s, [&] { return hall.shows("今日办事"); }));
    }
  }
}

TEST_CASE("a daemon that stops in the night leaves the board dark, closing text or not") {
  for (const auto kind : card_kinds) {
    Night hall(kind, {{hm(9, 0), hm(9, 31)}});
    CAPTURE(hall.device().driver);
    hall.cards.run(70s);
    bool is_stopped = false;
    hall.cards.boards().stop(5s, [&] { is_stopped = true; });
    CHECK(hall.stays_dark(3s));
    CHECK(is_stopped);
    hall.set_clock(hm(9, 5));
    CHECK(hall.stays_dark(90s));  // who has stopped begins nothing
  }
}

TEST_CASE("a board without a schedule is lit at any hour, and its card's power is left alone") {
  for (const auto kind : card_kinds) {
    Night hall(kind, {});
    CAPTURE(hall.device().driver);
    hall.say("今日办事");
    hall.cards.run(5s);
    hall.set_clock(hm(3, 0));
    hall.cards.run(3s);
    CHECK(hall.always(60s, [&] { return hall.shows("今日办事"); }));
    CHECK(hall.off_until() == "lit");
  }
}

TEST_CASE("a group turns together by day, and those of it that are off stay dark") {
  std::vector<devices::BoardConfig> configs;
  for (const auto kind : {Kind::ddp, Kind::onbon_6e}) {
    auto config = Night::scheduled(kind, {});
    config.id.value = config.driver();
    config.group = "hall";
    if (kind == Kind::ddp) {
      config.on_spans = {{hm(9, 0), hm(9, 31)}};
    }
    configs.push_back(config);
  }
  Cards cards(configs, 10ms);
  cards.start();
  cards.run(59s);
  // News all the time, over the minute in which one of them goes dark.
  for (int i = 0; i < 600; ++i) {
    display::BoardViews views;
    views.pages["one"] = display::TextView{"", "第" + std::to_string(i) + "条"};
    for (const auto& config : configs) {
      cards.boards().show(config.id, views, false);
    }
    cards.run(100ms);
    if (i > 30) {
      REQUIRE(tests::is_dark(cards.end("ddp").glass()));
    }
  }
  cards.run(2s);
  CHECK(tests::shows(cards.end("onbon_6e").glass(), "第599条"));
  CHECK(cards.end("onbon_6e").counts().mixed == 0);
}

TEST_CASE("a wall on a video output is told to be black, and what it is not to show does not travel") {
  Cards cards({Night::scheduled(Kind::screen, {{hm(9, 0), hm(9, 31)}})});
  cards.start();
  const auto show = [&](const std::string& text) {
    display::BoardViews views;
    views.pages["one"] = display::TextView{"", text};
    cards.boards().show({"b"}, views, false);
  };
  const auto read = [&] { return *display::read_program(cards.boards().program({"b"})->json); };
  show("今日办事");
  const auto by_day = read();
  CHECK(by_day.power);
  cards.run(59s);
  CHECK(read().version == by_day.version);
  cards.run(1s);
  const auto dark = read();
  CHECK_FALSE(dark.power);
  CHECK(dark.views.pages.empty());
  CHECK(dark.version > by_day.version);
  CHECK(cards.state("b").off_until.has_value());
  CHECK(cards.state("b").pages.empty());
  CHECK(cards.boards().program_shown({"b"}, dark.version));
  const auto mark = cards.boards().program({"b"})->mark;
  for (int i = 0; i < 60; ++i) {
    show("第" + std::to_string(i) + "条");
    cards.run(1s);
    REQUIRE(cards.boards().program({"b"})->mark == mark);
  }
  CHECK(cards.state("b").confirmed == hall::BoardProof::shown);
  display::BoardViews emergency;
  emergency.over_all = display::EmergencyView{"请撤离"};
  cards.boards().show({"b"}, emergency, true);
  CHECK(read().power);
  CHECK(read().views.over_all == emergency.over_all);
  CHECK(cards.state("b").confirmed == hall::BoardProof::no);
  show("今日办事");
  CHECK_FALSE(read().power);
  cards.boards().stop(1s, [] {});
  CHECK_FALSE(read().power);
}
