#pragma once

#include <cstdint>

#include "drivers/board/bytes.hpp"
#include "drivers/board/content.hpp"
#include "drivers/board/onbon_graphic.hpp"

/// Pictures as Onbon's graphic cards store them: a bit a lamp, 0 is lit. Pure. Source: equal to the vendor's
/// own encoder for red-green 6G at any x, and for red-green 5G at x = 0, width 64. Not verified: one plane
/// and three, and 5G elsewhere.
namespace lobby::board::onbon {

struct BitmapForm {
  Generation generation = Generation::g6;
  int planes = 2;  ///< 1: any lamp; 2: red, green; 3: red, green, blue
  std::uint8_t threshold = lamp_threshold;
};

/// Bytes of one row of one plane, for an area whose left edge is at `x` of the screen.
std::size_t bitmap_row_bytes(const BitmapForm& form, int x, int width);

/// Appends the picture, whose left edge is at `x` of the screen. The picture is whole.
///
/// 6G: plane after plane; a row covers whole words of 32 columns of the screen, not of the area, each word
/// low byte first with its leftmost column in the highest bit. 5G: row after row, in it the planes' bytes
/// take turns, the leftmost column in the highest bit, counted from the area's left edge. Columns outside are
/// dark.
void put_bitmap(Bytes& out, const BitmapForm& form, int x, const ImageView& image);

}  // namespace lobby::board::onbon
