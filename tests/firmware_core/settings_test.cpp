#include <doctest/doctest.h>

#include "firmware/core/boot_counter.hpp"
#include "tests/firmware_core/bench.hpp"

using namespace lobby::firmware;

namespace {

Settings some(std::uint8_t address) {
  Settings settings;
  settings.address = address;
  settings.baud = 96;
  settings.rest_text = {'1', 0xBAC5};
  return settings;
}

}  // namespace

TEST_CASE("power may fail at any write: the old settings or the new ones, never a mix") {
  for (int failing = 0; failing <= 19; ++failing) {
    FakeFlash flash;
    SettingsStore store(flash);
    REQUIRE(store.save(some(10)));
    REQUIRE(store.save(some(11)));
    flash.writes_left = failing;
    const bool saved = store.save(some(12));
    SettingsStore later(flash);
    const auto found = later.load();
    CAPTURE(failing);
    CHECK(found == some(saved ? 12 : 11));
    CHECK(saved == (failing >= 19));  // one erasure, 18 half-words
    // And the next one is kept, wherever the torn one lies.
    flash.writes_left = 1000;
    REQUIRE(later.save(some(13)));
    CHECK(SettingsStore(flash).load() == some(13));
  }
}

TEST_CASE("erased flash, the emulator's zeros and garbage are the defaults") {
  FakeFlash flash;
  for (const std::uint16_t filling : Words{0xFFFF, 0x0000, 0x4C53}) {
    flash.pages[0].fill(filling);
    flash.pages[1].fill(filling);
    SettingsStore store(flash);
    CHECK(store.load() == Settings{});
    CHECK(store.source() == 0);
  }
}

TEST_CASE("any bit that flips in a copy leaves the other one") {
  for (unsigned word = 0; word < 18; ++word) {
    FakeFlash flash;
    SettingsStore store(flash);
    store.save(some(10));
    store.save(some(11));
    auto& newest = flash.pages[store.source() - 1];
    newest[word] = static_cast<std::uint16_t>(newest[word] ^ 0x0004);
    CHECK(SettingsStore(flash).load() == some(10));
  }
}

TEST_CASE("the copies take turns, also when their sequence wraps") {
  FakeFlash flash;
  SettingsStore store(flash);
  for (unsigned i = 0; i < 70'000; ++i) {
    store.save(some(static_cast<std::uint8_t>(1 + i % 200)));
  }
  CHECK(SettingsStore(flash).load() == some(static_cast<std::uint8_t>(1 + 69'999 % 200)));
}

TEST_CASE("a new address is answered from the old one and then in force; it is there after a reset") {
  Bench bench;
  CHECK(bench.write(0x1C0, {23, 384, 1, 0x5AFE}) == with_crc({17, 16, 1, 0xC0, 0, 4}));
  CHECK(bench.request(4, {0, 1}).empty());
  CHECK_FALSE(bench.request(4, {0, 1}, 23).empty());
  Unit again({Unit::Model::window_unit, 8, lobby::wire::window_unit::ResetCause::pin}, bench.flash, 0);
  CHECK(again.settings().address == 23);
  CHECK(again.settings().baud == 384);
  CHECK(again.settings().parity == 1);
}

TEST_CASE("settings without the word, out of range or that cannot be kept change nothing") {
  Bench bench;
  CHECK(bench.write(0x1C0, {23, 192, 0, 0}) == with_crc({17, 0x90, 3}));
  CHECK(bench.write(0x1C0, {248, 192, 0, 0x5AFE}) == with_crc({17, 0x90, 3}));
  CHECK(bench.write(0x1C0, {23, 100, 0, 0x5AFE}) == with_crc({17, 0x90, 3}));
  CHECK(bench.request(6, {0x1C0, 23}) == with_crc({17, 0x86, 2}));
  bench.flash.writes_left = 5;
  CHECK(bench.write(0x1C0, {23, 192, 0, 0x5AFE}) == with_crc({17, 0x90, 4}));
  CHECK(bench.read(0x30, 2) == Words{17, 192});
}

TEST_CASE("of two units with one address the one whose key is held takes the new one") {
  Bench held;
  Bench other;
  held.pass(100);
  other.pass(100);
  held.keys = 1;
  held.pass(60);
  for (auto* bench : {&held, &other}) {
    CHECK(bench->write(0x1C4, {31}, 0).empty());
    bench->unit->take_line_change();
  }
  CHECK_FALSE(held.request(4, {0, 1}, 31).empty());
  CHECK(held.request(4, {0, 1}).empty());
  CHECK_FALSE(other.request(4, {0, 1}).empty());
}

TEST_CASE("a jammed key does not take the address that another unit is given") {
  Bench jammed;
  jammed.pass(100);
  jammed.keys = 1;
  jammed.pass(31'000);
  Bench from_the_start;
  from_the_start.keys = 1;
  from_the_start.pass(100);
  for (auto* bench : {&jammed, &from_the_start}) {
    CHECK(bench->write(0x1C4, {31}, 0).empty());
    bench->unit->take_line_change();
    CHECK_FALSE(bench->request(4, {0, 1}).empty());
    bench->keys = 0;
    bench->pass(100);
    bench->keys = 1;  // let go and pressed: now it is meant
    bench->pass(100);
    CHECK(bench->write(0x1C4, {31}, 0).empty());
    bench->unit->take_line_change();
    CHECK_FALSE(bench->request(4, {0, 1}, 31).empty());
  }
}

TEST_CASE("rest and brightness are kept with the settings") {
  Bench bench;
  bench.write(0x180, {50, 1, '7', 0, 0, 0, 0, 0, 0, 0});
  bench.request(6, {0x104, 40});
  bench.write(0x1C0, {17, 192, 0, 0x5AFE});
  Unit again({Unit::Model::window_unit, 8, lobby::wire::window_unit::ResetCause::power}, bench.flash, 0);
  CHECK(again.settings().rest_after == 50);
  CHECK(again.settings().rest_text[0] == '7');
  CHECK(again.settings().brightness == 40);
}

TEST_CASE("no two lives of a unit have one boot id, 2,000 power cycles long") {
  FakeFlash flash;
  std::map<std::uint16_t, int> seen;
  for (int i = 0; i < 2000; ++i) {
    ++seen[count_boot(flash, 2, FakeFlash::half_words, 0xFFF0)];
  }
  CHECK(seen.size() == 2000);
}

TEST_CASE("two new units differ in their boot ids from the first boot on") {
  FakeFlash one;
  FakeFlash other;
  for (int i = 0; i < 1200; ++i) {
    CHECK(count_boot(one, 2, FakeFlash::half_words, 4711) != count_boot(other, 2, FakeFlash::half_words, 17));
  }
}
