#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "display/canvas/bitmap.hpp"
#include "display/canvas/outline_font.hpp"
#include "display/canvas/picture.hpp"

namespace lobby::sim {

/// One character as the head burnt it.
struct Ink {
  char32_t character = 0;
  bool wide = false;
  std::uint8_t width_scale = 1;
  std::uint8_t height_scale = 1;
  bool bold = false;
  bool underline = false;
  bool reverse = false;
  /// A glyph that came from the host, drawn in place of one of the font; 0 × 0: none.
  display::Bitmap own = {};
  int jump = 0;  ///< dots of white up to a place that the host named; then no character

  int width() const {
    return jump > 0 ? jump : (own.width() > 0 ? own.width() : wide ? 24 : 12) * width_scale;
  }
  int height() const { return 24 * height_scale; }
};

/// One printed row of text or image, placed on its sheet. A row may be torn: then a piece of paper has only
/// some of its dot rows, `height` of them from `skip` on.
struct PrintedRow {
  int top = 0;  ///< dots from the sheet's upper edge
  int height = 24;
  int left = 0;
  std::vector<Ink> inks;
  display::Bitmap image;
  std::string symbol = {};  ///< what the image says, of a QR symbol
  int skip = 0;
  std::uint64_t serial = 0;  ///< pieces of one row have the same

  std::string text() const;
  int ink_height() const;
  /// All its ink is on this piece.
  bool is_whole() const { return skip == 0 && height >= ink_height(); }
  /// A person can still read it: more than half of the ink is here.
  bool is_readable() const;
};

/// A piece of paper: cut off, or still hanging out of the printer.
struct Sheet {
  int height = 0;
  std::vector<PrintedRow> rows;

  /// Line by line what a person reads. A symbol of which a part is missing says nothing.
  std::vector<std::string> text() const;
  bool is_blank() const;
};

/// Sheets one below the other, on paper of the width that `dots` printable ones leave.
display::Picture paper_picture(const std::vector<Sheet>& sheets, int dots, display::OutlineFont& font);

}  // namespace lobby::sim
