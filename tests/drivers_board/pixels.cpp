#include <doctest/doctest.h>

#include <numeric>

#include "drivers/board/colorlight.hpp"
#include "drivers/board/ddp.hpp"
#include "drivers/board/e131.hpp"
#include "tests/drivers_board/hex.hpp"

namespace pixels_tests {

using namespace lobby;
using board::Bytes;
using tests::hex;

namespace {

Bytes part(const Bytes& bytes, std::size_t from, std::size_t count) {
  return {bytes.begin() + static_cast<std::ptrdiff_t>(from),
          bytes.begin() + static_cast<std::ptrdiff_t>(from + count)};
}

Bytes ramp(std::size_t size) {
  Bytes out(size);
  std::iota(out.begin(), out.end(), std::uint8_t{0});
  return out;
}

}  // namespace

TEST_CASE("DDP: a 192x32 frame is 13 packets that hold its pixels in order, and only the last one pushes") {
  std::uint8_t sequence = 0;
  const auto rgb = ramp(192 * 32 * 3);
  const auto packets = board::ddp::packets({}, rgb, sequence);
  REQUIRE(packets.size() == 13);
  CHECK(part(packets[0], 0, 10) == hex("40 01 0b 01 00 00 00 00 05 a0"));
  CHECK(part(packets[1], 0, 10) == hex("40 02 0b 01 00 00 05 a0 05 a0"));
  CHECK(part(packets[12], 0, 10) == hex("41 0d 0b 01 00 00 43 80 04 80"));
  Bytes all;
  for (const auto& packet : packets) {
    all.insert(all.end(), packet.begin() + 10, packet.end());
  }
  CHECK(all == rgb);
}

TEST_CASE("DDP: the sequence goes from 15 to 1, never to 0") {
  std::uint8_t sequence = 15;
  CHECK(board::ddp::packets({}, hex("01 02 03"), sequence).front()[1] == 1);
  CHECK(sequence == 1);
  CHECK(board::ddp::packets({}, {}, sequence).empty());
}

TEST_CASE("E1.31: a universe, byte for byte by hand") {
  board::e131::Settings settings;
  settings.cid.fill(0xC1);
  settings.source_name = "hall";
  settings.first_universe = 0x0102;
  settings.sync_universe = 7;
  const auto packets = board::e131::packets(settings, hex("ff 80 01"), 9);
  REQUIRE(packets.size() == 1);
  CHECK(packets[0].universe == 0x0102);
  CHECK(packets[0].bytes == hex("00 10 00 00 41 53 43 2d 45 31 2e 31 37 00 00 00  70 71  00 00 00 04  c1*16"
                                "  70 5b  00 00 00 02  68 61 6c 6c 00*60  64 00 07 09 00 01 02"
                                "  70 0e  02 a1 00 00 00 01  00 04  00 ff 80 01"));
}

TEST_CASE("E1.31: 170 pixels to a universe, so 37 of them for 192x32") {
  const auto packets = board::e131::packets({}, ramp(192 * 32 * 3), 0);
  REQUIRE(packets.size() == 37);
  CHECK(board::e131::universes_of(192 * 32) == 37);
  CHECK(packets[0].bytes.size() == 126 + 510);
  CHECK(packets[36].bytes.size() == 126 + 24 * 3);
  CHECK(packets[36].universe == 37);
  CHECK(part(packets[36].bytes, 113, 2) == hex("00 25"));
  CHECK(board::e131::multicast_group(0x0125) == std::array<std::uint8_t, 4>{239, 255, 1, 0x25});
}

TEST_CASE("E1.31: the sync packet and the end of a source") {
  board::e131::Settings settings;
  settings.cid.fill(0xC1);
  settings.sync_universe = 7;
  CHECK(board::e131::sync_packet(settings, 3).bytes ==
        hex("00 10 00 00 41 53 43 2d 45 31 2e 31 37 00 00 00  70 21  00 00 00 08  c1*16"
            "  70 0b  00 00 00 01  03 00 07 00 00"));
  const auto last = board::e131::terminated(settings, 2, 4);
  REQUIRE(last.size() == 2);
  CHECK(last[1].universe == 2);
  CHECK(part(last[1].bytes, 111, 4) == hex("04 40 00 02"));
}

TEST_CASE("Colorlight: rows, brightness, show and the question who is there") {
  board::colorlight::Settings settings;
  settings.brightness = 0x40;
  settings.is_bgr = true;
  CHECK(board::colorlight::row_frame(settings, 1, 0x1F1, hex("01 02 03 04 05 06")) ==
        hex("11 22 33 44 55 66 22 22 33 44 55 66 55  00 01 01 f1 00 02 08 88  03 02 01 06 05 04"));
  settings.is_bgr = false;
  CHECK(part(board::colorlight::row_frame(settings, 1, 0, hex("01 02 03")), 21, 3) == hex("01 02 03"));
  const auto most = board::colorlight::row_frame(settings, 0, 0, Bytes(512 * 3));
  CHECK(most.size() == 13 + 8 + 3 * 497);
  CHECK(part(most, 17, 2) == hex("01 f1"));

  const auto brightness = board::colorlight::brightness_frame(settings);
  CHECK(brightness.size() == 77);
  CHECK(part(brightness, 12, 5) == hex("0a 40 40 40 ff"));
  const auto show = board::colorlight::show_frame(settings);
  CHECK(show.size() == 112);
  CHECK(part(show, 12, 2) == hex("01 07"));
  CHECK(part(show, 13 + 21, 8) == hex("00 40 05 00 40 40 40 00"));
  const auto discover = board::colorlight::discover_frame(2);
  CHECK(discover.size() == 284);
  CHECK(part(discover, 12, 5) == hex("07 00 00 00 02"));
}

TEST_CASE("Colorlight: what a receiver card says of itself") {
  Bytes frame(1070);
  frame[12] = 0x08;
  frame[13] = 0x05;
  frame[15] = 13;
  frame[16] = 4;
  frame[13 + 40] = 0x01;
  frame[13 + 41] = 0x02;
  frame[13 + 49] = 0x99;
  const auto receiver = board::colorlight::parse_receiver(frame);
  REQUIRE(receiver.has_value());
  CHECK(receiver->firmware_major == 13);
  CHECK(receiver->firmware_minor == 4);
  CHECK(receiver->received_packets == 0x0102);
  CHECK(receiver->uptime_ms == 0x99);
  CHECK(!board::colorlight::parse_receiver(std::span(frame).first(60)).has_value());
  frame[12] = 0x55;
  CHECK(!board::colorlight::parse_receiver(frame).has_value());
}

}  // namespace pixels_tests
