#include "drivers/board/onbon_graphic.hpp"

#include <doctest/doctest.h>

#include "drivers/board/checksums.hpp"
#include "drivers/board/onbon_area.hpp"
#include "drivers/board/onbon_frame.hpp"
#include "tests/drivers_board/hex.hpp"

namespace onbon_graphic_tests {

using namespace lobby;
using namespace lobby::board::onbon;
using board::Bytes;
using tests::hex;

namespace {

Bytes unwrapped(const Bytes& frame) {
  FrameSplitter splitter;
  for (const auto byte : frame) {
    if (auto packet = splitter.take(byte)) {
      return *packet;
    }
  }
  return {};
}

Bytes body_of(const Bytes& frame, std::size_t head) {
  const auto packet = unwrapped(frame);
  return {packet.begin() + static_cast<std::ptrdiff_t>(head), packet.end()};
}

Bytes joined(const std::vector<Bytes>& parts) {
  Bytes out;
  for (const auto& part : parts) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

/// A card's answer of the sixth generation, as a client would take it.
Bytes answer_g6(const Bytes& body) {
  auto packet = hex("00 80 fe ff 07 00 74 01 00 00 01 00 90 01 96 00 00 00 00 00 00 00");
  const auto crc = board::crc16_arc(body);
  board::put_le(packet, body.size(), 2);
  board::put_le(packet, crc, 2);
  packet.push_back(0);
  std::uint8_t sum = 0;
  for (const auto byte : packet) {
    sum = static_cast<std::uint8_t>(sum ^ byte);
  }
  packet.push_back(sum);
  return joined({packet, body});
}

/// Dark everywhere, then what is painted.
struct Canvas {
  Canvas(int w, int h) : width(w), height(h), rgb(static_cast<std::size_t>(w * h * 3), 0) {}
  void dot(int x, int y, board::Rgb colour) {
    auto* at = &rgb[static_cast<std::size_t>((y * width + x) * 3)];
    at[0] = colour.red;
    at[1] = colour.green;
    at[2] = colour.blue;
  }
  board::ImageView view() const { return {width, height, rgb}; }
  int width, height;
  Bytes rgb;
};

constexpr board::Rgb red{255, 0, 0}, green{0, 255, 0}, yellow{255, 255, 0}, blue{0, 0, 255};

}  // namespace

TEST_CASE("the published frames of graphic cards come out byte for byte") {
  CHECK(graphic_ping({Generation::g6, any_type, 0x0E78, 0x3E}) ==
        hex("a5*8 fe ff 00 80 07 00 fe ff 00 00 78 0e 90 01 96 3e 00 00 00 00 00 00 05 00 1e 78 00 ab "
            "01 a2 00 00 00 5a"));
  CHECK(graphic_power({Generation::g6, 0x0174, 0x29C6, 0x0A}, true) ==
        hex("a5*8 fe ff 00 80 07 00 74 01 00 00 c6 29 90 01 96 0a 00 00 00 00 00 00 06 00 68 c4 00 bb "
            "01 a2 05 01 00 01 5a"));
  CHECK(graphic_ping({Generation::g5, any_type, 0x0FE6, 0x10}) ==
        hex("a5*8 fe ff 00 80 05 00 fe ff 01 00 e6 0f 00 90 96 10 00 00 00 00 00 00 05 00 1e 78 18 "
            "01 a2 00 00 00 5a"));
  CHECK(delete_area_frame(0x0174, hex("00")) ==
        hex("a5*8 fe ff 00 80 f0 00 74 01 00 00 00 00 07 00 00 00 01 a7 01 02 00 01 00 63 6d 5a"));
}

TEST_CASE("orders carry what they say behind their head") {
  const Envelope envelope{Generation::g6, 0x0174, 1, 0};
  CHECK(body_of(graphic_clock(envelope, {2026, 3, 16, 9, 5, 31, 1}), 28) ==
        hex("01 a2 02 08 00 26 20 03 16 09 05 31 01"));
  CHECK(body_of(graphic_timetable(envelope, {{7, 30, 18, 0}, {19, 0, 20, 15}}), 28) ==
        hex("01 a2 06 09 00 02 07 30 18 00 19 00 20 15"));
  CHECK(body_of(graphic_timetable(envelope, {}), 28) == hex("01 a2 08 00 00"));
  std::array<std::uint8_t, 48> levels{};
  levels.fill(15);
  CHECK(body_of(graphic_brightness(envelope, BrightnessMode::by_clock, levels), 28) ==
        hex("01 a2 07 31 00 01 0f*48"));
  CHECK(body_of(graphic_status({Generation::g5, 0x0154, 1, 0}), 27) == hex("01 a2 0f 00 00"));
  auto all = body_of(delete_area_frame(0x0174, {}), 16);
  all.resize(all.size() - 2);
  CHECK(all == hex("01 a7 01 01 00 ff"));
}

TEST_CASE("a ping's answer tells what the card is") {
  const auto answer = parse_graphic_answer(answer_g6(
      hex("00 a2 80 00 00 00 00 1b 00 74 01 31*8 01 fe ff 02 c0 00 20 00 03 0f 01 04 00 01 00 02 00")));
  REQUIRE(answer.has_value());
  const auto card = parse_graphic_identity(*answer);
  REQUIRE(card.has_value());
  CHECK(card->type == 0x0174);
  CHECK(card->is_set_up);
  CHECK(card->width == 192);
  CHECK(card->height == 32);
  CHECK(card->colour == 3);
  CHECK(card->brightness == 15);
  CHECK(card->on == true);
}

TEST_CASE("a ping's answer that ends behind the colour is still one, a shorter one is none") {
  const auto short_one = parse_graphic_answer(
      answer_g6(hex("00 a2 80 00 00 00 00 13 00 74 01 31*8 00 fe ff 02 c0 00 20 00 01")));
  const auto card = parse_graphic_identity(*short_one);
  REQUIRE(card.has_value());
  CHECK(!card->is_set_up);
  CHECK(card->colour == 1);
  CHECK(!card->on.has_value());
  const auto none = parse_graphic_answer(answer_g6(hex("00 a2 80 00 00 00 00 02 00 74 01")));
  CHECK(!parse_graphic_identity(*none).has_value());
}

TEST_CASE("yes, no and a status are told apart") {
  const auto yes = parse_graphic_answer(answer_g6(hex("00 a0 00 00 00 00 00 00 00")));
  CHECK(yes->is_acknowledgement());
  CHECK(yes->is_ok());
  const auto no = parse_graphic_answer(answer_g6(hex("00 a0 01 00 00 1b 00 00 00")));
  CHECK(!no->is_ok());
  CHECK(no->error == 0x1B);
  const auto bare = parse_graphic_answer(answer_g6(hex("00 a0 00")));
  CHECK(bare->is_ok());
  const auto status = parse_graphic_status(
      *parse_graphic_answer(answer_g6(hex("00 a2 8f 00 00 00 00 0a 00 01 00 01 0c 03 00 00 00 00 00"))));
  REQUIRE(status.has_value());
  CHECK(status->on);
  CHECK(status->brightness_mode == BrightnessMode::by_clock);
  CHECK(status->brightness == 12);
  CHECK(status->programmes == 3);
}

TEST_CASE("an answer whose checksums are wrong is none") {
  auto packet = answer_g6(hex("00 a0 00 00 00 00 00 00 00"));
  for (std::size_t i = 0; i < packet.size(); ++i) {
    auto damaged = packet;
    damaged[i] ^= 0x10;
    CHECK_MESSAGE(!parse_graphic_answer(damaged).has_value(), i);
  }
  CHECK(!parse_graphic_answer(Bytes(packet.begin(), packet.end() - 1)).has_value());
}

TEST_CASE("an answer of the kind of dynamic areas is read too, and one with a barcode in its head") {
  auto area = hex("00 80 fe ff f0 00 74 01 00 00 00 00 09 00 00 00 00 a0 00 00 00 00 00 00 00");
  board::put_le(area, board::crc16_arc(area), 2);
  CHECK(parse_graphic_answer(area)->is_acknowledgement());
  auto packet = answer_g6(hex("00 a0 00 00 00 00 00 00 00"));
  packet[9] = 2;
  packet[27] ^= 2;
  packet.insert(packet.begin() + 10, 16, 0x42);  // an even number of them: the sum stays
  CHECK(parse_graphic_answer(packet)->is_acknowledgement());
}

TEST_CASE("a 6G picture: red rows, then green rows, in words of 32 columns of the screen, 0 is lit") {
  Canvas canvas(32, 2);
  canvas.dot(0, 0, red);
  canvas.dot(9, 0, green);
  canvas.dot(31, 1, yellow);
  Bytes out;
  put_bitmap(out, {}, 0, canvas.view());
  CHECK(out == hex("ff ff ff 7f  fe ff ff ff  ff ff bf ff  fe ff ff ff"));
}

TEST_CASE("a 6G area that begins or ends inside a word is dark around itself") {
  Canvas canvas(3, 1);
  canvas.dot(0, 0, red);
  canvas.dot(2, 0, red);
  Bytes out;
  put_bitmap(out, {}, 38, canvas.view());  // columns 38 and 40: bits 25 and 23 of the word from 32 on
  CHECK(out == hex("ff ff 7f fd  ff ff ff ff"));
  out.clear();
  put_bitmap(out, {}, 30, canvas.view());  // columns 30 and 32: two words
  CHECK(out == hex("fd ff ff ff  ff ff ff 7f  ff*8"));
  CHECK(bitmap_row_bytes({}, 30, 3) == 8);
}

TEST_CASE("a 5G picture: bytes of red and green take turns, the leftmost column in the highest bit") {
  Canvas canvas(16, 1);
  canvas.dot(0, 0, red);
  canvas.dot(7, 0, green);
  canvas.dot(8, 0, yellow);
  Bytes out;
  put_bitmap(out, {Generation::g5}, 0, canvas.view());
  CHECK(out == hex("7f fe 7f 7f"));
}

TEST_CASE("a screen of one colour shows every colour, and a lone blue is not dark on a red-green one") {
  Canvas canvas(8, 1);
  canvas.dot(0, 0, red);
  canvas.dot(1, 0, green);
  canvas.dot(2, 0, blue);
  canvas.dot(3, 0, {127, 127, 127});
  canvas.dot(4, 0, {255, 255, 255});
  Bytes out;
  put_bitmap(out, {Generation::g5, 1}, 0, canvas.view());
  CHECK(out == hex("17"));
  out.clear();
  put_bitmap(out, {Generation::g5, 2}, 0, canvas.view());
  CHECK(out == hex("77 97"));
  out.clear();
  put_bitmap(out, {Generation::g5, 2, 100}, 0, canvas.view());
  CHECK(out == hex("67 87"));
}

TEST_CASE("a 6G dynamic area, byte for byte by hand") {
  Canvas canvas(32, 1);
  canvas.dot(0, 0, red);
  GraphicArea area;
  area.type = 0x0174;
  area.number = 2;
  area.x = 32;
  area.y = 16;
  area.run_mode = RunMode::loop_or_blank;
  area.timeout = std::chrono::duration<std::uint16_t>(300);
  area.stay = std::chrono::duration<std::uint16_t, std::centi>(500);
  const auto frames = area_frames(area, canvas.view());
  REQUIRE(frames.size() == 1);
  auto packet =
      hex("fe ff 00 80 f0 00 74 01 00 00 00 00 52 00 00 00"  // 82 = 5 + 77
          "  01 a7 00 4d 00  01 00 3f 00 00 00"              // 77 = 6 + 63 + 8
          "  02 02 2c 01 01 00 00 01 00*4"
          "  10 20 00 10 00 20 00 01 00 00 00*9"
          "  01 00 1a 00 00 00  00 01 01 00 f4 01 01 20 00 00*9 00 00 00 00 08 00 00 00"
          "  ff ff ff 7f  ff ff ff ff");
  board::put_le(packet, board::crc16_arc(packet), 2);
  CHECK(unwrapped(frames[0]) == packet);
}

TEST_CASE("a 5G dynamic area, byte for byte by hand") {
  Canvas canvas(8, 1);
  canvas.dot(0, 0, red);
  GraphicArea area;
  area.generation = Generation::g5;
  area.type = 0x0154;
  area.timeout = std::chrono::duration<std::uint16_t>(60);
  const auto frames = area_frames(area, canvas.view());
  REQUIRE(frames.size() == 1);
  auto packet =
      hex("fe ff 00 80 f0 00 54 01 00 00 00 00 34 00 00 00"  // 52 = 5 + 47
          "  01 a7 00 2f 00  2b 00 00 00"                    // 47 = 4 + 43
          "  00 02 3c 00 01 00 00 01 00*4"
          "  10 00 00 00 00 08 00 01 00 00"
          "  01 00 0f 00 00 00  00 01 00 00 00 00 01 08 00 00*4  7f ff");
  board::put_le(packet, board::crc16_arc(packet), 2);
  CHECK(unwrapped(frames[0]) == packet);
}

TEST_CASE("a picture beyond 64 KiB becomes areas below each other that do not hide one another") {
  Canvas canvas(1024, 512);
  canvas.dot(0, 511, red);
  GraphicArea area;
  area.number = 3;
  const auto frames = area_frames(area, canvas.view());
  REQUIRE(frames.size() == 3);
  std::size_t rows = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    // The splitter for answers is bounded below this: the first bytes say enough.
    const Bytes packet(frames[i].begin() + 8, frames[i].end());
    const Bytes info(packet.begin() + 27, packet.end());
    CHECK(info[0] == 3 + i);
    CHECK(info[7] == 0);
    CHECK(static_cast<std::size_t>(info[15] | info[16] << 8) == rows);
    rows += static_cast<std::size_t>(info[19] | info[20] << 8);
  }
  CHECK(rows == 512);
  CHECK(frames[0].size() <= 16 + 5 + 65535 + 2 + 9 + 10);
}

}  // namespace onbon_graphic_tests
