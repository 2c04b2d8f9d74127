#include "drivers/window/key_ledger.hpp"

#include <doctest/doctest.h>

#include <array>
#include <vector>

namespace key_ledger_tests {

using namespace lobby;
using window::KeyLedger;
using Seen = window::KeyLedger::Seen;

namespace {

/// The ring after press number `last`, where press n has the key n % 10.
std::array<std::uint16_t, 8> ring_up_to(std::uint32_t last) {
  std::array<std::uint16_t, 8> ring{};
  for (std::uint32_t n = last > 8 ? last - 7 : 1; n <= last; ++n) {
    ring[(n - 1) % 8] = static_cast<std::uint16_t>((n & 0xff) << 8 | n % 10);
  }
  return ring;
}

std::vector<int> give_all(KeyLedger& ledger) {
  std::vector<int> keys;
  while (const auto press = ledger.next()) {
    keys.push_back(press->key);
  }
  return keys;
}

constexpr link::Duration never = std::chrono::hours(1);  ///< stale, once the unit was seen

/// Time goes on by a tenth of a second.
link::MonoTime tick() {
  static link::MonoTime now;
  return now += std::chrono::milliseconds(100);
}

/// Seen once, with nothing to read.
KeyLedger met(std::uint16_t boot_id, std::uint16_t count) {
  KeyLedger ledger(never);
  ledger.begin({boot_id, count, 0}, count, std::nullopt);
  ledger.see({boot_id, count, 0}, tick());
  return ledger;
}

}  // namespace

TEST_CASE("presses are those between what was acknowledged and the count") {
  KeyLedger ledger = met(1, 2);
  CHECK(ledger.see({1, 5, 0}, tick()) == Seen::ring_due);
  CHECK(ledger.read_ring(ring_up_to(5)));
  CHECK_FALSE(ledger.next());  // not before a status has shown that the unit is still the same
  ledger.see({1, 5, 0}, tick());
  CHECK(give_all(ledger) == std::vector<int>{3, 4, 5});
  CHECK(ledger.see({1, 5, 0}, tick()) == Seen::nothing);
  CHECK(ledger.take_lost() == 0);
}

TEST_CASE("a counter that passes 65,535 goes on") {
  KeyLedger ledger = met(1, 65534);
  CHECK(ledger.see({1, 2, 0}, tick()) == Seen::ring_due);
  CHECK(ledger.read_ring(ring_up_to(65536 + 2)));
  ledger.see({1, 2, 0}, tick());
  CHECK(give_all(ledger) == std::vector<int>{5, 6, 7, 8});  // presses 65535, 65536, 65537, 65538
}

TEST_CASE("what the ring no longer holds is lost by number, the rest is given") {
  KeyLedger ledger = met(1, 0);
  ledger.see({1, 20, 0}, tick());
  CHECK(ledger.read_ring(ring_up_to(20)));
  ledger.see({1, 20, 0}, tick());
  CHECK(ledger.take_lost() == 12);
  CHECK(ledger.take_lost() == 0);
  CHECK(give_all(ledger) == std::vector<int>{3, 4, 5, 6, 7, 8, 9, 0});
}

TEST_CASE("presses that come between status and ring neither disturb nor vanish") {
  KeyLedger ledger = met(1, 0);
  ledger.see({1, 8, 0}, tick());
  CHECK(ledger.read_ring(ring_up_to(10)));  // 1 and 2 were overwritten meanwhile
  CHECK(ledger.see({1, 10, 0}, tick()) == Seen::ring_due);
  CHECK(ledger.take_lost() == 2);
  CHECK(give_all(ledger) == std::vector<int>{3, 4, 5, 6, 7, 8});
  CHECK(ledger.read_ring(ring_up_to(10)));
  ledger.see({1, 10, 0}, tick());
  CHECK(give_all(ledger) == std::vector<int>{9, 0});
}

TEST_CASE("old answers change nothing") {
  KeyLedger ledger = met(1, 3);
  ledger.see({1, 5, 0}, tick());
  CHECK_FALSE(ledger.read_ring(ring_up_to(3)));
  CHECK_FALSE(ledger.is_ring_due());  // a restart looks the same: only a status tells
  CHECK(ledger.see({1, 3, 0}, tick()) == Seen::ring_due);
  CHECK(ledger.read_ring(ring_up_to(5)));
  CHECK(ledger.see({1, 3, 0}, tick()) == Seen::nothing);
  CHECK(give_all(ledger) == std::vector<int>{4, 5});
  CHECK(ledger.see({9, 3, 0}, tick()) == Seen::reset_suspect);
  CHECK(ledger.see({1, 5, 0}, tick()) == Seen::nothing);
  CHECK(ledger.see({9, 3, 0}, tick()) == Seen::reset_suspect);
}

TEST_CASE("a spare unit with the boot id of the broken one is read from its first press") {
  KeyLedger ledger = met(1, 37);
  CHECK(ledger.see({1, 0, 0}, tick()) == Seen::nothing);
  CHECK(ledger.see({1, 1, 0}, tick()) == Seen::nothing);
  CHECK(ledger.see({1, 2, 0}, tick()) == Seen::reset);
  CHECK(ledger.read_ring(ring_up_to(2)));
  ledger.see({1, 2, 0}, tick());
  CHECK(give_all(ledger) == std::vector<int>{1, 2});
  CHECK(ledger.take_lost() == 0);
}

TEST_CASE("a ring of the unit's next life is not taken for this one's") {
  KeyLedger ledger = met(1, 2);
  ledger.see({1, 3, 0}, tick());
  CHECK(ledger.read_ring(ring_up_to(3)));  // the unit has restarted and seen three presses since
  CHECK(ledger.see({2, 3, 0}, tick()) == Seen::reset_suspect);
  CHECK(ledger.see({2, 3, 0}, tick()) == Seen::reset);
  CHECK(ledger.take_lost() == 1);
  CHECK_FALSE(ledger.next());
  CHECK(ledger.read_ring(ring_up_to(3)));
  ledger.see({2, 3, 0}, tick());
  CHECK(give_all(ledger) == std::vector<int>{1, 2, 3});
}

TEST_CASE("an acknowledgement of presses that never were gives nothing") {
  KeyLedger ledger(never);
  ledger.begin({1, 3, 0}, 40, std::nullopt);
  CHECK(ledger.see({1, 3, 0}, tick()) == Seen::nothing);
  CHECK(ledger.see({1, 4, 0}, tick()) == Seen::ring_due);
}

TEST_CASE("what is recorded is not given again, and the unit is to be told") {
  KeyLedger ledger(never);
  CHECK(ledger.begin({1, 5, 0}, 2, window::PressId{1, 4}));
  CHECK(ledger.see({1, 5, 0}, tick()) == Seen::ring_due);
  CHECK(ledger.read_ring(ring_up_to(5)));
  ledger.see({1, 5, 0}, tick());
  CHECK(give_all(ledger) == std::vector<int>{5});
}

TEST_CASE("a record that says nothing of this life of the unit changes nothing") {
  const struct {
    std::uint16_t count, acknowledged;
    window::PressId recorded;
  } records[] = {
      {5, 2, {2, 4}},          // of another life
      {5, 2, {1, 2}},          // the unit knows
      {5, 2, {1, 1}},          // it knows of a later one
      {5, 2, {1, 6}},          // that press is still to come: another life with the same number
      {2, 65534, {1, 65533}},  // before the counter's turn
  };
  for (const auto& record : records) {
    KeyLedger ledger(never);
    CHECK_FALSE(ledger.begin({1, record.count, 0}, record.acknowledged, record.recorded));
    CHECK(ledger.see({1, record.count, 0}, tick()) == Seen::ring_due);
    CHECK(ledger.is_ring_due());
  }
  KeyLedger over(never);
  CHECK(over.begin({1, 2, 0}, 65534, window::PressId{1, 0}));
  CHECK(over.see({1, 2, 0}, tick()) == Seen::ring_due);
  CHECK(over.read_ring(ring_up_to(65536 + 2)));
  over.see({1, 2, 0}, tick());
  CHECK(give_all(over) == std::vector<int>{8});  // press 65538, the newest of 65537 and 65538
  CHECK(over.take_dropped() == 1);
}

TEST_CASE(
    "of what was pressed before the first sight the newest is given, the others are dropped by number") {
  KeyLedger ledger(never);
  ledger.begin({1, 5, 0}, 2, std::nullopt);
  CHECK(ledger.see({1, 5, 0}, tick()) == Seen::ring_due);
  CHECK(ledger.read_ring(ring_up_to(5)));
  SUBCASE("alone") {
    ledger.see({1, 5, 0}, tick());
    CHECK(give_all(ledger) == std::vector<int>{5});
    CHECK(ledger.take_dropped() == 2);
    CHECK(ledger.take_dropped() == 0);
  }
  SUBCASE("and one more meanwhile") {
    CHECK(ledger.see({1, 6, 0}, tick()) == Seen::ring_due);
    CHECK(ledger.read_ring(ring_up_to(6)));
    ledger.see({1, 6, 0}, tick());
    CHECK(give_all(ledger) == std::vector<int>{6});
    CHECK(ledger.take_dropped() == 3);
  }
  CHECK(ledger.take_lost() == 0);
}

TEST_CASE("presses are stale by the time since the last status that had none to read") {
  KeyLedger ledger(std::chrono::seconds(2));
  link::MonoTime now{std::chrono::hours(1)};
  ledger.begin({1, 0, 0}, 0, std::nullopt);
  ledger.see({1, 0, 0}, now);
  std::vector<int> given;
  SUBCASE("read within the limit") {
    now += std::chrono::milliseconds(1900);
    given = {1, 2, 3};
  }
  SUBCASE("silent for longer") {
    now += std::chrono::milliseconds(2100);
    given = {3};
  }
  SUBCASE("a ring that could not be read for longer") {
    for (int i = 0; i < 30; ++i) {
      now += std::chrono::milliseconds(100);
      CHECK(ledger.see({1, 3, 0}, now) == Seen::ring_due);
      CHECK_FALSE(ledger.read_ring(ring_up_to(0)));
    }
    given = {3};
  }
  ledger.see({1, 3, 0}, now);
  CHECK(ledger.read_ring(ring_up_to(3)));
  now += std::chrono::milliseconds(20);
  ledger.see({1, 3, 0}, now);
  CHECK(give_all(ledger) == given);
  CHECK(ledger.take_dropped() == 3 - given.size());
  now += std::chrono::milliseconds(20);
  ledger.see({1, 5, 0}, now);  // the next ones are as fresh as ever
  CHECK(ledger.read_ring(ring_up_to(5)));
  ledger.see({1, 5, 0}, now);
  CHECK(give_all(ledger) == std::vector<int>{4, 5});
}

TEST_CASE("short and long answers are no answers") {
  CHECK_FALSE(window::parse_status(std::array<std::uint16_t, 2>{}));
  CHECK_FALSE(window::parse_status(std::array<std::uint16_t, 5>{}));
  KeyLedger ledger = met(1, 0);
  ledger.see({1, 1, 0}, tick());
  CHECK_FALSE(ledger.read_ring(std::array<std::uint16_t, 7>{}));
}

}  // namespace key_ledger_tests
