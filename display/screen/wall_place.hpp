#pragma once

#include "display/canvas/rect.hpp"

namespace lobby::display {

/// Where a picture comes to stand.
struct WallPlace {
  Rect area;
  int scale = 1;  ///< dots of the screen for one of the picture, each way
};

/// In the middle of the room and as large as fits, each dot a square of whole dots. What is larger than the
/// room keeps its size and its upper left corner.
WallPlace place_in(Rect room, int width, int height);

/// `1024x64`; each side 1…16384. False for anything else.
bool read_size(const char* text, int& width, int& height);

}  // namespace lobby::display
