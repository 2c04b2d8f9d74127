#pragma once

#include <utility>

#include "display/canvas/picture.hpp"

namespace lobby::display {

/// Two pictures: one is shown while the next is drawn, so that nobody sees half of it.
class DoubleBuffer {
 public:
  DoubleBuffer(int width, int height) : front_(width, height), back_(width, height) {}

  const Picture& front() const { return front_; }  ///< whole, what is shown
  Picture& back() { return back_; }  ///< to draw into; after a swap it holds what was shown before

  /// Shows what was drawn. Gives the rectangle in which that differs from what was shown; empty when nothing
  /// changed.
  Rect swap() {
    const Rect changed = back_.difference(front_);
    std::swap(front_, back_);
    return changed;
  }

 private:
  Picture front_;
  Picture back_;
};

}  // namespace lobby::display
