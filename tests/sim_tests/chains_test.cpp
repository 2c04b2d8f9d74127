#include <doctest/doctest.h>

#include <vector>

#include "tests/sim/key_board.hpp"
#include "tests/sim/sign_decoder.hpp"
#include "tests/sim_tests/frames.hpp"

using namespace lobby::sim;
using lobby::display::Bitmap;

// What hangs at an emulated MCU: the sign at one chain, the keys at the other. The bytes are put together
// here from the description of the chains.

namespace {

/// 12 bytes: start, rows 0…7, rows 8…15, columns from the left, the exclusive or of all.
Bytes lamp_row(int row, std::uint64_t columns) {
  Bytes out = frame({0x01, row >= 0 && row < 8 ? 1 << row : 0, row >= 8 ? 1 << (row - 8) : 0});
  for (int byte = 7; byte >= 0; --byte) {
    out.push_back(static_cast<std::uint8_t>(columns >> byte * 8));
  }
  std::uint8_t check = 0;
  for (const std::uint8_t each : out) {
    check = static_cast<std::uint8_t>(check ^ each);
  }
  out.push_back(check);
  return out;
}

/// A whole scan: on each row the dot with the number of the row, and the rightmost.
Bytes scan() {
  Bytes out;
  for (int row = 0; row < 16; ++row) {
    const Bytes one = lamp_row(row, 0x8000000000000000U >> row | 1U);
    out.insert(out.end(), one.begin(), one.end());
    out.insert(out.end(), 3, 0);
  }
  return out;
}

Bitmap scanned() {
  Bitmap expected(64, 16);
  for (int row = 0; row < 16; ++row) {
    expected.set(row, row);
    expected.set(63, row);
  }
  return expected;
}

Bytes dark(int frames) {
  Bytes out;
  for (int i = 0; i < frames; ++i) {
    const Bytes one = lamp_row(-1, 0);
    out.insert(out.end(), one.begin(), one.end());
  }
  return out;
}

/// The two bytes of the keys in one scan, inverted: what is pressed.
unsigned pressed(KeyBoard& board) {
  const auto low = board.poll(0x51);
  const auto high = board.poll(0x52);
  const auto presence = board.poll(0x53);
  CHECK((low.any && high.any && presence.any));
  CHECK(presence.byte == 0x69);
  return (low.byte | static_cast<unsigned>(high.byte) << 8) ^ 0xFFFFU;
}

}  // namespace

TEST_CASE("rows that light one after the other are one picture") {
  SignDecoder sign;
  CHECK(sign.picture() == Bitmap(64, 16));
  sign.take(scan());
  CHECK(sign.picture() == Bitmap(64, 16));  // the round may still go on
  sign.take(lamp_row(0, 0));
  CHECK(sign.picture() == scanned());
  CHECK(sign.counts().frames == 17);
  CHECK(sign.counts().bad == 0);
  CHECK(sign.counts().stray == 0);
}

TEST_CASE("a sign that lights no row for a whole scan is dark") {
  SignDecoder sign;
  sign.take(scan());
  sign.take(dark(32));
  sign.take(scan());
  CHECK(sign.picture() == scanned());
  sign.take(dark(100));
  CHECK(sign.picture() == Bitmap(64, 16));
}

TEST_CASE("a frame that is broken, or lights two rows, lights none; the next one is found") {
  SignDecoder sign;
  const Bytes whole = scan();
  SUBCASE("its beginning was lost") {
    sign.take(std::span(whole).subspan(5));
  }
  SUBCASE("a byte in it is wrong") {
    Bytes broken = whole;
    broken[7] ^= 0x10;
    sign.take(broken);
  }
  SUBCASE("two rows at once, though its check is right") {
    Bytes two = lamp_row(0, 1);
    two[2] ^= 0x01;
    two[11] ^= 0x01;
    sign.take(two);
  }
  CHECK((sign.counts().bad > 0 || sign.counts().stray > 0));
  sign.take(whole);
  sign.take(whole);
  sign.take(lamp_row(0, 0));
  CHECK(sign.picture() == scanned());
}

TEST_CASE("a tapped key is down for some scans and up again, one key after the other") {
  KeyBoard board(100);
  CHECK(pressed(board) == 0);
  board.press(0x0008, KeyBoard::How::tap);
  board.press(0x8000, KeyBoard::How::tap);
  std::vector<unsigned> seen;
  unsigned longest = 0;
  unsigned run = 0;
  for (int scan_no = 0; scan_no < 80; ++scan_no) {
    const unsigned now = pressed(board);
    run = seen.empty() || seen.back() != now ? 1 : run + 1;
    longest = now != 0 && run > longest ? run : longest;
    if (seen.empty() || seen.back() != now) {
      seen.push_back(now);
    }
  }
  CHECK(seen == std::vector<unsigned>{0x0008, 0, 0x8000, 0});
  CHECK(longest >= 10);
  CHECK(longest < 50);  // a second would be another meaning
  CHECK(board.is_idle());
}

TEST_CASE("a held key is down for more than a second of scans; one that stays, until the next") {
  KeyBoard board(100);
  board.press(0x0800, KeyBoard::How::hold);
  int held = 0;
  for (int scan_no = 0; scan_no < 300; ++scan_no) {
    held += pressed(board) == 0x0800 ? 1 : 0;
  }
  CHECK(held >= 120);
  CHECK(held < 200);
  board.press(0x0001, KeyBoard::How::down);
  for (int scan_no = 0; scan_no < 1000; ++scan_no) {
    CHECK(pressed(board) == 0x0001);
  }
  board.press(0, KeyBoard::How::down);
  CHECK(pressed(board) == 0);
}

TEST_CASE("what is no poll gets no answer") {
  KeyBoard board;
  CHECK_FALSE(board.poll(0x00).any);
  CHECK_FALSE(board.poll(0x55).any);
  CHECK(board.scans() == 0);
}
