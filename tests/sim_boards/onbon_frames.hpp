#pragma once

#include "tests/sim_boards/frames.hpp"

namespace lobby::sim {

/// The sum of CRC-16/ARC over what is sent, worked out bit by bit from the front of the polynomial 8005.
inline unsigned onbon_sum(const Bytes& bytes) {
  const auto turn = [](unsigned value, int bits) {
    unsigned out = 0;
    for (int i = 0; i < bits; ++i) {
      out |= (value >> i & 1U) << (bits - 1 - i);
    }
    return out;
  };
  unsigned sum = 0;
  for (const std::uint8_t byte : bytes) {
    sum ^= turn(byte, 8) << 8;
    for (int i = 0; i < 8; ++i) {
      sum = (sum & 0x8000U) != 0 ? (sum << 1 ^ 0x8005U) & 0xFFFFU : sum << 1;
    }
  }
  return turn(sum, 16);
}

/// Escaped, between its heads and its tail.
inline Bytes on_onbon_wire(const Bytes& frame) {
  Bytes out(8, 0xA5);
  for (const std::uint8_t byte : frame) {
    switch (byte) {
      case 0xA5:
        append(out, {0xA6, 2});
        break;
      case 0xA6:
        append(out, {0xA6, 1});
        break;
      case 0x5A:
        append(out, {0x5B, 2});
        break;
      case 0x5B:
        append(out, {0x5B, 1});
        break;
      default:
        out.push_back(byte);
    }
  }
  out.push_back(0x5A);
  return out;
}

/// The whole frame of a text card.
inline Bytes with_onbon_sum(Bytes frame) {
  const unsigned sum = onbon_sum(frame);
  frame.push_back(static_cast<std::uint8_t>(sum & 0xFF));
  frame.push_back(static_cast<std::uint8_t>(sum >> 8));
  return on_onbon_wire(frame);
}

}  // namespace lobby::sim
