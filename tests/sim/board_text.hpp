#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "display/canvas/dot_font.hpp"
#include "display/canvas/picture.hpp"
#include "tests/sim/board_card.hpp"

namespace lobby::sim {

/// A character as a card with a font of its own draws it; `c` '\n' ends the line.
struct BoardGlyph {
  char32_t c = 0;
  display::Colour colour;
};

/// GBK, as such cards have it: what is no character of it becomes a box. Control bytes but CR LF are left
/// out.
std::vector<BoardGlyph> gbk_glyphs(std::span<const std::uint8_t> gbk, display::Colour colour);
std::vector<BoardGlyph> utf8_glyphs(std::string_view utf8, display::Colour colour);

enum class Place : std::uint8_t { begin, end, middle };

struct TextBox {
  int width = 0;
  int height = 0;
  int spacing = 0;    ///< dots between lines
  bool wraps = true;  ///< else a line goes on page by page
  bool one_line = false;
  Place across = Place::begin;
  Place down = Place::begin;
  int scale = 1;  ///< of the dots of 16 × 16
};

/// The pages that the text fills, at least one. A character stands whole on a page, or is cut when the page
/// is smaller than it.
std::vector<display::Picture> text_pages(const std::vector<BoardGlyph>& text, const TextBox& box,
                                         const display::DotFont& font);
/// One line of text at (x, y); gives the x behind it.
int draw_glyphs(display::Picture& onto, const std::vector<BoardGlyph>& line, int x, int y, int scale,
                const display::DotFont& font);
/// The card's default page, in the middle of so many dots.
display::Picture logo_page(const BoardShape& shape, int width, int height, const display::DotFont& font);
/// Draws every dot that is not black, at (x, y).
void lay_over(display::Picture& onto, const display::Picture& what, int x, int y);

}  // namespace lobby::sim
