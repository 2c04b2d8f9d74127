#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace lobby::printer {

enum class Align : std::uint8_t { left, centre, right };

/// What is to stand on the paper, without bytes: the codec (escpos.hpp) makes those for a profile.
struct TextLine {
  using Align = printer::Align;
  std::string text;  ///< UTF-8; empty = a blank line; wider than the paper wraps
  Align align = Align::left;
  int scale = 1;  ///< 1..8, both directions
  bool bold = false;
};

/// A QR code, error correction M, with white paper around it.
struct Qr {
  std::string data;  ///< bytes as they are; empty or too long for the paper's width = nothing
  int module = 0;    ///< dots, 1..16; 0 = as the profile says; less where the paper is too narrow
  Align align = Align::centre;
};

/// Dots, black where a bit is set. A row begins at a byte and ends with unused bits; wider than the paper is
/// cut off at the right.
struct Picture {
  int width_dots = 0;
  int height = 0;
  std::vector<std::uint8_t> rows;  ///< (width_dots + 7) / 8 bytes a row, the leftmost dot in the highest bit
  Align align = Align::left;
};

using Item = std::variant<TextLine, Qr, Picture>;

/// From the top of the paper down.
struct Job {
  std::vector<Item> items;
};

}  // namespace lobby::printer
