#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "drivers/printer/encoded.hpp"
#include "drivers/printer/profile.hpp"

/// Dots as ESC/POS commands. Inside the codec.
namespace lobby::printer::escpos {

/// Black dots, `stride` bytes a row, the leftmost in the highest bit.
struct Dots {
  int stride = 0;
  int height = 0;
  std::vector<std::uint8_t> rows;
};

/// Does a printer act on something in here at once, whatever command it stands in? 10 04, 10 05 and 10 14 are
/// DLE EOT, DLE ENQ and DLE DC4.
bool has_real_time(std::span<const std::uint8_t> bytes);

/// The dots in strips of at most 128 rows and 1.8 KB, so that a receive buffer of 4 KiB keeps moving and a
/// question need not wait for long. Where two bytes would be a real-time command, a dot is set that was not.
/// False, and nothing added, for dots so wide that the command cannot name it.
bool add_raster(Encoded& encoded, const Dots& dots, Profile::Raster command);

/// ESC * 33, the 24 rows of a character in a line of text: it takes the place of one at its scale of 1.
/// Epson's reference has the command, and so do the manuals of its Chinese descendants.
void add_bit_image(Encoded& encoded, std::span<const std::uint32_t, 24> rows, int width);

}  // namespace lobby::printer::escpos
