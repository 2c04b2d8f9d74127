#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// What a board is given to show. Drivers know no display: a picture is bytes.
namespace lobby::board {

struct Rgb {
  std::uint8_t red = 0, green = 0, blue = 0;
  friend bool operator==(const Rgb&, const Rgb&) = default;
};

/// Somebody else's pixels, row after row from the top, three bytes R, G, B each.
struct ImageView {
  int width = 0;
  int height = 0;
  std::span<const std::uint8_t> rgb;

  /// As many bytes as the size says, and no side beyond what a 16-bit coordinate holds.
  bool is_whole() const {
    constexpr int longest_side = 0x7FFF;
    return width > 0 && height > 0 && width <= longest_side && height <= longest_side &&
           rgb.size() == static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
  }
  std::span<const std::uint8_t> row(int y) const {
    const auto bytes = static_cast<std::size_t>(width) * 3;
    return rgb.subspan(static_cast<std::size_t>(y) * bytes, bytes);
  }
};

/// A line for a card that holds the font itself.
struct TextLine {
  std::string text;  ///< UTF-8
  Rgb colour{255, 0, 0};
  friend bool operator==(const TextLine&, const TextLine&) = default;
};

/// From which value on a lamp that can only be on or off is lit.
inline constexpr std::uint8_t lamp_threshold = 128;

/// Which lamps of a red-green board make this colour: both are yellow. A blue that nothing accompanies is
/// shown green, so that it is not dark.
struct Lamps {
  bool red = false, green = false;
};
constexpr Lamps lamps_of(Rgb colour, std::uint8_t threshold = lamp_threshold) {
  const bool red = colour.red >= threshold;
  return {red, colour.green >= threshold || (!red && colour.blue >= threshold)};
}

}  // namespace lobby::board
