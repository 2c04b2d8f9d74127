#include "display/canvas/canvas.hpp"

#include <algorithm>

#include "display/canvas/columns.hpp"
#include "display/canvas/utf8.hpp"

namespace lobby::display {

void MissingGlyphs::add(char32_t code_point) {
  constexpr std::size_t most = 64;
  ++count;
  if (characters.size() < most && characters.find(code_point) == characters.npos) {
    characters.push_back(code_point);
  }
}

Canvas::Canvas(Picture& picture, Glyphs& glyphs, MissingGlyphs& missing, Rect zone)
    : picture_(&picture),
      glyphs_(&glyphs),
      missing_(&missing),
      zone_(zone),
      clip_(common(zone, {0, 0, picture.width(), picture.height()})) {}

Canvas Canvas::part(Rect area) const {
  Canvas out = *this;
  out.zone_ = {zone_.x + area.x, zone_.y + area.y, area.width, area.height};
  out.clip_ = common(clip_, out.zone_);
  return out;
}

void Canvas::fill(Rect area, Colour colour) {
  const Rect shown = common(clip_, {zone_.x + area.x, zone_.y + area.y, area.width, area.height});
  picture_->fill(shown.x, shown.y, shown.width, shown.height, colour);
}

void Canvas::draw(const Glyph& glyph, int x, int y, Colour colour) {
  x += zone_.x;
  y += zone_.y;
  for (const Run& run : glyph.runs) {
    const int row = y + run.y;
    const int left = std::max(x + run.x, clip_.x);
    const int right = std::min(x + run.x + run.length, clip_.right());
    if (row < clip_.y || row >= clip_.bottom() || left >= right) {
      continue;
    }
    if (run.cover == 255) {
      picture_->fill(left, row, right - left, 1, colour);
      continue;
    }
    for (int column = left; column < right; ++column) {
      picture_->blend(column, row, colour, run.cover);
    }
  }
}

int Canvas::text(int x, int y, std::string_view utf8, Lettering lettering, Colour colour) {
  const bool in_rows =
      zone_.y + y < clip_.bottom() && zone_.y + y + lettering.size > clip_.y && !clip_.empty();
  const int first = clip_.x - zone_.x;
  const int behind = clip_.right() - zone_.x;
  while (!utf8.empty()) {
    const CodePoint next = first_code_point(utf8);
    utf8.remove_prefix(next.bytes);
    const int wide = next.value < 0x80 ? lettering.size / 2 : lettering.size;
    if (!in_rows || x >= behind || x + wide <= first) {
      // Cut: what it looks like does not matter, and half the text of a long line is always out of sight.
      x += wide;
      continue;
    }
    const Glyph& glyph = glyphs_->glyph(next.value, lettering);
    if (glyph.missing) {
      missing_->add(next.value);
    }
    draw(glyph, x, y, colour);
    x += wide;
  }
  return x;
}

void Canvas::lamp(int x, int y, int size, Colour colour) {
  // Twice the distance of a dot's middle from the lamp's, so that all numbers are whole.
  const int limit = size * size;
  for (int row = 0; row < size; ++row) {
    const int dy = 2 * row + 1 - size;
    int left = 0;
    while (left < size && (2 * left + 1 - size) * (2 * left + 1 - size) + dy * dy > limit) {
      ++left;
    }
    fill({x + left, y + row, size - 2 * left, 1}, colour);
  }
}

int text_width(std::string_view utf8, Lettering lettering) {
  return size_of(utf8).columns * (lettering.size / 2);
}

}  // namespace lobby::display
