#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lobby::printer {

/// What is to stand on the paper, without bytes: the codec (escpos.hpp) makes those for a profile.
struct TextLine {
  enum class Align : std::uint8_t { left, centre, right };
  std::string text;  ///< UTF-8; empty = a blank line; wider than the paper wraps
  Align align = Align::left;
  int scale = 1;  ///< 1..8, both directions
  bool bold = false;
};

struct Job {
  std::vector<TextLine> lines;
};

}  // namespace lobby::printer
