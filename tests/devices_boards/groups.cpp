#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>

#include "tests/devices_boards/cards.hpp"

using namespace lobby;
using namespace std::chrono_literals;
using tests::Cards;
using tests::Kind;

namespace {

constexpr board::Size plate{96, 32};
constexpr Kind mixed_kinds[] = {Kind::onbon_6e, Kind::ddp,   Kind::e131,     Kind::onbon_5e,
                                Kind::onbon_k,  Kind::huidu, Kind::gbt23828, Kind::colorlight};

std::string name_of(int i) {
  return "b" + std::to_string(i);
}

enum class Wire : std::uint8_t { good, slow, dead, flapping };
Wire wire_of(int i) {
  return i % 3 != 0 ? Wire::good : i % 9 == 0 ? Wire::slow : i % 9 == 3 ? Wire::dead : Wire::flapping;
}

display::BoardViews text_of(const std::string& text) {
  display::BoardViews views;
  views.pages.emplace("text", display::TextView{"", text});
  return views;
}

devices::BoardConfig plate_of(const std::string& id, Kind kind, const std::string& group) {
  auto config = tests::board_of(id, kind, plate);
  config.group = group;
  config.playlist.zones.front().items = {{"text", {}}};
  return config;
}

std::vector<devices::BoardConfig> plates(int count) {
  std::vector<devices::BoardConfig> configs;
  for (int i = 0; i < count; ++i) {
    configs.push_back(plate_of(name_of(i), mixed_kinds[i % 8], "hall"));
  }
  return configs;
}

/// Boards of one group, a third of them on wires that are slow, dead or come and go.
class Group {
 public:
  static constexpr int count = 64;
  Group() : cards(plates(count)) {
    cards.start();
    for (int i = 0; i < count; ++i) {
      if (wire_of(i) == Wire::slow) {
        cards.end(name_of(i)).set_delay(400ms);
      } else if (wire_of(i) == Wire::dead) {
        cards.end(name_of(i)).fall_silent(true);
      } else if (wire_of(i) == Wire::flapping) {
        flap(i, std::chrono::milliseconds(700 + 100 * i));
      }
    }
  }
  void show(const std::string& text, bool urgent = false) {
    said.insert(text);
    for (int i = 0; i < count; ++i) {
      cards.boards().show({name_of(i)}, text_of(text), urgent);
    }
  }
  bool shows(int i, const std::string& text) { return tests::shows(cards.end(name_of(i)).glass(), text); }

  Cards cards;
  std::set<std::string> said;

 private:
  void flap(int i, link::Duration every) {
    cards.executor.after(every, [this, i, every] {
      auto& end = cards.end(name_of(i));
      is_out_[i] = !is_out_[i];
      is_out_[i] ? end.pull_out() : end.plug_in();
      flap(i, every);
    });
  }
  std::map<int, bool> is_out_;
};

/// When the good boards turned to a text, and whether one ever showed what was never said.
class Watch {
 public:
  explicit Watch(Group& group) : group_(group) {}
  /// For so long, each millisecond.
  void run(link::Duration span, const std::string& text) {
    text_ = text;
    turned_.clear();
    for (const auto until = group_.cards.executor.now() + span; group_.cards.executor.now() < until;) {
      group_.cards.run(1ms);
      look();
    }
  }
  std::size_t turned() const { return turned_.size(); }
  link::MonoTime first() const { return extreme(true); }
  link::MonoTime last() const { return extreme(false); }

  static constexpr std::size_t good_boards = Group::count - (Group::count + 2) / 3;

 private:
  void look() {
    for (int i = 0; i < Group::count; ++i) {
      auto& end = group_.cards.end(name_of(i));
      if (wire_of(i) != Wire::good || std::exchange(flips_[i], end.counts().flips) == end.counts().flips) {
        continue;
      }
      CAPTURE(name_of(i));
      CAPTURE(text_);
      const auto glass = end.glass();
      const auto shown = std::count_if(group_.said.begin(), group_.said.end(),
                                       [&](const auto& text) { return tests::shows(glass, text); });
      REQUIRE(shown == 1);
      if (tests::shows(glass, text_)) {
        turned_.try_emplace(i, group_.cards.executor.now());
      }
    }
  }
  link::MonoTime extreme(bool first) const {
    link::MonoTime out = turned_.begin()->second;
    for (const auto& [i, at] : turned_) {
      out = first ? std::min(out, at) : std::max(out, at);
    }
    return out;
  }
  Group& group_;
  std::string text_;
  std::map<int, std::uint64_t> flips_;
  std::map<int, link::MonoTime> turned_;
};

}  // namespace

TEST_CASE("64 boards turn together, whatever a third of their wires does, and none shows half of two texts") {
  Group group;
  group.said.insert("欢迎光临");
  group.cards.run(6s);
  Watch watch(group);
  std::mt19937 dice(3);
  link::Duration widest{};
  for (int n = 100; n < 112; ++n) {
    const std::string text = "批次" + std::to_string(n);
    group.show(text);
    const auto told = group.cards.executor.now();
    watch.run(700ms, text);
    CAPTURE(text);
    REQUIRE(watch.turned() == Watch::good_boards);
    widest = std::max(widest, watch.last() - watch.first());
    CHECK(watch.last() - watch.first() < 50ms);
    CHECK(watch.last() - told < 400ms);
    group.cards.run(std::chrono::milliseconds(dice() % 3000));
  }
  MESSAGE("widest spread " << std::chrono::duration_cast<std::chrono::microseconds>(widest).count() << " us");
  group.cards.run(6s);
  for (int i = 0; i < Group::count; ++i) {
    CAPTURE(i);
    CHECK(group.cards.end(name_of(i)).counts().mixed == 0);
    if (wire_of(i) == Wire::good || wire_of(i) == Wire::slow) {
      CHECK(group.shows(i, "批次111"));
      CHECK(group.cards.state(name_of(i)).confirmed != hall::BoardProof::no);
    }
    const auto kind = group.cards.configs()[static_cast<std::size_t>(i)].kind;
    const bool is_never_heard = kind == Kind::ddp || kind == Kind::e131;
    if (wire_of(i) == Wire::dead) {
      CHECK(group.cards.state(name_of(i)).confirmed != hall::BoardProof::shown);
      CHECK((group.cards.device(name_of(i)).state == hall::DeviceState::ok) == is_never_heard);
    }
  }
}

