#pragma once

#include <memory>
#include <string>

#include "display/canvas/bitmap.hpp"

namespace lobby::display {

/// Outline text as dots, without grey, at any size, through FreeType. One cell per character: `width` ×
/// `height` dots, the glyph placed on a common baseline and centred in its cell, so that columns align.
///
/// Never fails: a character that the font lacks, and every one of a font file that cannot be opened, is a
/// visible box. Belongs to one thread at a time. Keeps the last few hundred glyphs.
class OutlineFont {
 public:
  static constexpr const char* default_path = "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc";

  explicit OutlineFont(const std::string& path = default_path);
  ~OutlineFont();
  OutlineFont(const OutlineFont&) = delete;
  OutlineFont& operator=(const OutlineFont&) = delete;

  bool is_open() const;
  bool has(char32_t code_point) const;
  /// A cell of em_width × em_height is one Chinese character; `half` gives the cell of a half-width one, of
  /// em_width / 2. The glyph never leaves its cell.
  const Bitmap& cell(char32_t code_point, int em_width, int em_height, bool half);

 private:
  struct Face;
  std::unique_ptr<Face> face_;
};

}  // namespace lobby::display
