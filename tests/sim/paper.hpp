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

  int width() const { return (wide ? 24 : 12) * width_scale; }
  int height() const { return 24 * height_scale; }
};

/// One printed row of text or image, placed on its sheet.
struct PrintedRow {
  int top = 0;  ///< dots from the sheet's upper edge
  int height = 24;
  int left = 0;
  std::vector<Ink> inks;
  display::Bitmap image;
  std::string symbol = {};  ///< what the image says, of a QR symbol

  std::string text() const;
};

/// A piece of paper: cut off, or still hanging out of the printer.
struct Sheet {
  int height = 0;
  std::vector<PrintedRow> rows;

  std::vector<std::string> text() const;
};

/// Sheets one below the other, on paper of the width that `dots` printable ones leave.
display::Picture paper_picture(const std::vector<Sheet>& sheets, int dots, display::OutlineFont& font);

}  // namespace lobby::sim
