#include <doctest/doctest.h>

#include <vector>

#include "tests/sim/unit_model.hpp"
#include "tests/sim_tests/frames.hpp"

using namespace lobby::sim;
using namespace std::chrono_literals;
namespace wu = lobby::wire::window_unit;

// The native units' whole map, by numbers of the wire: firmware/wire is what host and unit share, so these
// are written down apart.

namespace {

constexpr TimePoint start{1h};

UnitModel unit_at(std::uint8_t address, UnitShape shape = UnitShape::window_unit) {
  UnitModel unit(shape, UnitModel::Settings{address, 192, 0, 0}, 0x1234);
  unit.pass(start);
  return unit;
}

Bytes face_of(int number, std::initializer_list<int> cells, int style = 0) {
  Bytes out = frame({0x01, 0x10, 0x01, 0x10, 0x00, 0x0A, 0x14, number >> 8, number & 0xFF, 0x00, style});
  std::vector<int> all(cells);
  all.resize(8);
  for (const int cell : all) {
    out.push_back(static_cast<std::uint8_t>(cell >> 8));
    out.push_back(static_cast<std::uint8_t>(cell & 0xFF));
  }
  append_crc(out);
  return out;
}

std::uint16_t word_at(UnitModel& unit, int reg) {
  const Bytes answer = ask(unit, with_crc({unit.address(), 0x03, reg >> 8, reg & 0xFF, 0x00, 0x01}));
  REQUIRE(answer.size() == 7);
  return static_cast<std::uint16_t>(answer[3] << 8 | answer[4]);
}

Bytes rest_write(int after, int mode) {
  // The text 3号暂停.
  return with_crc({0x01, 0x10, 0x01, 0x80, 0x00, 0x0A, 0x14, after >> 8, after & 0xFF,
                   0x00, mode, 0x00, 0x33, 0xBA, 0xC5, 0xD4, 0xDD,       0xCD,
                   0xA3, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,       0x00});
}

Bytes settings_write(int address, int baud, int word = 0x5AFE) {
  return with_crc({0x01, 0x10, 0x01, 0xC0, 0x00, 0x04, 0x08, 0x00, address, baud >> 8, baud & 0xFF, 0x00,
                   0x00, word >> 8, word & 0xFF});
}

}  // namespace

TEST_CASE("a unit says what it can, and the newest press beside the life that it was made in") {
  UnitModel unit = unit_at(1);
  CHECK(word_at(unit, 0x04) == 0x00DF);
  CHECK(ask(unit, with_crc({0x01, 0x04, 0x00, 0x10, 0x00, 0x04})) ==
        with_crc({0x01, 0x04, 0x08, 0x12, 0x34, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00}));
  unit.press(0x10);
  unit.press(0x19);
  CHECK(ask(unit, with_crc({0x01, 0x04, 0x00, 0x10, 0x00, 0x04})) ==
        with_crc({0x01, 0x04, 0x08, 0x12, 0x34, 0x00, 0x02, 0x00, 0x00, 0x02, 0x19}));
}

TEST_CASE("one FC 23 acknowledges, shows and tells") {
  UnitModel unit = unit_at(1);
  unit.press(0x10);
  Bytes request = frame({0x01, 0x17, 0x00, 0x10, 0x00, 0x04, 0x01, 0x0F, 0x00, 0x0B, 0x16,
                         0x00, 0x01, 0x00, 0x09, 0x00, 0x02, 0x00, 0x41, 0x00, 0x31});
  request.resize(request.size() + 12);
  append_crc(request);
  CHECK(ask(unit, request) == with_crc({0x01, 0x17, 0x08, 0x12, 0x34, 0x00, 0x01, 0x00, 0x09, 0x01, 0x10}));
  CHECK(unit.key_ack() == 1);
  CHECK(unit.text() == "A1");
  CHECK(unit.beeps() == 1);
  ask(unit, request);
  CHECK(unit.beeps() == 1);  // the same face again
  SUBCASE("a face that is refused acknowledges nothing either") {
    unit.press(0x10);
    request[12] = 2;
    request[13] = request[14] = 0;
    request.resize(request.size() - 2);
    append_crc(request);
    CHECK(ask(unit, request) == with_crc({0x01, 0x97, 0x03}));
    CHECK(unit.key_ack() == 1);
    CHECK(unit.text() == "A1");
  }
  SUBCASE("what cannot be read is not written") {
    CHECK(ask(unit, with_crc({0x01, 0x17, 0x7F, 0x00, 0x00, 0x01, 0x01, 0x00, 0x00, 0x01, 0x02, 0x00,
                              0x05})) == with_crc({0x01, 0x97, 0x02}));
    CHECK(unit.key_ack() == 1);
  }
}

