#include "drivers/board/onbon_k.hpp"

#include <doctest/doctest.h>

#include "drivers/board/checksums.hpp"
#include "drivers/board/onbon_error.hpp"
#include "tests/drivers_board/hex.hpp"

namespace onbon_k_tests {

using namespace lobby;
using namespace lobby::board::onbon;
using board::Bytes;
using tests::hex;

namespace {

Bytes sealed(Bytes packet) {
  const auto crc = board::crc16_arc(packet);
  packet.push_back(static_cast<std::uint8_t>(crc & 0xFF));
  packet.push_back(static_cast<std::uint8_t>(crc >> 8));
  return packet;
}

/// What stands between head and checksum of an unescaped frame.
Bytes data_of(const Bytes& frame) {
  return {frame.begin() + 8 + 14, frame.end() - 3};
}

std::string ascii(const Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("the published frames of K cards come out byte for byte") {
  CHECK(k_ping({}) == hex("a5*8 01 00 00 80 00 00 00 00 00 00 fe 02 05 00 a2 00 01 00 00 68 f8 5a"));
  CHECK(k_clear({}) == hex("a5*8 01 00 00 80 00 00 00 00 00 00 fe 02 05 00 a3 10 01 00 00 51 f8 5a"));

  KArea area;
  area.width = 192;
  area.height = 32;
  area.run_mode = RunMode::loop;
  area.timeout = std::chrono::duration<std::uint16_t>(2);
  area.move = 3;
  area.speed = 4;
  area.stay = 5;
  const auto text = hex("30 31 32 33 34 35 51 52 53 54 54 56 27 42");
  CHECK(k_show({}, {0x2D, 0}, area, text) ==
        hex("a5*8 01 00 00 80 00 00 00 00 00 00 fe 02 32 00 a3 06 01 2d 00 00 01 29 00 00 00 00 00 00 "
            "18 00 20 00 00 00 00 02 00 00 00 00 02 02 03 00 04 05 0e 00 00 00 "
            "30 31 32 33 34 35 51 52 53 54 54 56 27 42 a8 7d 5a"));
}

TEST_CASE("a place that is no multiple of eight pixels is told in pixels") {
  KArea area;
  area.x = 12;
  area.y = 3;
  area.width = 100;
  area.height = 16;
  const auto data = data_of(k_show({}, {}, area, {}));
  CHECK(Bytes(data.begin() + 10, data.begin() + 18) == hex("0c 80 03 00 64 80 10 00"));
}

TEST_CASE("a watchdog inside the card is asked for unless the site wants something else") {
  const auto data = data_of(k_show({}, {}, {}, {}));
  CHECK(data[20] == 2);                                                // blank when nobody renews it …
  CHECK(Bytes(data.begin() + 21, data.begin() + 23) == hex("3c 00"));  // … within a minute
}

TEST_CASE("a line is GBK behind its colour, and what would be an order to the card is none") {
  board::TextLosses losses;
  KArea area;
  CHECK(k_text(area, {{"请A1", {255, 0, 0}}, {"到", {0, 255, 0}}, {"号", {255, 255, 0}}}, losses) ==
        hex("5c 43 31 c7 eb 41 31 5c 6e 5c 43 32 b5 bd 5c 6e 5c 43 33 ba c5"));
  CHECK(losses == board::TextLosses{});
  area.colours = false;
  area.font = "\\FE001";
  CHECK(k_text(area, {{"a\\C1", {}}}, losses) == hex("5c 46 45 30 30 31 61 a3 dc 43 31"));
}

TEST_CASE("characters that GBK lacks are replaced for everyone to see, and counted") {
  board::TextLosses losses;
  KArea area;
  area.colours = false;
  CHECK(k_text(area, {{"龚䶮", {}}}, losses) == hex("b9 a8 a1 fe"));
  CHECK(losses.replaced == 1);
}

TEST_CASE("a text that is too long keeps its beginning, in whole characters") {
  board::TextLosses losses;
  KArea area;
  area.colours = false;
  area.longest_text = 5;
  CHECK(k_text(area, {{"一二三", {}}}, losses) == hex("d2 bb b6 fe"));
  CHECK(losses.cut == 1);
}

TEST_CASE("orders carry what they say where the card looks for it") {
  CHECK(data_of(k_clock({}, {2026, 3, 16, 9, 5, 31, 1})) == hex("a2 03 01 00 00 26 20 03 16 09 05 31 01"));
  std::array<std::uint8_t, 48> half_hours{};
  half_hours.fill(16);
  CHECK(data_of(k_brightness({}, 9, half_hours)) == hex("a3 02 01 00 00 01 09 10*48"));
  CHECK(data_of(k_delete_areas({}, {})) == hex("a3 06 01 00 00 ff 00"));
  CHECK(data_of(k_delete_areas({}, hex("01 04"))) == hex("a3 06 01 00 00 02 01 04 00"));
}

TEST_CASE("nobody is asked to answer on a line with others, nor by a broadcast") {
  KTarget shared;
  shared.answers = false;
  CHECK(data_of(k_ping(shared))[2] == 2);
  KTarget everyone;
  everyone.screen = KTarget::any_screen;
  const auto frame = k_ping(everyone);
  CHECK(Bytes(frame.begin() + 8, frame.begin() + 10) == hex("fe ff"));
  CHECK(data_of(frame)[2] == 2);
}

TEST_CASE("an answer is read when its checksum holds, and its error has a name") {
  const auto head = hex("00 80 01 00 00 00 00 00 00 00 51 02 05 00");
  const auto with = [&](const std::string& data) {
    auto packet = head;
    const auto more = hex(data);
    packet.insert(packet.end(), more.begin(), more.end());
    return sealed(packet);
  };
  const auto yes = parse_k_answer(with("a0 00 00 00 00"));
  REQUIRE(yes.has_value());
  CHECK(yes->is_ok());
  const auto no = parse_k_answer(with("a0 01 0c 00 00"));
  REQUIRE(no.has_value());
  CHECK(!no->is_ok());
  CHECK(error_text(no->error) == "font library missing");
  CHECK(error_text(0x7F) == "error 127");
  auto damaged = with("a0 00 00 00 00");
  damaged[14] ^= 1;
  CHECK(!parse_k_answer(damaged).has_value());
  CHECK(!parse_k_answer(hex("00 80")).has_value());
  CHECK(ascii(parse_k_answer(with("a2 80 00 00 00 42 58"))->data) == "BX");
}

}  // namespace onbon_k_tests
