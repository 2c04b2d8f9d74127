#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "drivers/link/gb18030.hpp"
#include "drivers/printer/raster.hpp"

/// Characters that the printer's own font lacks.
namespace lobby::printer::escpos {

/// A character in the cell that it has on paper: 24 rows, the leftmost dot in bit 31; a narrow one has 12
/// dots in a row, a wide one 24.
struct Glyph {
  std::array<std::uint32_t, 24> rows{};
};

/// Whoever has a font. `columns`: 1 for the narrow cell, 2 for the wide one. nullopt: it has none either.
using Glyphs = std::function<std::optional<Glyph>(char32_t code_point, int columns)>;

/// What is no character has no picture either: U+FFFD, a question mark in most fonts, is not asked for.
std::optional<Glyph> find_glyph(const Glyphs& glyphs, const link::GbCharacter& character);

/// As the printer's own bold: each dot twice, side by side.
void embolden(Glyph& glyph);

struct DrawnLine {
  Dots dots;
  unsigned lost = 0;  ///< characters that are 〓, because nobody has a picture of them
};
/// One line of text on the paper as dots, as high as the printer would have advanced for it. Without dots
/// when a character that the printer itself has cannot be drawn here, or 〓 cannot.
DrawnLine draw_line(std::span<const link::GbCharacter> text, int scale, bool bold, const Glyphs& glyphs);

}  // namespace lobby::printer::escpos
