#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "display/canvas/bitmap.hpp"

namespace lobby::display {

/// A 16-dot bitmap font in the .hex form of GNU Unifont: half-width characters 8 × 16, full-width 16 × 16.
/// The file is mapped, not read: a character is found by bisection (the file is sorted by code point), so
/// opening costs nothing and only the pages that are used are loaded.
///
/// Never fails: a character that the font lacks, and every one of a font file that cannot be opened, is a
/// visible box. Const use from several threads is safe.
class DotFont {
 public:
  static constexpr int height = 16;
  static constexpr const char* default_path = "/usr/share/unifont/unifont.hex";

  explicit DotFont(const std::string& path = default_path);
  ~DotFont();
  DotFont(const DotFont&) = delete;
  DotFont& operator=(const DotFont&) = delete;

  bool is_open() const { return data_ != nullptr; }
  bool has(char32_t code_point) const;
  Bitmap glyph(char32_t code_point) const;
  /// 8 or 16.
  int width_of(char32_t code_point) const;
  int width_of(std::string_view utf8) const;
  /// Draws at the upper left corner (x, y); gives the x behind the text.
  int draw(Bitmap& target, int x, int y, std::string_view utf8) const;

 private:
  /// The hex digits of a glyph, 32 or 64; empty when there is none.
  std::string_view find(char32_t code_point) const;

  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

/// The box for a character that no font has.
Bitmap missing_glyph(int width, int height);

/// Does the character take two half-width columns by convention (Chinese, full-width forms)?
bool is_wide(char32_t code_point);

}  // namespace lobby::display
