#include "tests/sim/paper.hpp"

#include <algorithm>

#include "display/canvas/utf8.hpp"

namespace lobby::sim {
namespace {

using display::Bitmap;
using display::Colour;
using display::Picture;

constexpr Colour desk{0x8C, 0x93, 0x99};
constexpr Colour shadow{0x6E, 0x75, 0x7B};
constexpr Colour white{0xFD, 0xFC, 0xF8};
constexpr Colour ink{0x22, 0x22, 0x26};
constexpr int side = 32;  ///< dots beside the printable area: 4 mm
constexpr int gap = 24;   ///< between sheets, and around them

void draw_ink(Bitmap& dots, const Ink& what, int x, int bottom, display::OutlineFont& font) {
  const int y = bottom - what.height();
  if (what.character != U' ' && what.character != 0x3000) {
    const Bitmap& cell = font.cell(what.character, 24 * what.width_scale, 24 * what.height_scale, !what.wide);
    dots.draw(cell, x, y);
    if (what.bold) {
      dots.draw(cell, x + what.width_scale, y);
    }
  }
  if (what.underline) {
    dots.fill(x, bottom - 2, what.width(), 2);
  }
  if (what.reverse) {
    dots.invert(x, y, what.width(), what.height());
  }
}

Bitmap burn(const Sheet& sheet, int dots, display::OutlineFont& font) {
  Bitmap out(dots, sheet.height);
  for (const PrintedRow& row : sheet.rows) {
    int tallest = 0;
    for (const Ink& what : row.inks) {
      tallest = std::max(tallest, what.height());
    }
    int x = row.left;
    for (const Ink& what : row.inks) {
      draw_ink(out, what, x, row.top + tallest, font);
      x += what.width();
    }
    out.draw(row.image, row.left, row.top);
  }
  return out;
}

}  // namespace

std::string PrintedRow::text() const {
  std::u32string all;
  for (const Ink& what : inks) {
    all.push_back(what.character);
  }
  return display::to_utf8(all);
}

std::vector<std::string> Sheet::text() const {
  std::vector<std::string> lines;
  lines.reserve(rows.size());
  for (const PrintedRow& row : rows) {
    lines.push_back(row.image.width() == 0 ? row.text()
                    : row.symbol.empty()   ? std::string("[image]")
                                           : "[QR " + row.symbol + "]");
  }
  return lines;
}

Picture paper_picture(const std::vector<Sheet>& sheets, int dots, display::OutlineFont& font) {
  const int paper_width = dots + 2 * side;
  int height = gap;
  for (const Sheet& sheet : sheets) {
    height += sheet.height + gap;
  }
  Picture picture(paper_width + 2 * gap, std::max(height, 3 * gap), desk);
  int y = gap;
  for (const Sheet& sheet : sheets) {
    picture.fill(gap + 5, y + 5, paper_width, sheet.height, shadow);
    picture.fill(gap, y, paper_width, sheet.height, white);
    picture.draw(burn(sheet, dots, font), gap + side, y, ink);
    y += sheet.height + gap;
  }
  return picture;
}

}  // namespace lobby::sim
