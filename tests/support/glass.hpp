#pragma once

#include <memory>
#include <string_view>

#include "display/canvas/dot_font.hpp"
#include "display/canvas/picture.hpp"

/// What an eye finds on the dots of a board.
namespace lobby::tests {

inline std::shared_ptr<const display::DotFont> dot_font() {
  static const auto loaded = std::make_shared<const display::DotFont>();
  return loaded;
}

/// Does an eye find the text on the glass? Every dot of its characters lit, none beside them.
inline bool shows(const display::Picture& glass, std::string_view text) {
  const auto& font = *dot_font();
  const int width = font.width_of(text);
  display::Bitmap wanted(width, display::DotFont::height);
  font.draw(wanted, 0, 0, text);
  const auto is_here = [&](int left, int top) {
    // From the middle, where characters differ from nothing at all.
    for (int i = 0; i < display::DotFont::height; ++i) {
      const int y = (i + display::DotFont::height / 2) % display::DotFont::height;
      for (int x = 0; x < width; ++x) {
        if ((glass.at(left + x, top + y) != display::Colour{}) != wanted.at(x, y)) {
          return false;
        }
      }
    }
    return true;
  };
  for (int y = 0; y + display::DotFont::height <= glass.height(); ++y) {
    for (int x = 0; x + width <= glass.width(); ++x) {
      if (is_here(x, y)) {
        return true;
      }
    }
  }
  return false;
}

inline bool is_dark(const display::Picture& glass) {
  return glass == display::Picture(glass.width(), glass.height());
}

}  // namespace lobby::tests
