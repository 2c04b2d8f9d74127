#include "drivers/printer/glyphs.hpp"

#include <algorithm>

namespace lobby::printer::escpos {
namespace {

constexpr int cell_rows = 24;
constexpr char32_t geta = U'〓';
constexpr int column_dots = 12;
constexpr int line_dots = 34;  ///< the default advance of a line, 1/6 inch at 8 dots to a millimetre

constexpr bool is_space(char32_t c) {
  return c == U' ' || c == U'\u3000';
}

void set_dots(std::uint8_t* row, int from, int count) {
  for (int x = from; x < from + count; ++x) {
    row[x / 8] = static_cast<std::uint8_t>(row[x / 8] | 0x80 >> x % 8);
  }
}

/// The cell into the line, from dot `left`, each of its dots `scale` wide and high.
void put(Dots& dots, int left, const Glyph& glyph, int width, int scale) {
  for (int y = 0; y < cell_rows; ++y) {
    const auto bits = glyph.rows[static_cast<std::size_t>(y)];
    for (int dy = 0; dy < scale && bits != 0; ++dy) {
      auto* row = dots.rows.data() + static_cast<std::ptrdiff_t>(y * scale + dy) * dots.stride;
      for (int x = 0; x < width; ++x) {
        if ((bits >> (31 - x) & 1U) != 0) {
          set_dots(row, left + x * scale, scale);
        }
      }
    }
  }
}

}  // namespace

std::optional<Glyph> find_glyph(const Glyphs& glyphs, const link::GbCharacter& character) {
  constexpr char32_t no_character = 0xFFFD;
  return glyphs && character.code_point != no_character ? glyphs(character.code_point, character.columns)
                                                        : std::nullopt;
}

void embolden(Glyph& glyph) {
  for (auto& row : glyph.rows) {
    row |= row >> 1U;
  }
}

DrawnLine draw_line(std::span<const link::GbCharacter> text, int scale, bool bold, const Glyphs& glyphs) {
  int columns = 0;
  for (const auto& character : text) {
    columns += character.columns;
  }
  DrawnLine line;
  auto& dots = line.dots;
  dots.stride = (columns * column_dots * scale + 7) / 8;
  dots.height = std::max(line_dots, cell_rows * scale);
  dots.rows.assign(static_cast<std::size_t>(dots.stride) * static_cast<std::size_t>(dots.height), 0);
  int left = 0;
  for (const auto& character : text) {
    const int width = character.columns * column_dots;
    if (!is_space(character.code_point)) {
      auto glyph = find_glyph(glyphs, character);
      if (!glyph && !character.pictured) {
        glyph = glyphs(geta, character.columns);
        ++line.lost;
      }
      if (!glyph) {
        return {};
      }
      if (bold) {
        embolden(*glyph);
      }
      put(dots, left, *glyph, width, scale);
    }
    left += width * scale;
  }
  return line;
}

}  // namespace lobby::printer::escpos
