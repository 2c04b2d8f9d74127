#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tests/sim/faults.hpp"

namespace lobby::sim {

using std::chrono::nanoseconds;
using Bytes = std::vector<std::uint8_t>;

/// Modbus RTU as the far end speaks it, written apart from the library that the daemon uses.
std::uint16_t crc16(std::span<const std::uint8_t> bytes);
/// Low byte first.
void append_crc(Bytes& frame);

struct RtuRequest {
  std::uint8_t address = 0;
  std::uint8_t function = 0;
  std::uint16_t start = 0;  ///< of what is read; of what is written when nothing is read
  std::uint16_t count = 0;
  /// What is written: registers, of FC 05 the word on the wire, of FC 15 a 0 or 1 per coil.
  std::vector<std::uint16_t> values;
  std::uint16_t write_start = 0;  ///< FC 23
};

enum class RtuException : std::uint8_t { function = 1, address = 2, value = 3, failure = 4 };

/// Long enough, short enough, and the CRC is right.
bool is_whole(std::span<const std::uint8_t> frame);

/// nullopt: the frame is not whole; a slave then says nothing. A frame whose CRC is right but
/// whose inner lengths contradict each other has `count` 0, which every slave refuses.
std::optional<RtuRequest> parse_request(std::span<const std::uint8_t> frame);

Bytes read_response(const RtuRequest& request, std::span<const std::uint16_t> values);
/// FC 01 and 02, a 0 or 1 per bit.
Bytes bits_response(const RtuRequest& request, std::span<const std::uint16_t> bits);
Bytes write_response(const RtuRequest& request);
Bytes exception_response(const RtuRequest& request, RtuException exception);

/// How fast a line is: 10 bits per character, 11 with parity; frames end with 3.5 characters of silence, or
/// 1.75 ms above 19200 baud.
struct LinePace {
  std::uint32_t baud = 19200;
  bool parity = false;

  nanoseconds character() const;
  nanoseconds characters(std::size_t count) const;
  nanoseconds silence() const;
};

}  // namespace lobby::sim
