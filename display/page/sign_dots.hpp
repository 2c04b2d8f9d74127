#pragma once

#include <string_view>

#include "display/canvas/bitmap.hpp"
#include "display/canvas/dot_font.hpp"

namespace lobby::display {

/// The 64 × 16 dots of a window sign for a text, from the left as a sign draws it by itself; what does not
/// fit is cut. Any character that the font has; others are boxes.
Bitmap sign_dots(std::string_view utf8, const DotFont& font);

}  // namespace lobby::display
