#include "drivers/board/onbon_frame.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "drivers/board/checksums.hpp"
#include "tests/drivers_board/hex.hpp"

namespace onbon_frame_tests {

using namespace lobby;
using board::Bytes;
using tests::hex;

namespace {

Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

std::vector<Bytes> split(const Bytes& stream, board::onbon::FrameSplitter::Counts* counts = nullptr) {
  board::onbon::FrameSplitter splitter;
  std::vector<Bytes> packets;
  for (const auto byte : stream) {
    if (auto packet = splitter.take(byte)) {
      packets.push_back(std::move(*packet));
    }
  }
  if (counts != nullptr) {
    *counts = splitter.counts();
  }
  return packets;
}

}  // namespace

TEST_CASE("the checksums give what is published of 123456789, whatever the length before") {
  CHECK(board::crc16_arc(bytes_of("123456789")) == 0xBB3D);
  CHECK(board::crc16_xmodem(bytes_of("123456789")) == 0x31C3);
  for (std::size_t cut = 0; cut <= 9; ++cut) {
    const auto all = bytes_of("123456789");
    const std::span whole(all);
    CHECK(board::crc16_arc(whole.subspan(cut), board::crc16_arc(whole.first(cut))) == 0xBB3D);
  }
}

TEST_CASE("a packet's special bytes are escaped, and stand in it again when it is read") {
  CHECK(board::onbon::wrap(hex("a5 a6 5a 5b 00 ff")) == hex("a5*8 a6 02 a6 01 5b 02 5b 01 00 ff 5a"));
  CHECK(split(hex("a5*8 a6 02 a6 01 5b 02 5b 01 00 ff 5a")) == std::vector<Bytes>{hex("a5 a6 5a 5b 00 ff")});
}

TEST_CASE("one head byte or twenty, a doubled tail, and noise between frames make no difference") {
  board::onbon::FrameSplitter::Counts counts;
  CHECK(split(hex("00 5a a5 01 5a 5a 5a 77 a6 a5*20 02 5a 5a"), &counts) ==
        std::vector<Bytes>{hex("01"), hex("02")});
  CHECK(counts.frames == 2);
  CHECK(counts.damaged == 0);
}

TEST_CASE("a frame that breaks off costs only itself") {
  board::onbon::FrameSplitter::Counts counts;
  CHECK(split(hex("a5*8 01 02 a5*8 03 5a"), &counts) == std::vector<Bytes>{hex("03")});
  CHECK(counts.damaged == 1);
  CHECK(split(hex("a5*8 01 a6 03 04 5a a5 05 5a"), &counts) == std::vector<Bytes>{hex("05")});
  CHECK(counts.damaged == 1);
  CHECK(split(hex("a5*8 01 5b 5a a5 05 5a"), &counts) == std::vector<Bytes>{hex("05")});
  CHECK(counts.damaged == 1);
}

TEST_CASE("a frame without an end does not fill the memory") {
  board::onbon::FrameSplitter::Counts counts;
  CHECK(split(hex("a5 01*5000 5a a5 05 5a"), &counts) == std::vector<Bytes>{hex("05")});
  CHECK(counts.damaged == 1);
}

}  // namespace onbon_frame_tests
