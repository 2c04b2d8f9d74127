#include <doctest/doctest.h>

#include <random>

#include "tests/firmware_core/bench.hpp"

using namespace lobby::firmware;

namespace {

// Keys of the pad by row and column, and the codes that they are to give, as the map's table has them.
constexpr unsigned key_1 = 0, key_call = 3, key_recall = 7, key_finish = 11, key_no_show = 12, key_0 = 13;

}  // namespace

TEST_CASE("each press is counted once and stands beside the status") {
  Bench bench;
  bench.pass(100);
  bench.tap(key_call);
  CHECK(bench.read(0x10, 4) == Words{7, 1, 0, 0x0110});
  bench.tap(key_1);
  bench.tap(key_0);
  CHECK(bench.read(0x10, 4) == Words{7, 3, 0, 0x0300});
  CHECK(bench.read(0x14, 8) == Words{0x0110, 0x0201, 0x0300, 0, 0, 0, 0, 0});
}

TEST_CASE("call counts when it goes down, a key with two meanings when it is let go or after a second") {
  Bench bench;
  bench.pass(100);
  bench.keys = 1U << key_call;
  bench.pass(60);
  CHECK(bench.read(0x11, 1) == Words{1});
  bench.keys = 1U << key_finish;
  bench.pass(500);
  CHECK(bench.read(0x11, 1) == Words{1});
  bench.keys = 0;
  bench.pass(60);
  CHECK(bench.read(0x11, 3) == Words{2, 0, 0x0213});  // finish
  bench.keys = 1U << key_finish;
  bench.pass(1100);
  CHECK(bench.read(0x11, 3) == Words{3, 0, 0x0319});  // evaluate, while it is still held
  bench.keys = 0;
  bench.pass(100);
  CHECK(bench.read(0x11, 1) == Words{3});
  bench.tap(key_no_show, 1200);
  CHECK(bench.read(0x13, 1) == Words{0x0415});  // hold
}

TEST_CASE("contacts that bounce for ten milliseconds make one press") {
  std::mt19937 random(7);
  Bench bench;
  bench.pass(100);
  for (std::uint16_t press = 1; press <= 200; ++press) {
    const auto bounce = [&](bool down) {
      for (int ms = 0; ms < 10; ++ms) {
        bench.keys = static_cast<std::uint16_t>(random() % 2 == 0 ? 1U << key_recall : 0);
        bench.pass(1);
      }
      bench.keys = static_cast<std::uint16_t>(down ? 1U << key_recall : 0);
    };
    bounce(true);
    bench.pass(80);
    bounce(false);
    bench.pass(80);
    REQUIRE(bench.read(0x11, 1) == Words{press});
  }
}

TEST_CASE("a key chain that is not there, or answers nonsense, presses nothing and is said") {
  Bench bench;
  bench.has_keypad = false;
  bench.pass(500);
  CHECK(bench.read(0x11, 1) == Words{0});
  CHECK((bench.read(0x1C, 1)[0] & 2) == 2);
  bench.has_keypad = true;
  bench.pass(500);
  CHECK((bench.read(0x1C, 1)[0] & 2) == 0);
  bench.tap(key_call);
  CHECK(bench.read(0x11, 1) == Words{1});
}

TEST_CASE("a stuck key is said, and lets the others be pressed") {
  Bench bench;
  bench.pass(100);
  bench.keys = 1U << key_1;
  bench.pass(31'000);
  CHECK((bench.read(0x1C, 1)[0] & 4) == 4);
  CHECK(bench.read(0x11, 1) == Words{1});
  bench.keys = 1U << key_1 | 1U << key_call;
  bench.pass(100);
  CHECK(bench.read(0x13, 1) == Words{0x0210});
}

TEST_CASE("more presses than the ring holds are counted as lost when nobody takes them") {
  Bench bench;
  bench.pass(100);
  for (int i = 0; i < 11; ++i) {
    bench.tap(key_call);
  }
  CHECK(bench.read(0x11, 1) == Words{11});
  CHECK(bench.read(0x29, 1) == Words{3});
  bench.write(0x100, {11});
  bench.tap(key_call);
  CHECK(bench.read(0x29, 1) == Words{3});
}

TEST_CASE("the buttons of a panel are keys 1 to 8") {
  Bench panel(Unit::Model::button_panel);
  panel.pass(100);
  panel.tap(0);
  panel.tap(7);
  panel.tap(8);  // there is no ninth
  CHECK(panel.read(0x11, 5) == Words{2, 0, 0x0208, 0x0101, 0x0208});
}

TEST_CASE("a key that is held when the unit starts is no press, neither then nor when it is let go") {
  for (const unsigned key : {key_call, key_finish}) {  // one meaning, and two
    CAPTURE(key);
    Bench bench;
    bench.keys = static_cast<std::uint16_t>(1U << key);
    bench.pass(2'000);
    CHECK(bench.read(0x1D, 1) == Words{bench.keys});
    CHECK(bench.read(0x11, 1) == Words{0});
    bench.pass(29'000);
    CHECK((bench.read(0x1C, 1).front() & 4) != 0);  // jammed, and said
    bench.keys = 0;
    bench.pass(100);
    CHECK(bench.read(0x11, 1) == Words{0});
    bench.tap(key);
    CHECK(bench.read(0x11, 1) == Words{1});
  }
}

TEST_CASE("a keypad that is plugged in with a key held down presses nothing") {
  Bench bench;
  bench.has_keypad = false;
  bench.keys = 1U << key_call;
  bench.pass(500);
  bench.has_keypad = true;
  bench.pass(500);
  CHECK(bench.read(0x11, 1) == Words{0});
}
