#include "drivers/bus/line_timing.hpp"

#include <doctest/doctest.h>

namespace line_timing_tests {

using namespace lobby;
using namespace std::chrono_literals;
using bus::Exchange;

namespace {

link::Duration rounded(link::Duration span) {
  return std::chrono::round<std::chrono::microseconds>(span);
}

}  // namespace

TEST_CASE("characters and silences are those of the Modbus serial line guide") {
  // 3.5 characters up to 19200 Bd, fixed 1.75 ms above; 10 bits a character, 11 with parity.
  CHECK(rounded(bus::LineTiming{9600, link::Parity::none}.character()) == 1042us);
  CHECK(rounded(bus::LineTiming{9600, link::Parity::none}.silence()) == 3646us);
  CHECK(rounded(bus::LineTiming{9600, link::Parity::even}.silence()) == 4010us);
  CHECK(rounded(bus::LineTiming{19200, link::Parity::odd}.silence()) == 2005us);
  CHECK(rounded(bus::LineTiming{38400, link::Parity::none}.silence()) == 1750us);
  CHECK(rounded(bus::LineTiming{115200, link::Parity::none}.silence()) == 1750us);
}

TEST_CASE(
    "between exchanges the line is silent as long as the most careful unit expects, or as the site says") {
  // 3.5 characters of 11 bits, also without parity, and 0.1 ms; above 19200 Bd 1.75 ms and 0.1 ms.
  CHECK(rounded(bus::LineTiming{9600, link::Parity::none}.gap()) == 4110us);
  CHECK(rounded(bus::LineTiming{9600, link::Parity::even}.gap()) == 4110us);
  CHECK(rounded(bus::LineTiming{19200, link::Parity::none}.gap()) == 2105us);
  CHECK(rounded(bus::LineTiming{115200, link::Parity::none}.gap()) == 1850us);
  bus::LineTiming slow;
  slow.own_gap = 8ms;
  CHECK(slow.gap() == 8ms);
  bus::LineTiming gateway;
  gateway.baud = 0;
  CHECK(gateway.gap() == 0ms);
}

TEST_CASE("frames are as long as the Modbus specification makes them") {
  Exchange read{{5}, Exchange::Kind::read_input, 0x10, 3, {}, bus::Turn::poll};
  CHECK(bus::request_bytes(read) == 8);  // address, function, 2 start, 2 count, 2 CRC
  CHECK(bus::reply_bytes(read) == 11);   // address, function, byte count, 6, 2 CRC
  Exchange write{{5}, Exchange::Kind::write, 0x110, 0, std::vector<std::uint16_t>(16), bus::Turn::urgent};
  CHECK(bus::request_bytes(write) == 41);
  CHECK(bus::reply_bytes(write) == 8);
  const bus::LineTiming timing{9600, link::Parity::none, 10ms, 20ms};
  CHECK(rounded(timing.deadline(write)) == rounded(30ms + 49 * timing.character()));
}

TEST_CASE("what cannot be put on a wire is known beforehand") {
  const auto read = [](int address, std::uint16_t start, std::uint16_t count) {
    return bus::is_valid({{static_cast<std::uint8_t>(address)},
                          Exchange::Kind::read_holding,
                          start,
                          count,
                          {},
                          bus::Turn::poll});
  };
  CHECK(read(1, 0, 1));
  CHECK(read(247, 0, 125));
  CHECK_FALSE(read(0, 0, 1));
  CHECK_FALSE(read(248, 0, 1));
  CHECK_FALSE(read(1, 0, 0));
  CHECK_FALSE(read(1, 0, 126));
  CHECK(read(1, 0xffff, 1));
  CHECK_FALSE(read(1, 0xffff, 2));
  const auto write = [](std::size_t count) {
    return bus::is_valid(
        {{1}, Exchange::Kind::write, 0, 0, std::vector<std::uint16_t>(count), bus::Turn::normal});
  };
  CHECK_FALSE(write(0));
  CHECK(write(123));
  CHECK_FALSE(write(124));
}

}  // namespace line_timing_tests
