#include "display/page/sign_dots.hpp"

namespace lobby::display {

Bitmap sign_dots(std::string_view utf8, const DotFont& font) {
  constexpr int width = 64;
  Bitmap dots(width, DotFont::height);
  font.draw(dots, 0, 0, utf8);
  return dots;
}

}  // namespace lobby::display