TEST_CASE("a call overtakes all that is on its way, and the newest of many stands") {
  Group group;
  group.said.insert("欢迎光临");
  group.cards.run(6s);
  Watch watch(group);
  for (int n = 0; n < 10; ++n) {
    group.show("批次" + std::to_string(n) + "号");
    group.cards.run(std::chrono::milliseconds(40 * n));  // some before their flip, some behind it
    const std::string call = "请A" + std::to_string(200 + n);
    group.show(call, true);
    const auto told = group.cards.executor.now();
    watch.run(300ms, call);
    CAPTURE(call);
    REQUIRE(watch.turned() == Watch::good_boards);
    CHECK(watch.last() - told < 100ms);
    group.cards.run(1s);
    for (int i = 1; i < Group::count; ++i) {
      if (wire_of(i) == Wire::good) {
        REQUIRE(group.shows(i, call));  // what was to come before does not come back
      }
    }
  }
  for (int n = 0; n < 60; ++n) {
    group.show("第" + std::to_string(n) + "条");
    group.cards.run(17ms);
  }
  group.cards.run(6s);
  for (int i = 0; i < Group::count; ++i) {
    if (wire_of(i) == Wire::good || wire_of(i) == Wire::slow) {
      CAPTURE(i);
      CHECK(group.shows(i, "第59条"));
    }
  }
}

TEST_CASE("news without a pause do not keep a group from showing any") {
  Cards cards({plate_of("a", Kind::onbon_6e, "hall"), plate_of("b", Kind::ddp, "hall")});
  cards.start();
  cards.run(5s);
  for (int n = 100; n < 150; ++n) {
    const std::string text = "批次" + std::to_string(n);
    for (const auto* id : {"a", "b"}) {
      cards.boards().show({id}, text_of(text), false);
    }
    cards.run(200ms);
    if (n >= 104) {
      // Something of the last second is up, on both.
      for (const auto* id : {"a", "b"}) {
        bool is_recent = false;
        for (int back = 0; back < 5; ++back) {
          is_recent |= tests::shows(cards.end(id).glass(), "批次" + std::to_string(n - back));
        }
        CAPTURE(text);
        REQUIRE(is_recent);
      }
    }
  }
}

TEST_CASE("one of a group that is tested when the others turn is not before them") {
  Cards cards({plate_of("a", Kind::ddp, "hall"), plate_of("b", Kind::ddp, "hall")});
  cards.start();
  cards.run(3s);
  for (const auto* id : {"a", "b"}) {
    cards.boards().show({id}, text_of("以前"), false);
  }
  cards.run(2s);
  // The test ends in the middle of the time in which the new text is prepared.
  REQUIRE(cards.boards().self_test({"a"}));
  cards.run(29'850ms);
  for (const auto* id : {"a", "b"}) {
    cards.boards().show({id}, text_of("以后"), false);
  }
  std::optional<int> turned_a, turned_b;
  for (int ms = 0; ms < 600; ++ms) {
    cards.run(1ms);
    if (!turned_a && tests::shows(cards.end("a").glass(), "以后")) {
      turned_a = ms;
    }
    if (!turned_b && tests::shows(cards.end("b").glass(), "以后")) {
      turned_b = ms;
    }
  }
  REQUIRE(turned_a);
  REQUIRE(turned_b);
  CHECK(std::abs(*turned_a - *turned_b) < 50);

  // And one whose test begins while a text is to come has it behind the test.
  for (const auto* id : {"a", "b"}) {
    cards.boards().show({id}, text_of("再后"), false);
  }
  cards.run(100ms);
  cards.boards().self_test({"a"});
  CHECK(cards.state("a").over_all == "self_test");
  cards.run(1s);
  CHECK(tests::shows(cards.end("b").glass(), "再后"));
  CHECK_FALSE(tests::shows(cards.end("a").glass(), "再后"));
  cards.run(30s);
  CHECK(tests::shows(cards.end("a").glass(), "再后"));
  CHECK(cards.state("a").over_all.empty());
}

TEST_CASE("a board of many universes never shows half of two pictures, though they are long on their way") {
  for (const auto kind : {Kind::e131, Kind::ddp, Kind::colorlight}) {
    auto config = tests::board_of("b", kind, {320, 96});
    config.playlist.zones.front().items = {{"text", {}}};
    CAPTURE(config.driver());
    Cards cards({config});
    cards.start();
    cards.run(3s);
    for (int n = 0; n < 20; ++n) {
      cards.boards().show({"b"}, text_of("批次" + std::to_string(n)), n % 3 == 0);
      cards.run(std::chrono::milliseconds(3 + 31 * n));
    }
    CHECK(tests::shows(cards.end("b").glass(), "批次19"));
    CHECK(cards.end("b").counts().mixed == 0);
  }
}
