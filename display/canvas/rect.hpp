#pragma once

#include <algorithm>

namespace lobby::display {

/// A rectangle of dots; (x, y) is its upper left one. Without width or height it is empty.
struct Rect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;

  bool empty() const { return width <= 0 || height <= 0; }
  int right() const { return x + width; }    ///< the first column behind it
  int bottom() const { return y + height; }  ///< the first row below it
  friend bool operator==(const Rect&, const Rect&) = default;
};

/// What two rectangles share; empty when nothing.
inline Rect common(const Rect& a, const Rect& b) {
  const int x = std::max(a.x, b.x);
  const int y = std::max(a.y, b.y);
  return {x, y, std::max(0, std::min(a.right(), b.right()) - x),
          std::max(0, std::min(a.bottom(), b.bottom()) - y)};
}

}  // namespace lobby::display
