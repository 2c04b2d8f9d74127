// The shipped sign profiles against frames that facts of such halls print, or that were put together by hand.
#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "daemon/app/site_reader.hpp"

namespace {

using namespace lobby;
using Bytes = std::vector<std::uint8_t>;

app::SignProfile profile(const std::string& name) {
  return app::read_sign_profile(LOBBY_SOURCE_DIR "/config/profiles/signs/" + name + ".toml");
}

window::FrameDialect frames_of(const std::string& name) {
  return std::get<window::FrameDialect>(profile(name).protocol);
}

Bytes bytes(const std::string& hex) {
  Bytes out;
  std::istringstream words(hex);
  for (std::string word; words >> word;) {
    out.push_back(static_cast<std::uint8_t>(std::stoul(word, nullptr, 16)));
  }
  return out;
}

Bytes frame(const std::string& name, std::uint16_t address, const std::string& text, bool blink = false,
            std::uint8_t sequence = 0) {
  const auto encoded = window::encode_frame(frames_of(name), address, {text, blink}, sequence);
  CHECK(encoded.lost == 0);
  return encoded.bytes;
}

// GBK: 请 C7EB, 到 B5BD, 号 BAC5, 窗 B4B0, 口 BFDA.

}  // namespace

TEST_CASE("strip sign: head inverted, kind 3, attribute before each character, sum without the head") {
  std::string text = "20 C7 EB 21 41 21 30 21 32 21 33 20 B5 BD 21 33 20 BA C5 20 B4 B0 20 BF DA 21 20";
  for (int unused = 27; unused < 60; ++unused) {
    text += " 00";
  }
  // 255 - 3; page 0 of what is stored; 10 characters and the space that fills the 16th column; instant in and
  // out; longest stay, steady.
  const auto expected = bytes("FC 03 0A 00 0B 0C 0C E0 " + text + " 3F");
  REQUIRE(expected.size() == 69);
  CHECK(frame("strip69", 3, "请A023到3号窗口") == expected);
  CHECK(frames_of("strip69").pause == std::chrono::milliseconds(300));

  auto blinking = expected;
  blinking[7] = 0xE1;
  blinking[68] = 0x40;
  CHECK(frame("strip69", 3, "请A023到3号窗口", true) == blinking);
}

TEST_CASE("strip sign: a text of nothing but wide or narrow characters stays within its frame") {
  for (const std::string text : {"请请请请请请请请请", "00000000000000000000", ""}) {
    CAPTURE(text);
    const auto sent = frame("strip69", 255, text);
    REQUIRE(sent.size() == 69);
    CHECK(sent[0] == 0);
    std::uint8_t sum = 0;
    for (std::size_t i = 1; i < 68; ++i) {
      sum = static_cast<std::uint8_t>(sum + sent[i]);
    }
    CHECK(sent[68] == sum);
  }
  CHECK(frame("strip69", 1, "请请请请请请请请请")[4] == 8);
  CHECK(frame("strip69", 1, "00000000000000000000")[4] == 16);
}

TEST_CASE("IMM9002: the frame that is printed in the facts") {
  CHECK(frame("imm9002", 3, "请A001号到3号窗口") ==
        bytes("aa 03 bb 51 54 20 01 00 99 00 63 c7 eb 41 30 30 31 ba c5 b5 bd 33 ba c5 b4 b0 bf da ff"));
  const auto row = frame("imm9002-composite", 3, "请A001号到3号窗口");
  CHECK(row[5] == 0x29);  // 07 + 02 more than 20
  CHECK(row[6] == 0x08);
  CHECK(row[7] == 0x02);
}

TEST_CASE("IMM9012: 00 behind each character, length of the data, xor from the address on") {
  CHECK(frame("imm9012", 5, "A1请") == bytes("A0 90 05 A5 00 07 41 00 31 00 C7 EB 00 FB"));
}

TEST_CASE("IMM9013: message number, length of the whole frame, CRC-16/XMODEM") {
  CHECK(frame("imm9013", 7, "A001号", false, 9) ==
        bytes("07 FE 12 09 86 3C 00 05 00 41 30 30 31 BA C5 00 5C C8"));
  CHECK(frame("imm9013-composite", 7, "", false, 1)[4] == 0x8C);
}

TEST_CASE("IMM9003: the address in two parts, the halves of Chinese bytes") {
  CHECK(frame("imm9003", 0x4B, "请A1") == bytes("8B C1 44 0C 07 0E 0B 41 31 1A"));
}

TEST_CASE("the small ones") {
  CHECK(frame("plain-line", 4, "A001") == bytes("40 04 41 30 30 31 0D"));
  CHECK(frame("number-board", 4, "1023") == bytes("04 03 FF 06"));
  CHECK(frame("number-board", 4, "") == bytes("04 00 00 04"));
  CHECK(frame("qs-keypad", 2, "17", true) == bytes("01 02 01 31 37 20 07"));
  CHECK(frame("parking-board", 1, "258") == bytes("3A 01 02 01 00 3E 0A"));
}
