#pragma once

#include <string>

#include "display/canvas/bitmap.hpp"
#include "display/canvas/picture.hpp"

namespace lobby::display {

/// A whole PNG file as bytes; empty when the picture has no dots or libpng refuses (out of memory).
std::string png(const Picture& picture);
/// 1 bit per dot: lit dots black on white, as ink on paper.
std::string png(const Bitmap& bitmap);

}  // namespace lobby::display
