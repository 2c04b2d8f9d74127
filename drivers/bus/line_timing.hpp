#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "drivers/bus/bus.hpp"
#include "drivers/link/executor.hpp"
#include "drivers/link/serial_port.hpp"

/// The arithmetic of a Modbus RTU line: how long bytes take, how long to be silent, how long to wait. Pure.
namespace lobby::bus {

/// Coils or inputs, which lie eight to a byte.
constexpr bool reads_bits(const Exchange& exchange) {
  return exchange.kind == Exchange::Kind::read_coils || exchange.kind == Exchange::Kind::read_discrete;
}
constexpr std::size_t bit_bytes(std::size_t bits) {
  return (bits + 7) / 8;
}

constexpr std::size_t request_bytes(const Exchange& exchange) {
  switch (exchange.kind) {
    case Exchange::Kind::write:
    case Exchange::Kind::broadcast:
      return 9 + 2 * exchange.values.size();
    case Exchange::Kind::read_write:
      return 13 + 2 * exchange.values.size();
    case Exchange::Kind::write_coils:
      return 9 + bit_bytes(exchange.values.size());
    case Exchange::Kind::read_input:
    case Exchange::Kind::read_holding:
    case Exchange::Kind::write_one:
    case Exchange::Kind::read_coils:
    case Exchange::Kind::read_discrete:
    case Exchange::Kind::write_coil:
      break;
  }
  return 8;
}

constexpr bool reads(const Exchange& exchange) {
  return exchange.kind == Exchange::Kind::read_input || exchange.kind == Exchange::Kind::read_holding ||
         exchange.kind == Exchange::Kind::read_write || reads_bits(exchange);
}
constexpr bool writes(const Exchange& exchange) {
  return exchange.kind != Exchange::Kind::read_input && exchange.kind != Exchange::Kind::read_holding &&
         !reads_bits(exchange);
}

constexpr std::size_t reply_bytes(const Exchange& exchange) {
  if (exchange.kind == Exchange::Kind::broadcast) {
    return 0;
  }
  if (reads_bits(exchange)) {
    return 5 + bit_bytes(exchange.count);
  }
  return reads(exchange) ? 5 + 2 * static_cast<std::size_t>(exchange.count) : 8;
}

/// "Modbus application protocol" V1.1b3, 6: what fits a frame.
constexpr std::size_t most_written(const Exchange& exchange) {
  switch (exchange.kind) {
    case Exchange::Kind::write_one:
    case Exchange::Kind::write_coil:
      return 1;
    case Exchange::Kind::read_write:
      return 121;
    case Exchange::Kind::write_coils:
      return 1968;
    default:
      return 123;
  }
}

/// Can this be asked at all? What cannot is refused before it reaches the wire.
constexpr bool is_valid(const Exchange& exchange) {
  using Kind = Exchange::Kind;
  constexpr std::size_t places = 0x10000;
  const std::size_t most_read = reads_bits(exchange) ? 2000 : 125;
  const std::size_t write_start = exchange.kind == Kind::read_write ? exchange.write_start : exchange.start;
  const bool is_addressed =
      exchange.kind == Kind::broadcast || (exchange.address.value >= 1 && exchange.address.value <= 247);
  const bool can_read = !reads(exchange) || (exchange.count >= 1 && exchange.count <= most_read &&
                                             std::size_t{exchange.start} + exchange.count <= places);
  const bool can_write =
      !writes(exchange) || (!exchange.values.empty() && exchange.values.size() <= most_written(exchange) &&
                            write_start + exchange.values.size() <= places);
  return is_addressed && can_read && can_write;
}

struct LineTiming {
  std::uint32_t baud = 19200;  ///< 0: no line of ours, a gateway keeps its pace
  link::Parity parity = link::Parity::none;
  link::Duration turnaround = std::chrono::milliseconds(50);  ///< a unit may think this long
  link::Duration margin = std::chrono::milliseconds(50);      ///< what adapters and schedulers add
  link::Duration late =
      std::chrono::milliseconds(200);  ///< an answer may still come this long after its time
  link::Duration own_gap{0};           ///< between two exchanges; 0: the shortest that is safe

  /// Start bit, 8 data bits, parity, 1 stop bit.
  constexpr link::Duration character() const {
    const int bits = parity == link::Parity::none ? 10 : 11;
    return baud == 0 ? link::Duration{} : link::Duration(std::chrono::seconds(bits)) / baud;
  }
  constexpr link::Duration wire(std::size_t bytes) const {
    return character() * static_cast<std::int64_t>(bytes);
  }
  /// What separates two frames: 3.5 characters, above 19200 Bd 1.75 ms ("Modbus over serial line"
  /// V1.02, 2.5.1.1).
  constexpr link::Duration silence() const {
    return baud > 19200 ? link::Duration(std::chrono::microseconds(1750)) : character() * 7 / 2;
  }
  /// How long we are silent ourselves. By that guide a character has 11 bits, also without parity, and there
  /// are units that count so; 0.1 ms for their clocks.
  constexpr link::Duration gap() const {
    if (own_gap > link::Duration::zero() || baud == 0) {
      return own_gap;
    }
    constexpr auto spare = std::chrono::microseconds(100);
    return spare + (baud > 19200 ? silence() : link::Duration(std::chrono::seconds(11)) / baud * 7 / 2);
  }
  /// From handing the request to the kernel, which returns before it is on the wire, to the reply's last
  /// byte.
  constexpr link::Duration deadline(const Exchange& exchange) const {
    return wire(request_bytes(exchange)) + turnaround + wire(reply_bytes(exchange)) + margin;
  }
  /// From the same moment until every unit has dealt with a broadcast, which none answers.
  constexpr link::Duration broadcast(const Exchange& exchange) const {
    constexpr link::Duration longest = std::chrono::milliseconds(100);  // of the guide's 100 to 200 ms
    return wire(request_bytes(exchange)) + std::min(turnaround, longest);
  }
};

}  // namespace lobby::bus
