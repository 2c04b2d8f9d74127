#include "firmware/core/sign.hpp"

#include "firmware/core/glyph_table.hpp"
#include "firmware/wire/glyphs.hpp"

namespace lobby::firmware {
namespace {

namespace map = wire::window_unit;
namespace glyphs = wire::glyphs;

constexpr unsigned words_per_row = map::sign_width / 16;

struct Pen {
  Dots& dots;
  unsigned x = 0;

  /// `row` has its leftmost dot in bit 15.
  void set_row(unsigned y, std::uint16_t row) {
    const unsigned word = y * words_per_row + x / 16;
    const unsigned shift = x % 16;  // 0 or 8
    dots[word] = static_cast<std::uint16_t>(dots[word] | row >> shift);
    if (shift != 0 && x / 16 + 1 < words_per_row) {
      dots[word + 1] = static_cast<std::uint16_t>(dots[word + 1] | row << (16 - shift));
    }
  }
};

/// Outline with a margin, as wide as the character.
std::uint16_t box_row(unsigned y, bool is_wide) {
  if (y == 0 || y == map::sign_height - 1) {
    return 0;
  }
  const bool is_edge = y == 1 || y == map::sign_height - 2;
  if (is_wide) {
    return is_edge ? 0x7FFE : 0x4002;
  }
  return is_edge ? 0x7E00 : 0x4200;
}

/// Which of the wide glyphs; glyphs::gb2312.size() when there is none.
unsigned wide_index(std::uint16_t cell) {
  unsigned index = 0;
  while (index < glyphs::gb2312.size() && glyphs::gb2312[index] != cell) {
    ++index;
  }
  return index;
}

}  // namespace

Dots draw(std::span<const std::uint16_t> cells, bool& is_missing) {
  Dots dots{};
  Pen pen{dots};
  is_missing = false;
  for (const std::uint16_t cell : cells) {
    if (cell == 0) {
      continue;
    }
    const bool is_wide = cell > 0xFF;
    if (pen.x + (is_wide ? 16U : 8U) > map::sign_width) {
      break;
    }
    const bool has_glyph = glyphs::is_builtin(cell);
    is_missing = is_missing || !has_glyph;
    const unsigned index = !has_glyph ? 0 : is_wide ? wide_index(cell) : cell - glyphs::first_ascii;
    for (unsigned y = 0; y < map::sign_height; ++y) {
      const auto row = !has_glyph ? box_row(y, is_wide)
                       : is_wide  ? glyph_table::wide[index][y]
                                  : static_cast<std::uint16_t>(glyph_table::narrow[index][y] << 8);
      pen.set_row(y, row);
    }
    pen.x += is_wide ? 16 : 8;
  }
  return dots;
}

Cells address_text(std::uint8_t address) {
  constexpr std::uint16_t ground = 0xB5D8;  // 地
  constexpr std::uint16_t site = 0xD6B7;    // 址
  Cells cells{ground, site, ' '};
  unsigned at = 3;
  if (address >= 100) {
    cells[at++] = static_cast<std::uint16_t>('0' + address / 100);
  }
  if (address >= 10) {
    cells[at++] = static_cast<std::uint16_t>('0' + address / 10 % 10);
  }
  cells[at] = static_cast<std::uint16_t>('0' + address % 10);
  return cells;
}

}  // namespace lobby::firmware
