#pragma once

#include "display/canvas/bitmap.hpp"
#include "display/canvas/picture.hpp"

namespace lobby::sim {

/// The pixels as diodes in a housing, as signs are drawn, with so many picture dots from one to the next; 1:
/// the pixels themselves. A picture that would be too large is drawn smaller.
display::Picture board_picture(const display::Picture& pixels, int pitch);
/// The dots of a sign of one colour.
display::Picture lit_picture(const display::Bitmap& dots);

}  // namespace lobby::sim
