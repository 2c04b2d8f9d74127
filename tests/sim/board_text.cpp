#include "tests/sim/board_text.hpp"

#include <algorithm>

#include "display/canvas/utf8.hpp"
#include "tests/sim/gb_text.hpp"

namespace lobby::sim {
namespace {

constexpr std::size_t most_pages = 256;

using GlyphLine = std::vector<BoardGlyph>;

int width_of(const BoardGlyph& glyph, int scale) {
  return (glyph.c < 0x80 ? 8 : 16) * scale;
}

int width_of(const GlyphLine& line, int scale) {
  int width = 0;
  for (const BoardGlyph& glyph : line) {
    width += width_of(glyph, scale);
  }
  return width;
}

/// Lines that are as wide as the box at most.
std::vector<GlyphLine> lines_of(const std::vector<BoardGlyph>& text, const TextBox& box) {
  std::vector<GlyphLine> lines(1);
  int used = 0;
  for (const BoardGlyph& glyph : text) {
    if (glyph.c == U'\n') {
      if (!box.one_line) {
        lines.emplace_back();
        used = 0;
      }
      continue;
    }
    const int width = width_of(glyph, box.scale);
    if (used > 0 && used + width > box.width) {
      if (!box.wraps && !box.one_line) {
        continue;  // what does not fit is lost
      }
      lines.emplace_back();
      used = 0;
    }
    lines.back().push_back(glyph);
    used += width;
  }
  return lines;
}

int start_of(Place place, int room, int size) {
  return place == Place::begin ? 0 : place == Place::end ? room - size : (room - size) / 2;
}

void draw_glyph(display::Picture& page, const BoardGlyph& glyph, int x, int y,
                const std::pair<const display::DotFont&, int>& with) {
  const auto& [font, scale] = with;
  const int width = width_of(glyph, 1);
  const display::Bitmap dots = font.glyph(glyph.c);
  const int indent = (width - dots.width()) / 2;
  for (int row = 0; row < dots.height(); ++row) {
    for (int column = 0; column < dots.width(); ++column) {
      if (dots.at(column, row)) {
        page.fill(x + (column + indent) * scale, y + row * scale, scale, scale, glyph.colour);
      }
    }
  }
}

std::vector<BoardGlyph> glyphs(std::u32string_view text, display::Colour colour) {
  std::vector<BoardGlyph> out;
  for (const char32_t c : text) {
    if (c >= 0x20 || c == U'\n') {
      out.push_back({c, colour});
    }
  }
  return out;
}

}  // namespace

std::vector<BoardGlyph> gbk_glyphs(std::span<const std::uint8_t> gbk, display::Colour colour) {
  std::u32string text;
  for (std::size_t i = 0; i < gbk.size(); ++i) {
    if (gbk[i] < 0x80) {
      text.push_back(gbk[i] == '\r' ? U'\0' : gbk[i]);
      continue;
    }
    const bool is_pair = i + 1 < gbk.size() && gbk[i + 1] >= 0x40;
    text.push_back(is_pair ? from_gb18030(gbk.subspan(i, 2)) : char32_t{0xFFFD});
    i += is_pair ? 1 : 0;
  }
  return glyphs(text, colour);
}

std::vector<BoardGlyph> utf8_glyphs(std::string_view utf8, display::Colour colour) {
  return glyphs(display::code_points(utf8), colour);
}

std::vector<display::Picture> text_pages(const std::vector<BoardGlyph>& text, const TextBox& box,
                                         const display::DotFont& font) {
  const std::vector<GlyphLine> lines = lines_of(text, box);
  const int step = display::DotFont::height * box.scale + box.spacing;
  const int fit = box.one_line ? 1 : std::max(1, (box.height + box.spacing) / std::max(1, step));
  std::vector<display::Picture> pages;
  for (std::size_t first = 0; first < lines.size() && pages.size() < most_pages;
       first += static_cast<std::size_t>(fit)) {
    display::Picture page(box.width, box.height);
    const int count = std::min(fit, static_cast<int>(lines.size() - first));
    int y = start_of(box.down, box.height, count * step - box.spacing);
    for (int n = 0; n < count; ++n, y += step) {
      const GlyphLine& line = lines[first + static_cast<std::size_t>(n)];
      const int x = start_of(box.across, box.width, width_of(line, box.scale));
      draw_glyphs(page, line, x, y, box.scale, font);
    }
    pages.push_back(std::move(page));
  }
  return pages;
}

int draw_glyphs(display::Picture& onto, const std::vector<BoardGlyph>& line, int x, int y, int scale,
                const display::DotFont& font) {
  for (const BoardGlyph& glyph : line) {
    draw_glyph(onto, glyph, x, y, {font, scale});
    x += width_of(glyph, scale);
  }
  return x;
}

display::Picture logo_page(const BoardShape& shape, int width, int height, const display::DotFont& font) {
  TextBox box;
  box.width = width;
  box.height = height;
  box.one_line = true;
  box.across = box.down = Place::middle;
  return text_pages(utf8_glyphs(shape.logo, {255, 0, 0}), box, font).front();
}

void lay_over(display::Picture& onto, const display::Picture& what, int x, int y) {
  for (int row = 0; row < what.height(); ++row) {
    for (int column = 0; column < what.width(); ++column) {
      if (const display::Colour colour = what.at(column, row); colour != display::Colour{}) {
        onto.set(x + column, y + row, colour);
      }
    }
  }
}

}  // namespace lobby::sim
