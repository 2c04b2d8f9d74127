#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "display/canvas/glyphs.hpp"
#include "display/canvas/picture.hpp"
#include "display/canvas/rect.hpp"

namespace lobby::display {

/// Characters that were to be drawn and that no font has: boxes stand in their place.
struct MissingGlyphs {
  std::size_t count = 0;      ///< drawn boxes
  std::u32string characters;  ///< each once, in the order in which they were met; at most 64
  void add(char32_t code_point);
  friend bool operator==(const MissingGlyphs&, const MissingGlyphs&) = default;
};

/// Draws into one zone of a picture and nowhere else. Coordinates count from the zone's upper left corner.
/// The picture, the glyphs and the count outlive it.
class Canvas {
 public:
  Canvas(Picture& picture, Glyphs& glyphs, MissingGlyphs& missing, Rect zone);
  /// The part `area` of this one, cut at its edges.
  Canvas part(Rect area) const;

  int width() const { return zone_.width; }
  int height() const { return zone_.height; }

  void fill(Rect area, Colour colour);
  /// One line with its upper left corner at (x, y). Gives the x behind it, also when all of it was cut.
  int text(int x, int y, std::string_view utf8, Lettering lettering, Colour colour);
  /// A round lamp of `size` dots with a sharp edge, its upper left corner at (x, y).
  void lamp(int x, int y, int size, Colour colour);

 private:
  void draw(const Glyph& glyph, int x, int y, Colour colour);

  Picture* picture_;
  Glyphs* glyphs_;
  MissingGlyphs* missing_;
  Rect zone_;  ///< where (0, 0) and the edges of the zone are
  Rect clip_;  ///< what of it may be drawn
};

/// How wide a line is that text() draws.
int text_width(std::string_view utf8, Lettering lettering);

}  // namespace lobby::display
