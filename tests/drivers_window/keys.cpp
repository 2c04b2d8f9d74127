#include <doctest/doctest.h>

#include <random>

#include "tests/drivers_window/host.hpp"

namespace keys_tests {

using namespace lobby;
using namespace std::chrono_literals;
using Keys = std::vector<std::uint8_t>;

namespace {

/// Per mille: a quarter of all exchanges goes wrong in some way.
constexpr fakes::VirtualLine::Trouble bad_line{60, 60, 60, 60, 0};

/// On such a line a unit may be unheard for long; what then becomes stale is another test's matter.
window::WindowUnit::Timing patient() {
  window::WindowUnit::Timing timing;
  timing.stale_after = 1h;
  return timing;
}

/// A clerk who presses at random and a host that takes after random delays, on a bad line.
struct Day {
  explicit Day(unsigned seed) : line(executor, seed), random(seed) {
    line.trouble = bad_line;
    line.units[3];
    start_host();
  }
  /// A host as after a start of the program: it knows what a former one has recorded.
  void start_host() {
    host.emplace(line, std::uint8_t{3}, patient(), recorded);
    host->on_press = [this, life = ++host_life](std::uint8_t key, window::PressId id,
                                                std::function<void()> take) {
      given.push_back(key);
      executor.after(std::chrono::milliseconds(random() % 60), [this, life, take = std::move(take), key, id] {
        if (life == host_life) {
          taken.push_back(key);
          recorded = id;
          take();
        }
      });
    };
  }
  fakes::WindowUnitModel& unit() { return line.units[3]; }
  /// Presses unless eight are still unacknowledged: more than the ring is another test's matter.
  bool press(std::uint8_t key) {
    executor.run_for(std::chrono::milliseconds(random() % 150));
    if (static_cast<int>(unit().presses) - unit().acknowledged >= 8) {
      return false;
    }
    unit().press(key);
    pressed.push_back(key);
    return true;
  }
  std::uint8_t any_key() {
    const auto one = random() % 19;
    return static_cast<std::uint8_t>(one < 10 ? one : 0x10 + one - 10);
  }

