#pragma once

#include <array>
#include <cstdint>

#include "tests/firmware_core/bench.hpp"

namespace lobby::firmware {

/// Twelve 74HC595 in a row, bit by bit: cleared by the bit that falls out at the end, which latches all
/// outputs at once. What the diodes behind them show, and for how many bit times each row was lit.
struct ShiftRegisters {
  std::array<bool, 96> shift{};    ///< [0]: nearest to the MCU
  std::array<bool, 96> outputs{};  ///< latched
  std::array<std::array<bool, 64>, 16> picture{};
  std::array<std::uint64_t, 16> lit_bits{};
  std::uint64_t bits = 0;
  int most_rows_at_once = 0;

  void take(const Bytes& bytes) {
    for (const std::uint8_t byte : bytes) {
      for (int bit = 0; bit < 8; ++bit) {
        clock((byte >> bit & 1) != 0);
      }
    }
  }

 private:
  void clock(bool data) {
    for (std::size_t i = shift.size() - 1; i > 0; --i) {
      shift[i] = shift[i - 1];
    }
    shift[0] = data;
    ++bits;
    if (shift[95]) {  // the first bit of a frame has come to the last register
      outputs = shift;
      shift = {};
      show();
    }
    for (std::size_t row = 0; row < 16; ++row) {
      lit_bits[row] += at(8 + row) ? 1 : 0;
    }
  }
  /// The bit that was the n-th of the frame, from 0.
  bool at(std::size_t n) const { return outputs[95 - n]; }
  void show() {
    int rows = 0;
    for (std::size_t row = 0; row < 16; ++row) {
      if (!at(8 + row)) {
        continue;
      }
      ++rows;
      for (std::size_t x = 0; x < 64; ++x) {
        // Column bytes from the left, the leftmost dot in bit 7, which is the last of its byte to go out.
        picture[row][x] = at(24 + x / 8 * 8 + (7 - x % 8));
      }
    }
    most_rows_at_once = std::max(most_rows_at_once, rows);
  }
};

}  // namespace lobby::firmware
