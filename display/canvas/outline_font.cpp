#include "display/canvas/outline_font.hpp"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <algorithm>
#include <compare>
#include <map>

#include "display/canvas/dot_font.hpp"

namespace lobby::display {
namespace {

constexpr std::size_t kept_glyphs = 512;

struct Key {
  char32_t code_point;
  int em_width;
  int em_height;
  bool half;
  friend auto operator<=>(const Key&, const Key&) = default;
};

bool lit(const FT_Bitmap& dots, int x, int y) {
  const unsigned char byte = dots.buffer[y * dots.pitch + x / 8];
  return (byte >> (7 - x % 8) & 1) != 0;
}

}  // namespace

struct OutlineFont::Face {
  FT_Library library = nullptr;
  FT_Face face = nullptr;
  std::map<Key, Bitmap> kept;

  bool load(FT_UInt index, int em_width, int em_height);
  Bitmap render(const Key& key);
};

OutlineFont::OutlineFont(const std::string& path) : face_(std::make_unique<Face>()) {
  if (FT_Init_FreeType(&face_->library) != 0) {
    face_->library = nullptr;
    return;
  }
  if (FT_New_Face(face_->library, path.c_str(), 0, &face_->face) != 0) {
    face_->face = nullptr;
  }
}

OutlineFont::~OutlineFont() {
  if (face_->face != nullptr) {
    FT_Done_Face(face_->face);
  }
  if (face_->library != nullptr) {
    FT_Done_FreeType(face_->library);
  }
}

bool OutlineFont::is_open() const {
  return face_->face != nullptr;
}

bool OutlineFont::has(char32_t code_point) const {
  return is_open() && FT_Get_Char_Index(face_->face, code_point) != 0;
}

bool OutlineFont::Face::load(FT_UInt index, int em_width, int em_height) {
  // Embedded bitmaps exist for some sizes only: outlines throughout keep one look at every scale.
  const FT_Int32 how = FT_LOAD_RENDER | FT_LOAD_TARGET_MONO | FT_LOAD_MONOCHROME | FT_LOAD_NO_BITMAP;
  return FT_Set_Pixel_Sizes(face, static_cast<FT_UInt>(em_width), static_cast<FT_UInt>(em_height)) == 0 &&
         FT_Load_Glyph(face, index, how) == 0;
}

Bitmap OutlineFont::Face::render(const Key& key) {
  const int width = key.half ? key.em_width / 2 : key.em_width;
  const FT_UInt index = face == nullptr ? 0 : FT_Get_Char_Index(face, key.code_point);
  if (index == 0 || !load(index, key.em_width, key.em_height)) {
    return missing_glyph(width, key.em_height);
  }
  // Digits and letters of a proportional font may be wider than half an em: condense them, so that
  // neighbours do not touch.
  const int wide = static_cast<int>(face->glyph->advance.x >> 6);
  if (wide > width && !load(index, std::max(1, key.em_width * width / wide), key.em_height)) {
    return missing_glyph(width, key.em_height);
  }
  const FT_GlyphSlot slot = face->glyph;
  const FT_Bitmap& dots = slot->bitmap;
  const int advance = static_cast<int>(slot->advance.x >> 6);
  const int columns = static_cast<int>(dots.width);
  const int rows = static_cast<int>(dots.rows);
  // The em square's lower fifth or so is for descenders: the baseline of this cell.
  const int baseline = key.em_height * 86 / 100;
  const int left = std::clamp((width - advance) / 2 + slot->bitmap_left, 0, std::max(0, width - columns));
  const int top = std::clamp(baseline - slot->bitmap_top, 0, std::max(0, key.em_height - rows));
  Bitmap cell(width, key.em_height);
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < columns; ++x) {
      if (lit(dots, x, y)) {
        cell.set(left + x, top + y);
      }
    }
  }
  return cell;
}

const Bitmap& OutlineFont::cell(char32_t code_point, int em_width, int em_height, bool half) {
  const Key key{code_point, em_width, em_height, half};
  const auto found = face_->kept.find(key);
  if (found != face_->kept.end()) {
    return found->second;
  }
  if (face_->kept.size() >= kept_glyphs) {
    face_->kept.clear();
  }
  return face_->kept.emplace(key, face_->render(key)).first->second;
}

}  // namespace lobby::display
