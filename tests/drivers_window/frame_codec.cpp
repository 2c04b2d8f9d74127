#include "drivers/window/frame_codec.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string_view>

namespace frame_codec_tests {

using namespace lobby;
using window::FrameDialect;
using window::FramePart;
using Bytes = std::vector<std::uint8_t>;

namespace {

FrameDialect dialect_of(std::initializer_list<std::string_view> parts) {
  FrameDialect dialect;
  for (const auto part : parts) {
    const auto parsed = window::parse_frame_part(part);
    REQUIRE(parsed);
    dialect.frame.push_back(*parsed);
  }
  return dialect;
}

}  // namespace

TEST_CASE("a part of a frame is bytes in hexadecimal or one of the known names") {
  const auto literal = window::parse_frame_part("AA 0b 51");
  REQUIRE(literal);
  CHECK(literal->kind == FramePart::Kind::literal);
  CHECK(literal->bytes == Bytes{0xAA, 0x0B, 0x51});
  const auto blink = window::parse_frame_part("blink E0 E1");
  REQUIRE(blink);
  CHECK(blink->bytes == Bytes{0xE0, 0xE1});
  const auto page = window::parse_frame_part("page 0A");
  REQUIRE(page);
  CHECK(page->kind == FramePart::Kind::page);
  CHECK(page->bytes == Bytes{0x0A});
  for (const auto* wrong : {"page", "page ", "page 0A 0B", "page A", "", "A", "AAB", "AA  BB", "AA BB ", "GG",
                            "0x1", "-1", "adress", "blink", "blink E0", "blink E0 E1 E2", "sum8 "}) {
    CAPTURE(wrong);
    const auto parsed = window::parse_frame_part(wrong);
    CHECK_FALSE(parsed.has_value());
  }
}

TEST_CASE("the checksum of CRC-16/XMODEM is the catalogue's") {
  const std::string_view check = "123456789";
  CHECK(window::crc16_xmodem(reinterpret_cast<const std::uint8_t*>(check.data()), check.size()) == 0x31C3);
  CHECK(window::crc16_xmodem(nullptr, 0) == 0);
}

TEST_CASE("what the sign's set lacks is seen and counted, and is no question mark") {
  auto dialect = dialect_of({"text"});
  auto frame = window::encode_frame(dialect, 1, {"A𠮷é\xff", false}, 0);
  CHECK(frame.bytes == Bytes{'A', 0xA1, 0xFE, 0xA8, 0xA6, 0xA1, 0xFE});
  CHECK(frame.lost == 2);
  dialect.ascii_only = true;
  frame = window::encode_frame(dialect, 1, {"请A1", false}, 0);
  CHECK(frame.bytes == Bytes{'-', 'A', '1'});
  CHECK(frame.lost == 1);
}

TEST_CASE("a text never runs out of its sign, and never is half a character") {
  auto dialect = dialect_of({"text"});
  dialect.columns = 5;
  CHECK(window::encode_frame(dialect, 1, {"号号号", false}, 0).bytes == Bytes{0xBA, 0xC5, 0xBA, 0xC5});
  dialect.fill_columns = true;
  CHECK(window::encode_frame(dialect, 1, {"号号号", false}, 0).bytes == Bytes{0xBA, 0xC5, 0xBA, 0xC5, ' '});
  CHECK(window::encode_frame(dialect, 1, {"", false}, 0).bytes == Bytes(5, ' '));
}

TEST_CASE("no byte of a text is a command of the dialect") {
  auto dialect = dialect_of({"40", "address", "text", "0D"});
  CHECK(window::encode_frame(dialect, 2, {"A\r\n\x01\x1B 1", false}, 0).bytes ==
        Bytes{0x40, 2, 'A', ' ', '1', 0x0D});
}

TEST_CASE("a checksum covers what is before it, or from behind it to the end") {
  auto dialect = dialect_of({"01 02", "sum8", "04", "xor8", "08"});
  CHECK(window::encode_frame(dialect, 0, {"", false}, 0).bytes == Bytes{1, 2, 3, 4, 1 ^ 2 ^ 3 ^ 4, 8});
  dialect = dialect_of({"01 02", "sum8", "04 08"});
  dialect.checksum_from = 3;
  CHECK(window::encode_frame(dialect, 0, {"", false}, 0).bytes == Bytes{1, 2, 12, 4, 8});
  dialect.checksum_from = 99;  // nothing to cover
  CHECK(window::encode_frame(dialect, 0, {"", false}, 0).bytes == Bytes{1, 2, 0, 4, 8});
}

TEST_CASE("lengths and counts are those of the frame that leaves") {
  auto dialect =
      dialect_of({"length", "text_length_high", "text_length_low", "count", "sequence", "text", "crc16"});
  dialect.columns = 400;
  dialect.text_bytes = 300;
  const auto frame = window::encode_frame(dialect, 0, {"A号", true}, 0x5A).bytes;
  REQUIRE(frame.size() == 307);
  CHECK(frame[0] == 307 % 256);
  CHECK(frame[1] == 1);
  CHECK(frame[2] == 300 - 256);
  CHECK(frame[3] == 2);
  CHECK(frame[4] == 0x5A);
}

TEST_CASE("a frame says which of the sign's pages it is, counted from the first one") {
  const auto dialect = dialect_of({"03", "page 0A", "text"});
  CHECK(window::encode_frame(dialect, 1, {"x", false}, 0).bytes == Bytes{3, 10, 'x'});
  CHECK(window::encode_frame(dialect, 1, {"x", false}, 0, 3).bytes == Bytes{3, 13, 'x'});
  CHECK(window::has_part(dialect, FramePart::Kind::page));
  CHECK_FALSE(window::has_part(dialect, FramePart::Kind::blink));
}

TEST_CASE("characters that have no room are counted") {
  auto dialect = dialect_of({"text"});
  dialect.columns = 4;
  CHECK(window::encode_frame(dialect, 1, {"请请", false}, 0).cut == 0);
  const auto frame = window::encode_frame(dialect, 1, {"1请请2", false}, 0);
  CHECK(frame.bytes == Bytes{'1', 0xC7, 0xEB});
  CHECK(frame.cut == 2);
}

}  // namespace frame_codec_tests