TEST_CASE("a face of dots lights exactly these dots") {
  UnitModel unit = unit_at(1);
  const lobby::display::DotFont font;
  Bytes request = frame({0x01, 0x10, 0x01, 0x20, 0x00, 0x42, 0x84, 0x00, 0x05, 0x00, 0x01});
  request.resize(request.size() + 128);
  request[11] = 0x80;        // the leftmost dot of the first row
  request[11 + 127] = 0x01;  // the rightmost one of the last
  append_crc(request);
  CHECK(ask(unit, request) == with_crc({0x01, 0x10, 0x01, 0x20, 0x00, 0x42}));
  lobby::display::Bitmap expected(64, 16);
  expected.set(0, 0);
  expected.set(63, 15);
  CHECK(unit.lit(font) == expected);
  CHECK(unit.face() == 5);
  CHECK(unit.blinks());
  CHECK(word_at(unit, 0x0122) == 0x8000);
  ask(unit, face_of(6, {0x41}));
  expected = lobby::display::Bitmap(64, 16);
  font.draw(expected, 0, 0, "A");
  CHECK(unit.lit(font) == expected);
}

TEST_CASE("a character that the unit's font lacks is a box, and it says so") {
  UnitModel unit = unit_at(1);
  const lobby::display::DotFont font;
  ask(unit, face_of(1, {0xBAC5}));
  CHECK((word_at(unit, 0x1C) & 8) == 0);
  lobby::display::Bitmap expected(64, 16);
  font.draw(expected, 0, 0, "号");
  CHECK(unit.lit(font) == expected);
  ask(unit, face_of(2, {0xC9E7}));  // 社
  CHECK((word_at(unit, 0x1C) & 8) == 8);
  expected = lobby::display::Bitmap(64, 16);
  expected.draw(lobby::display::missing_glyph(16, 16), 0, 0);
  CHECK(unit.lit(font) == expected);
}

TEST_CASE("a unit whose host falls silent shows its rest, no old number, until it is told anew") {
  UnitModel unit = unit_at(1);
  ask(unit, rest_write(10, 1));
  ask(unit, face_of(3, {0x41, 0x31}));
  unit.pass(start + 999ms);
  CHECK(unit.text() == "A1");
  unit.pass(start + 1000ms);
  CHECK(unit.text() == "3号暂停");
  CHECK(unit.face() == 0);
  unit.pass(start + 10s);
  CHECK(word_at(unit, 0x12) == 0);
  CHECK((word_at(unit, 0x1C) & 1) == 1);
  CHECK(word_at(unit, 0x2A) == 1);
  CHECK(unit.text() == "3号暂停");
  SUBCASE("a face ends it") {
    ask(unit, face_of(4, {0x42}));
    CHECK(unit.text() == "B");
    CHECK((word_at(unit, 0x1C) & 1) == 0);
  }
  SUBCASE("a broadcast keeps it awake as well as a request does") {
    ask(unit, face_of(4, {0x42}));
    unit.pass(start + 10900ms);
    tell(unit, with_crc({0x00, 0x06, 0x01, 0x04, 0x00, 0x32}));
    unit.pass(start + 11800ms);
    CHECK(unit.text() == "B");
    CHECK(unit.brightness() == 50);
    unit.pass(start + 11900ms);
    CHECK(unit.text() == "3号暂停");
    CHECK(word_at(unit, 0x2A) == 2);
  }
  SUBCASE("blank is dark, from the next rest on") {
    ask(unit, rest_write(10, 0));
    CHECK(unit.text() == "3号暂停");
    ask(unit, face_of(4, {0x42}));
    unit.pass(start + 20s);
    CHECK(unit.lit(lobby::display::DotFont()) == lobby::display::Bitmap(64, 16));
  }
  SUBCASE("what is out of range is refused and changes nothing") {
    CHECK(ask(unit, rest_write(4, 1)) == with_crc({0x01, 0x90, 0x03}));
    CHECK(ask(unit, rest_write(601, 1)) == with_crc({0x01, 0x90, 0x03}));
    CHECK(ask(unit, rest_write(30, 2)) == with_crc({0x01, 0x90, 0x03}));
    CHECK(word_at(unit, 0x0180) == 10);
  }
}

