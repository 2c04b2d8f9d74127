#include "drivers/board/gbt23828.hpp"

#include <doctest/doctest.h>

#include <string>

#include "drivers/board/checksums.hpp"
#include "tests/drivers_board/hex.hpp"

namespace gbt23828_tests {

using namespace lobby;
using namespace lobby::board::gbt23828;
using board::Bytes;
using tests::hex;

namespace {

/// The whole of a frame's body, as a board would read it.
std::string body_of(const Bytes& frame) {
  FrameSplitter splitter;
  for (const auto byte : frame) {
    if (const auto body = splitter.take(byte)) {
      return {body->begin(), body->end()};
    }
  }
  return "no frame";
}

Bytes frame_with(const std::string& text) {
  Bytes body(text.begin(), text.end());
  const auto crc = board::crc16_xmodem(body);
  Bytes out{2};
  out.insert(out.end(), body.begin(), body.end());
  out.push_back(static_cast<std::uint8_t>(crc >> 8));
  out.push_back(static_cast<std::uint8_t>(crc & 0xFF));
  out.push_back(3);
  return out;
}

}  // namespace

TEST_CASE("the published poll comes out byte for byte") {
  CHECK(poll({}) == hex("02 30 30 30 30 30 31 e9 c9 03"));
}

TEST_CASE("special bytes are escaped, and stand in it again when it is read") {
  Settings settings;
  settings.upload_head.clear();
  const auto frame = upload(settings, hex("02 41 03 1b"));
  CHECK(Bytes(frame.begin(), frame.begin() + 14) == hex("02 30 30 30 30 33 39 1b e7 41 1b e8 1b 00"));
  CHECK(body_of(frame) == std::string("000039\x02\x41\x03\x1b"));
}

TEST_CASE("orders carry what they say behind their addresses and type") {
  Settings settings;
  settings.destination = "07";
  settings.source = "99";
  CHECK(body_of(power(settings, true)) == "0799111");
  CHECK(body_of(power(settings, false)) == "0799110");
  CHECK(body_of(brightness(settings, 8)) == "079923080808");
  CHECK(body_of(brightness(settings, 200)) == "079923313131");
  CHECK(body_of(show_list(settings)) == "07994766");
  CHECK(body_of(read_current(settings)) == "079957");
  CHECK(body_of(upload(settings, hex("41"))) == "079939-" + std::string(8, '\0') + "play66.lstA");
  settings.source.clear();
  CHECK(body_of(poll(settings)) == "0701");
}

TEST_CASE("a play list has an item for each line, in its colour and in GBK") {
  board::TextLosses losses;
  const auto list = play_list({}, {{"请\\", {255, 128, 0}}, {"䶮", {0, 255, 0}}}, losses);
  CHECK(std::string(list.begin(), list.end()) ==
        "[playlist]\r\nitem_no=002\r\n"
        "item000=500,1,1,\\C000000\\fh3232\\c255128000000\xC7\xEB\xA3\xDC\r\n"
        "item001=500,1,1,\\C000000\\fh3232\\c000255000000\xA1\xFE\r\n");
  CHECK(losses.replaced == 1);
  PlayList plain;
  plain.head = "n={count} {unknown}";
  plain.item = "|{text}{";
  const auto other = play_list(plain, {{"a", {}}}, losses);
  CHECK(std::string(other.begin(), other.end()) == "n=001 |a{");
}

TEST_CASE("an answer is yes or no, with its type in front or without") {
  CHECK(parse_answer({}, hex("30 30 30 30 31"))->is_success);
  CHECK(parse_answer({}, hex("30 30 30 30 31 32 31"))->is_success);
  CHECK(!parse_answer({}, hex("30 30 30 30 30"))->is_success);
  CHECK(!parse_answer({}, hex("30 30 30 30 31 32 30"))->is_success);
  CHECK(!parse_answer({}, hex("30 30 30 30")).has_value());
  Settings other;
  other.success = '0';
  CHECK(parse_answer(other, hex("30 30 30 30 30"))->is_success);
}

TEST_CASE("only whole and undamaged frames are read") {
  const auto good = frame_with("00001");
  FrameSplitter splitter;
  const auto feed = [&](const Bytes& bytes) {
    int frames = 0;
    for (const auto byte : bytes) {
      frames += splitter.take(byte) ? 1 : 0;
    }
    return frames;
  };
  CHECK(feed(good) == 1);
  CHECK(feed(hex("77 03 02 30 30")) == 0);
  CHECK(feed(good) == 1);  // the broken one costs only itself
  CHECK(splitter.damaged() == 1);
  auto damaged = good;
  damaged[3] ^= 1;
  CHECK(feed(damaged) == 0);
  CHECK(feed(hex("02 1b 41 03")) == 0);
  CHECK(feed(hex("02 30*5000 03")) == 0);
  CHECK(feed(good) == 1);
  CHECK(splitter.damaged() == 4);
}

}  // namespace gbt23828_tests