  fakes::VirtualExecutor executor;
  fakes::VirtualLine line;
  std::mt19937 random;
  Keys pressed, given, taken;
  std::optional<window::PressId> recorded;  ///< durably, with the press that was taken
  int host_life = 0;
  std::optional<window::Host> host;
};

}  // namespace

TEST_CASE("10,000 presses over a bad line are 10,000 taken presses, in order") {
  Day day(20261123);
  SUBCASE("of a unit of the first map") {
    day.unit().features = 0;
  }
  SUBCASE("of one that tells a press beside its status") {}
  day.line.trouble.stale = 20;  // more than a bus may do: an old answer for a new one
  while (day.pressed.size() < 10'000) {
    day.press(day.any_key());
  }
  day.executor.run_for(2min);
  CHECK(day.taken == day.pressed);
  CHECK(day.given == day.pressed);
  CHECK(day.unit().acknowledged == 10'000);
}

TEST_CASE("a press is acknowledged when it is taken, not before, and the next one waits for that") {
  fakes::VirtualExecutor executor;
  fakes::VirtualLine line(executor, 1);
  auto& unit = line.units[3];
  window::Host host(line);
  std::vector<std::function<void()>> takes;
  host.on_press = [&](std::uint8_t key, window::PressId, std::function<void()> take) {
    host.keys.push_back(key);
    takes.push_back(std::move(take));
  };
  executor.run_for(1s);
  unit.press(0x10);
  unit.press(0x11);
  executor.run_for(10s);
  CHECK(host.keys == Keys{0x10});
  CHECK(unit.acknowledged == 0);
  takes.front()();
  CHECK(host.keys.size() == 1);  // never from within the call
  executor.run_for(1s);
  CHECK(unit.acknowledged == 1);
  CHECK(host.keys == Keys{0x10, 0x11});
  takes.front()();  // twice by mistake: not the next one's
  executor.run_for(1s);
  CHECK(unit.acknowledged == 1);
  takes.back()();
  executor.run_for(1s);
  CHECK(unit.acknowledged == 2);
}

TEST_CASE("after a reset of the unit its counting starts anew: nothing twice, no gap within a life") {
  Day day(77);
  Keys expected_sets;
  for (int life = 0; life < 100; ++life) {
    // Even lives press digits, odd ones the other keys: so each taken key tells its life.
    const auto before = day.taken.size();
    Keys pressed;
    const auto presses = 3 + day.random() % 20;
    while (pressed.size() < presses) {
      const auto n = static_cast<std::uint8_t>(day.random() % 9);
      const auto key = static_cast<std::uint8_t>(life % 2 == 0 ? n : 0x10 + n);
      if (day.press(key)) {
        pressed.push_back(key);
      }
    }
    const std::size_t at_least = day.unit().acknowledged;
    if (day.random() % 2 == 0) {
      day.executor.run_for(3s);
    }
    day.unit().reset();
    day.executor.run_for(15s);
    const Keys taken(day.taken.begin() + static_cast<long>(before), day.taken.end());
    REQUIRE(taken.size() >= at_least);
    REQUIRE(taken.size() <= pressed.size());
    REQUIRE(taken == Keys(pressed.begin(), pressed.begin() + static_cast<long>(taken.size())));
    REQUIRE(day.unit().acknowledged == 0);
  }
  CHECK(day.taken == day.given);
}

TEST_CASE("presses that a reset took away are said") {
  fakes::VirtualExecutor executor;
  fakes::VirtualLine line(executor, 1);
  auto& unit = line.units[3];
  window::Host host(line);
  host.on_press = [](std::uint8_t, window::PressId, const std::function<void()>&) {
  };  // never taken: the ring is left alone
  executor.run_for(1s);
  for (int i = 0; i < 12; ++i) {
    unit.press(static_cast<std::uint8_t>(i % 10));
    executor.run_for(200ms);
  }
  unit.reset();
  executor.run_for(1s);
  REQUIRE_FALSE(host.told.empty());
  CHECK(host.told.back().first == link::Status::ok);
  CHECK(host.told.back().second == "address 3 restarted; 3 key presses were lost");
  executor.run_for(2min);
  CHECK(host.told.back() == std::pair{link::Status::ok, std::string()});
}

TEST_CASE("a restarted host takes a press that was not taken, and none twice, told to the unit or not") {
  Day day(4242);
  int untold = 0;
  for (int run = 0; run < 1000; ++run) {
    day.press(day.any_key());
    day.executor.run_for(std::chrono::milliseconds(day.random() % 150));
    // The old host dies at any instant.
    day.host.reset();
    ++day.host_life;
    day.executor.run_for(500ms);  // what it has put on the line still arrives
    untold += day.taken.size() > day.unit().acknowledged ? 1 : 0;
    day.start_host();
    day.executor.run_for(15s);
    REQUIRE(day.taken == day.pressed);
    REQUIRE(day.unit().acknowledged == day.pressed.size());
  }
  CHECK(untold > 0);  // or this has shown nothing
}

TEST_CASE("of many presses that wait for a restarted host it takes the newest, and none twice") {
  Day day(4243);
  for (int run = 0; run < 300; ++run) {
    const auto before = day.taken.size();
    Keys pressed;
    while (pressed.size() < 12) {
      if (day.press(day.any_key())) {
        pressed.push_back(day.pressed.back());
      }
    }
    day.host.reset();
    ++day.host_life;
    day.executor.run_for(1s);
    const auto taken = day.taken.size() - before;
    REQUIRE(taken <= pressed.size());
    const Keys tail(day.taken.begin() + static_cast<long>(before), day.taken.end());
    REQUIRE(tail == Keys(pressed.begin(), pressed.begin() + static_cast<long>(taken)));
    while (day.unit().presses - day.unit().acknowledged < 5) {
      day.press(day.any_key());
      pressed.push_back(day.pressed.back());
    }
    day.start_host();
    day.executor.run_for(15s);
    REQUIRE(day.taken.size() == before + taken + 1);
    REQUIRE(day.taken.back() == pressed.back());
    REQUIRE(day.host->dropped == pressed.size() - taken - 1);
    REQUIRE(day.unit().acknowledged == static_cast<std::uint16_t>(day.pressed.size()));
  }
}

TEST_CASE("who pressed in vain while nobody could hear is not served thrice afterwards") {
  fakes::VirtualExecutor executor;
  fakes::VirtualLine line(executor, 1);
  auto& unit = line.units[3];
  unit.features = 0;  // others tell a single press without their ring
  std::optional<window::Host> host(std::in_place, line);
  executor.run_for(1s);
  const std::string why = "address 3: 2 key presses were dropped, made while it could not be heard";
  const auto press_thrice = [&] {
    for (const int key : {0x10, 0x11, 0x12}) {
      unit.press(static_cast<std::uint8_t>(key));
      executor.run_for(500ms);
    }
  };
  SUBCASE("the line was away") {
    line.away = true;
    executor.run_for(3s);
    press_thrice();
    line.away = false;
  }
  SUBCASE("the unit was not heard") {
    line.trouble.reply_lost = 1000;
    executor.run_for(3s);
    press_thrice();
    line.trouble.reply_lost = 0;
  }
  SUBCASE("the host was not there") {
    host.reset();
    press_thrice();
    host.emplace(line);
  }
  SUBCASE("its ring made no sense") {
    unit.odd_ring.emplace();
    executor.run_for(3s);
    press_thrice();
    executor.run_for(3s);
    unit.odd_ring.reset();
  }
  SUBCASE("it has restarted meanwhile") {
    line.away = true;
    executor.run_for(3s);
    unit.reset();
    press_thrice();
    line.away = false;
  }
  executor.run_for(6s);
  CHECK(host->keys == Keys{0x12});
  CHECK(host->dropped == 2);
  CHECK(unit.acknowledged == 3);
  CHECK(host->told.back() == std::pair{link::Status::ok, why});
  press_thrice();
  CHECK(host->keys == Keys{0x12, 0x10, 0x11, 0x12});
  executor.run_for(2min);
  CHECK(host->told.back() == std::pair{link::Status::ok, std::string()});
}

TEST_CASE("a short silence drops nothing") {
  fakes::VirtualExecutor executor;
  fakes::VirtualLine line(executor, 1);
  auto& unit = line.units[3];
  window::Host host(line);
  executor.run_for(1s);
  line.away = true;
  for (const int key : {0x10, 0x11, 0x12}) {
    unit.press(static_cast<std::uint8_t>(key));
    executor.run_for(200ms);
  }
  line.away = false;
  executor.run_for(2s);
  CHECK(host.keys == Keys{0x10, 0x11, 0x12});
  CHECK(host.dropped == 0);
}

TEST_CASE("more presses than the ring holds: the last eight are given, the others are said to be lost") {
  fakes::VirtualExecutor executor;
  fakes::VirtualLine line(executor, 1);
  auto& unit = line.units[3];
  window::Host host(line);
  executor.run_for(1s);
  line.away = true;
  executor.run_for(1s);
  Keys pressed;
  for (int i = 0; i < 20; ++i) {
    pressed.push_back(static_cast<std::uint8_t>(i % 10));
    unit.press(pressed.back());
  }
  line.away = false;
  executor.run_for(5s);
  CHECK(host.keys == Keys(pressed.end() - 8, pressed.end()));
  CHECK(host.told.back().second == "address 3: 12 key presses were lost, more than it can keep");
  CHECK(unit.acknowledged == 20);
}

TEST_CASE("a code that is no key is passed over and acknowledged") {
  fakes::VirtualExecutor executor;
  fakes::VirtualLine line(executor, 1);
  auto& unit = line.units[3];
  window::Host host(line);
  executor.run_for(1s);
  for (const int key : {0x0a, 0x18, 0x1a, 0x09, 0xff}) {
    unit.press(static_cast<std::uint8_t>(key));
  }
  executor.run_for(2s);
  CHECK(host.keys == Keys{0x18, 0x09});
  CHECK(unit.acknowledged == 5);
}

}  // namespace keys_tests
