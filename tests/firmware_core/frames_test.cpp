#include <doctest/doctest.h>

#include <random>

#include "firmware/core/rtu_receiver.hpp"
#include "tests/firmware_core/bench.hpp"

using namespace lobby::firmware;

namespace {

struct Line {
  RtuReceiver receiver{frame_silence(19200)};
  Micros now = 1000;
  std::vector<Bytes> frames;
  void hear(const Bytes& bytes) {
    for (const auto byte : bytes) {
      now += 520;
      if (receiver.byte(byte, now)) {
        frames.emplace_back(receiver.frame().begin(), receiver.frame().end());
      }
    }
  }
  void silence(Micros span) {
    now += span;
    if (receiver.poll(now)) {
      frames.emplace_back(receiver.frame().begin(), receiver.frame().end());
    }
  }
};

}  // namespace

TEST_CASE("the checksum is the one of Modbus") {
  const Bytes check{'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  CHECK(lobby::wire::modbus::crc16(check) == 0x4B37);
  // Modbus displays' published frame: write 50 to register 0 of slave 1.
  CHECK(with_crc({0x01, 0x06, 0x00, 0x00, 0x00, 0x32}) ==
        Bytes{0x01, 0x06, 0x00, 0x00, 0x00, 0x32, 0x08, 0x1F});
}

TEST_CASE("frames are parted by 3.5 characters, and by 1.75 ms above 19200 Bd") {
  CHECK(frame_silence(9600) == 4010);
  CHECK(frame_silence(19200) == 2005);
  CHECK(frame_silence(38400) == 1750);
  CHECK(frame_silence(115200) == 1750);
}

TEST_CASE("a neighbour's answer and the request behind it are two frames, without any gap") {
  Line line;
  const auto answer = with_crc({5, 4, 6, 1, 2, 3, 4, 5, 6});
  const auto request = with_crc({17, 4, 0, 0x10, 0, 4});
  line.hear(answer);
  line.hear(request);
  CHECK(line.frames == std::vector<Bytes>{answer, request});
  CHECK(line.receiver.bad_frames() == 0);
}

TEST_CASE("a damaged frame takes only itself with it when the silence is kept") {
  Line line;
  auto damaged = with_crc({5, 4, 6, 1, 2, 3, 4, 5, 6});
  damaged[4] ^= 0x10;
  const auto request = with_crc({17, 4, 0, 0x10, 0, 4});
  line.hear(damaged);
  line.silence(2500);
  line.hear(request);
  CHECK(line.frames == std::vector<Bytes>{request});
  CHECK(line.receiver.bad_frames() == 1);
}

TEST_CASE("a pause within a frame ends it") {
  Line line;
  const auto request = with_crc({17, 4, 0, 0x10, 0, 4});
  line.hear({request.begin(), request.begin() + 3});
  line.now += 2100;
  line.hear({request.begin() + 3, request.end()});
  CHECK(line.frames.empty());
}

TEST_CASE("a clock that steps back by a tick ends no frame") {
  Line line;
  const auto request = with_crc({17, 4, 0, 0x10, 0, 4});
  line.hear({request.begin(), request.begin() + 3});
  line.now -= 1000;
  line.hear({request.begin() + 3, request.end()});
  CHECK(line.frames == std::vector<Bytes>{request});
}

TEST_CASE("an unknown function ends with the silence, rubbish and what is too long with nothing") {
  Line line;
  const auto unknown = with_crc({17, 0x2B, 0x0E, 1, 0});
  line.hear(unknown);
  CHECK(line.frames.empty());
  line.silence(2500);
  CHECK(line.frames == std::vector<Bytes>{unknown});
  std::mt19937 random(4);
  for (int i = 0; i < 700; ++i) {
    line.hear({static_cast<std::uint8_t>(random() | 0x40)});
  }
  line.silence(2500);
  CHECK(line.frames.size() == 1);
  const auto request = with_crc({17, 4, 0, 0x10, 0, 4});
  line.hear(request);
  CHECK(line.frames.size() == 2);
}

TEST_CASE("whatever runs over the line, every request behind a silence is heard") {
  std::mt19937 random(20261125);
  Line line;
  const auto request = with_crc({17, 16, 1, 0x10, 0, 1, 2, 0, 5});
  for (int round = 0; round < 20'000; ++round) {
    Bytes noise(random() % 40);
    for (auto& byte : noise) {
      byte = static_cast<std::uint8_t>(random());
    }
    line.hear(noise);
    line.silence(2100);
    line.frames.clear();
    line.hear(request);
    REQUIRE(line.frames == std::vector<Bytes>{request});
    line.silence(2100);
  }
}
