#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include "tests/firmware_core/bench.hpp"
#include "tests/sim_tests/frames.hpp"

using namespace lobby::sim;

// Two units written apart from one description: the simulator's, and the firmware's core. Whatever a host
// asks, both answer the same byte for byte; where they differ, one of them or the description is wrong.

namespace {

using lobby::firmware::Micros;

struct Twins {
  explicit Twins(UnitShape shape)
      : firmware(shape == UnitShape::button_panel ? lobby::firmware::Unit::Model::button_panel
                                                  : lobby::firmware::Unit::Model::window_unit),
        native(shape, {17, 192, 0, 1}, 7) {
    started = firmware.now;
    keep_time();
    pass(500);  // until the firmware has seen its keys
  }
  void keep_time(std::chrono::microseconds further = {}) {
    native.pass(TimePoint(std::chrono::hours(1)) + std::chrono::microseconds(firmware.now - started) +
                further);
  }
  void pass(std::uint32_t ms) {
    firmware.pass(ms);
    keep_time();
  }
  void tap() {
    const bool panel = native.shape() == UnitShape::button_panel;
    // A poll of the keys that the asking cut off is given up first.
    firmware.pass(200);
    firmware.tap(3, 300);
    pass(200);
    native.press(panel ? 4 : 0x10);  // button 4, or "call"
  }
  /// What both say; the native's empty for nothing.
  std::pair<Bytes, Bytes> ask(const Bytes& frame) {
    // Heard is a frame with its last byte, of which one comes each half millisecond.
    keep_time(std::chrono::microseconds(500) * frame.size());
    const Bytes theirs = firmware.ask(frame);
    const auto request = parse_request(frame);
    REQUIRE(request.has_value());
    const bool heard = request->address == 0 || request->address == native.address();
    auto ours = heard ? native.answer(*request) : std::nullopt;
    if (!heard) {
      native.overhear(true);
    }
    keep_time();
    return {theirs, ours.value_or(Bytes())};
  }

  lobby::firmware::Bench firmware;
  UnitModel native;
  Micros started = 0;
};

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  unsigned upto(unsigned most) { return static_cast<unsigned>(random_() % (most + 1)); }
  bool one_in(unsigned n) { return random_() % n == 0; }
  template <std::size_t N>
  unsigned of(const std::array<unsigned, N>& all) {
    return all[random_() % N];
  }

  unsigned reg() {
    constexpr std::array<unsigned, 20> starts{0x00,  0x04,  0x10,  0x13,  0x14,  0x1D,  0x23,
                                              0x25,  0x30,  0x3F,  0x100, 0x101, 0x102, 0x104,
                                              0x10F, 0x110, 0x120, 0x180, 0x1C0, 0x1C4};
    return one_in(8) ? upto(0x1FF) : of(starts);
  }
  unsigned count() {
    constexpr std::array<unsigned, 12> counts{1, 1, 2, 3, 4, 8, 10, 11, 66, 0, 125, 126};
    return of(counts);
  }
  unsigned value() {
    constexpr std::array<unsigned, 16> values{0,   1,   2,    5,      17,     30,     100,    101,
                                              192, 200, 0x41, 0xBAC5, 0xC9E7, 0x5AFE, 0x00FF, 0xFFFF};
    return of(values);
  }

 private:
  std::mt19937 random_;
};

void append(Bytes& bytes, unsigned word) {
  bytes.push_back(static_cast<std::uint8_t>(word >> 8));
  bytes.push_back(static_cast<std::uint8_t>(word & 0xFF));
}

/// Does it read what may differ: uptime, cause, spoilt frames, what runs down while one looks, the dots
/// behind a text?
bool is_restless(unsigned start, unsigned count) {
  if (start < 0x162 && start + count > 0x122) {
    return true;
  }
  for (const unsigned reg : {0x20U, 0x21U, 0x22U, 0x24U, 0x103U, 0x105U}) {
    if (start <= reg && reg < start + count) {
      return true;
    }
  }
  return false;
}

void append_values(Bytes& frame, Dice& dice, unsigned count) {
  append(frame, count);
  frame.push_back(static_cast<std::uint8_t>(2 * count));
  for (unsigned i = 0; i < count; ++i) {
    append(frame, dice.value());
  }
}

/// A frame that a host might send, or a confused one. Its lengths agree: what contradicts itself is no frame
/// to a unit that ends it by its length, and is tried by the fuzzer.
Bytes frame_of(Dice& dice, std::uint8_t address) {
  constexpr std::array<unsigned, 10> functions{1, 2, 3, 4, 5, 6, 15, 16, 23, 3};
  const unsigned function = dice.of(functions);
  Bytes frame{address, static_cast<std::uint8_t>(function)};
  const bool bits = function == 1 || function == 2 || function == 5 || function == 15;
  unsigned start = bits ? dice.upto(18) : dice.reg();
  unsigned count = bits ? dice.upto(9) : dice.count();
  if ((function == 3 || function == 4 || function == 23) && is_restless(start, count)) {
    start = 0x10;
    count = 4;
  }
  append(frame, start);
  if (function == 5) {
    append(frame, dice.one_in(4) ? dice.value() : dice.one_in(2) ? 0xFF00U : 0U);
  } else if (function == 6) {
    append(frame, dice.value());
  } else if (function == 15) {
    append(frame, count);
    frame.push_back(static_cast<std::uint8_t>((count + 7) / 8));
    for (unsigned i = 0; i < (count + 7) / 8; ++i) {
      frame.push_back(static_cast<std::uint8_t>(dice.upto(255)));
    }
  } else if (function == 16) {
    append_values(frame, dice, std::min(count, 100U));
  } else if (function == 23) {
    append(frame, count);
    append(frame, dice.reg());
    // One thing wrong at a time: which of two is named first is nobody's promise.
    append_values(frame, dice, std::clamp(dice.count(), 1U, 100U));
  } else {
    append(frame, count);
  }
  append_crc(frame);
  return frame;
}

std::string hex(const Bytes& bytes) {
  std::string out;
  for (const std::uint8_t byte : bytes) {
    constexpr const char* digits = "0123456789ABCDEF";
    out += digits[byte >> 4];
    out += digits[byte & 15];
    out += ' ';
  }
  return out;
}

void compare(UnitShape shape, unsigned seed) {
  Twins twins(shape);
  Dice dice(seed);
  int answered = 0;
  int refused = 0;
  for (int i = 0; i < 4000; ++i) {
    if (dice.one_in(40)) {
      twins.tap();
    } else if (dice.one_in(60)) {
      twins.pass(dice.upto(4000));
    }
    const std::uint8_t address = dice.one_in(20) ? std::uint8_t{0} : twins.native.address();
    const Bytes frame = frame_of(dice, address);
    const auto [theirs, ours] = twins.ask(frame);
    REQUIRE_MESSAGE(hex(theirs) == hex(ours), "seed " << seed << ", frame " << i << ": " << hex(frame));
    answered += ours.size() > 5 ? 1 : 0;
    refused += ours.size() == 5 ? 1 : 0;
  }
  CHECK(answered > 500);
  CHECK(refused > 500);
}

}  // namespace

TEST_CASE("whatever is asked, the simulator's unit and the firmware's core answer the same") {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    compare(UnitShape::window_unit, seed);
    compare(UnitShape::button_panel, seed + 100);
  }
}