TEST_CASE("after a reset a unit has what was saved, and is dark") {
  UnitModel unit = unit_at(1);
  ask(unit, rest_write(20, 1));
  SUBCASE("nothing was") {
    unit.reset();
    CHECK(word_at(unit, 0x0180) == 30);
    CHECK(word_at(unit, 0x33) == 0);
  }
  SUBCASE("it was") {
    CHECK(ask(unit, settings_write(1, 192)) == with_crc({0x01, 0x10, 0x01, 0xC0, 0x00, 0x04}));
    ask(unit, rest_write(40, 1));
    ask(unit, face_of(3, {0x41}));
    unit.reset();
    CHECK(unit.text().empty());
    CHECK(unit.face() == 0);
    CHECK(word_at(unit, 0x0180) == 20);
    CHECK(word_at(unit, 0x33) == 1);
    CHECK(word_at(unit, 0x22) == 1);
  }
  CHECK(unit.boot_id() != 0x1234);
}

TEST_CASE("a unit takes its new address with the answer at the old one, and keeps it") {
  UnitModel unit = unit_at(1);
  CHECK(ask(unit, settings_write(248, 192)) == with_crc({0x01, 0x90, 0x03}));
  CHECK(ask(unit, settings_write(17, 191)) == with_crc({0x01, 0x90, 0x03}));
  CHECK(ask(unit, settings_write(17, 192, 0x5AFF)) == with_crc({0x01, 0x90, 0x03}));
  CHECK(unit.address() == 1);
  CHECK(ask(unit, settings_write(17, 96)) == with_crc({0x01, 0x10, 0x01, 0xC0, 0x00, 0x04}));
  CHECK(unit.address() == 17);
  unit.reset();
  CHECK(unit.address() == 17);
  CHECK(word_at(unit, 0x30) == 17);
  CHECK(word_at(unit, 0x31) == 96);
}

TEST_CASE("of two units with one address that takes another whose key is held") {
  UnitModel held = unit_at(9);
  UnitModel other = unit_at(9);
  held.hold(0x0008);
  CHECK(word_at(held, 0x1D) == 0x0008);
  const Bytes claim = with_crc({0x00, 0x06, 0x01, 0xC4, 0x00, 0x0A});
  tell(held, claim);
  tell(other, claim);
  CHECK(held.address() == 10);
  CHECK(other.address() == 9);
  // Nobody takes an address that all were told.
  tell(other,
       with_crc({0x00, 0x10, 0x01, 0xC0, 0x00, 0x04, 0x08, 0x00, 0x05, 0x00, 0xC0, 0x00, 0x00, 0x5A, 0xFE}));
  CHECK(other.address() == 9);
}

TEST_CASE("a unit asked where it is says its address for so long as it was told") {
  UnitModel unit = unit_at(17);
  ask(unit, with_crc({0x11, 0x06, 0x01, 0x05, 0x00, 0x02}));
  CHECK(unit.text() == "地址 17");
  unit.pass(start + 1999ms);
  CHECK(unit.text() == "地址 17");
  unit.pass(start + 2s);
  CHECK(unit.text().empty());
  CHECK(ask(unit, with_crc({0x11, 0x06, 0x01, 0x05, 0x02, 0x59})) == with_crc({0x11, 0x86, 0x03}));
}

TEST_CASE("lamps are coils too; held keys are discrete inputs") {
  UnitModel panel = unit_at(1, UnitShape::button_panel);
  CHECK(ask(panel, with_crc({0x01, 0x0F, 0x00, 0x00, 0x00, 0x08, 0x01, 0xA5})) ==
        with_crc({0x01, 0x0F, 0x00, 0x00, 0x00, 0x08}));
  CHECK(panel.lamps() == 0x00A5);
  CHECK(ask(panel, with_crc({0x01, 0x05, 0x00, 0x01, 0xFF, 0x00})) ==
        with_crc({0x01, 0x05, 0x00, 0x01, 0xFF, 0x00}));
  CHECK(ask(panel, with_crc({0x01, 0x05, 0x00, 0x00, 0x00, 0x00})) ==
        with_crc({0x01, 0x05, 0x00, 0x00, 0x00, 0x00}));
  CHECK(ask(panel, with_crc({0x01, 0x05, 0x00, 0x00, 0x12, 0x34})) == with_crc({0x01, 0x85, 0x03}));
  CHECK(ask(panel, with_crc({0x01, 0x05, 0x00, 0x08, 0xFF, 0x00})) == with_crc({0x01, 0x85, 0x02}));
  CHECK(ask(panel, with_crc({0x01, 0x01, 0x00, 0x01, 0x00, 0x07})) == with_crc({0x01, 0x01, 0x01, 0x53}));
  CHECK(word_at(panel, 0x0101) == 0x00A6);
  panel.hold(0x0080);
  CHECK(ask(panel, with_crc({0x01, 0x02, 0x00, 0x07, 0x00, 0x01})) == with_crc({0x01, 0x02, 0x01, 0x01}));
  CHECK(ask(panel, with_crc({0x01, 0x02, 0x00, 0x00, 0x00, 0x11})) == with_crc({0x01, 0x82, 0x02}));
}

