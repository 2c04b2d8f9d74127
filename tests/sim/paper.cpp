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
  if (what.jump > 0) {
    return;
  }
  if (what.own.width() > 0) {
    for (int dy = 0; dy < what.own.height(); ++dy) {
      for (int dx = 0; dx < what.own.width(); ++dx) {
        if (what.own.at(dx, dy)) {
          dots.fill(x + dx * what.width_scale, y + dy * what.height_scale, what.width_scale,
                    what.height_scale);
        }
      }
    }
  } else if (what.character != U' ' && what.character != 0x3000) {
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

void draw_row(Bitmap& out, const PrintedRow& row, int top, display::OutlineFont& font) {
  int x = row.left;
  for (const Ink& what : row.inks) {
    draw_ink(out, what, x, top + row.ink_height(), font);
    x += what.width();
  }
  out.draw(row.image, row.left, top);
}

/// Only the dot rows that are on this piece.
void draw_torn_row(Bitmap& out, const PrintedRow& row, display::OutlineFont& font) {
  Bitmap whole(out.width(), row.ink_height());
  draw_row(whole, row, 0, font);
  for (int y = row.skip; y < std::min(row.skip + row.height, whole.height()); ++y) {
    for (int x = 0; x < whole.width(); ++x) {
      if (whole.at(x, y)) {
        out.set(x, row.top + y - row.skip);
      }
    }
  }
}

Bitmap burn(const Sheet& sheet, int dots, display::OutlineFont& font) {
  Bitmap out(dots, sheet.height);
  for (const PrintedRow& row : sheet.rows) {
    if (row.is_whole()) {
      draw_row(out, row, row.top, font);
    } else {
      draw_torn_row(out, row, font);
    }
  }
  return out;
}

}  // namespace

std::string PrintedRow::text() const {
  std::u32string all;
  for (const Ink& what : inks) {
    // A glyph of the host's says nothing to a reader of text: geta, the mark of a missing one.
    all.push_back(what.jump > 0 ? U' ' : what.own.width() > 0 ? U'〓' : what.character);
  }
  return display::to_utf8(all);
}

int PrintedRow::ink_height() const {
  int tallest = image.height();
  for (const Ink& what : inks) {
    tallest = std::max(tallest, what.height());
  }
  return tallest;
}

bool PrintedRow::is_readable() const {
  const int ink = ink_height();
  const int here = std::min(skip + height, ink) - std::min(skip, ink);
  return is_whole() || 2 * here > ink;
}

std::vector<std::string> Sheet::text() const {
  std::vector<std::string> lines;
  lines.reserve(rows.size());
  for (const PrintedRow& row : rows) {
    if (row.image.width() > 0) {
      const bool says = !row.symbol.empty() && row.is_whole();
      lines.push_back(says ? "[QR " + row.symbol + "]" : std::string("[image]"));
    } else if (row.is_readable()) {
      lines.push_back(row.text());
    }
  }
  return lines;
}

bool Sheet::is_blank() const {
  return std::all_of(rows.begin(), rows.end(),
                     [](const PrintedRow& row) { return row.inks.empty() && row.image.width() == 0; });
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