TEST_CASE("a panel has the map without the sign") {
  UnitModel panel = unit_at(1, UnitShape::button_panel);
  CHECK(ask(panel, with_crc({0x01, 0x04, 0x00, 0x00, 0x00, 0x05})) ==
        with_crc({0x01, 0x04, 0x0A, 0x4C, 0x57, 0x00, 0x01, 0x00, 0x02, 0x01, 0x00, 0x00, 0xF3}));
  CHECK(ask(panel, face_of(1, {0x41})) == with_crc({0x01, 0x90, 0x02}));
  CHECK(parse_key(UnitShape::button_panel, "8") == 8);
  CHECK_FALSE(parse_key(UnitShape::button_panel, "9").has_value());
  CHECK_FALSE(parse_key(UnitShape::button_panel, "call").has_value());
  ask(panel, with_crc({0x01, 0x10, 0x01, 0x01, 0x00, 0x03, 0x06, 0x00, 0x81, 0x00, 0x01, 0x00, 0x0A}));
  CHECK(panel.lamps() == 0x0081);
  CHECK(panel.blinking_lamps() == 1);
  CHECK(panel.beeps() == 1);
  CHECK(ask(panel, with_crc({0x01, 0x06, 0x01, 0x01, 0x01, 0x00})) == with_crc({0x01, 0x86, 0x03}));
  SUBCASE("its lamps are out while the host is silent, no longer") {
    panel.pass(start + 2999ms);
    CHECK(panel.lamps() == 0x0081);
    panel.pass(start + 3s);
    CHECK(panel.lamps() == 0);
    CHECK(word_at(panel, 0x0101) == 0x0081);
    CHECK(panel.lamps() == 0x0081);
    CHECK(word_at(panel, 0x002A) == 1);
  }
}

TEST_CASE("gaps read 0 and refuse writes, blocks are written whole or not at all") {
  UnitModel unit = unit_at(1);
  CHECK(word_at(unit, 0x0005) == 0);
  CHECK(word_at(unit, 0x01A0) == 0);
  CHECK(ask(unit, with_crc({0x01, 0x03, 0x01, 0xD0, 0x00, 0x01})) == with_crc({0x01, 0x83, 0x02}));
  CHECK(ask(unit, with_crc({0x01, 0x04, 0x01, 0x00, 0x00, 0x01})) == with_crc({0x01, 0x84, 0x02}));
  for (const int reg : {0x0000, 0x0010, 0x0106, 0x0110, 0x0111, 0x0120, 0x0180, 0x01C0, 0x01C5}) {
    CAPTURE(reg);
    CHECK(ask(unit, with_crc({0x01, 0x06, reg >> 8, reg & 0xFF, 0x00, 0x01})) ==
          with_crc({0x01, 0x86, 0x02}));
  }
  CHECK(ask(unit, with_crc({0x01, 0x06, 0x01, 0x01, 0x00, 0x01})) == with_crc({0x01, 0x86, 0x02}));
  CHECK(ask(unit, with_crc({0x01, 0x05, 0x00, 0x00, 0xFF, 0x00})) == with_crc({0x01, 0x85, 0x02}));
  // Brightness 101 behind lamps: neither is taken.
  UnitModel panel = unit_at(1, UnitShape::button_panel);
  CHECK(ask(panel, with_crc({0x01, 0x10, 0x01, 0x01, 0x00, 0x04, 0x08, 0x00, 0x07, 0x00, 0x00, 0x00, 0x00,
                             0x00, 0x65})) == with_crc({0x01, 0x90, 0x03}));
  CHECK(panel.lamps() == 0);
}

TEST_CASE("a unit counts what it heard, refused and lost") {
  UnitModel unit = unit_at(1);
  ask(unit, with_crc({0x01, 0x04, 0x00, 0x00, 0x00, 0x04}));
  ask(unit, with_crc({0x01, 0x2B, 0x0E, 0x01, 0x00, 0x00}));
  unit.overhear(true);
  unit.overhear(true);
  unit.overhear(false);
  for (int i = 0; i < 10; ++i) {
    unit.press(1);
  }
  unit.pass(start + 2min);
  CHECK(ask(unit, with_crc({0x01, 0x04, 0x00, 0x20, 0x00, 0x0B})) ==
        with_crc({0x01, 0x04, 0x16, 0x00, 0x01, 0xD4, 0xC0, 0x00, 0x01, 0x00, 0x03, 0x00, 0x01,
                  0x00, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01}));
}
