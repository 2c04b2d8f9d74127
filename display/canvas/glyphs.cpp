#include "display/canvas/glyphs.hpp"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <algorithm>
#include <unordered_map>

#include "display/canvas/bitmap.hpp"
#include "display/canvas/dot_font.hpp"

namespace lobby::display {
namespace {

constexpr int bitmap_size = 16;

/// Variation selectors and marks of direction or joining: they follow a character and show nothing.
bool is_invisible(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) || (c >= 0xFE00 && c <= 0xFE0F) ||
         c == 0xFEFF || (c >= 0xE0100 && c <= 0xE01EF);
}

std::uint64_t key_of(char32_t code_point, Lettering lettering) {
  return (std::uint64_t{code_point} << 16) | (static_cast<std::uint64_t>(lettering.size) << 1) |
         (lettering.smooth ? 1U : 0U);
}

/// Appends a dot, to the run before it when they touch.
void add_dot(std::vector<Run>& runs, int x, int y, std::uint8_t cover) {
  if (!runs.empty() && runs.back().y == y && runs.back().x + runs.back().length == x &&
      runs.back().cover == cover) {
    ++runs.back().length;
    return;
  }
  runs.push_back({static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(y), 1, cover});
}

/// A bitmap in the middle of a cell.
void add_bitmap(Glyph& glyph, const Bitmap& dots) {
  const int left = std::max(0, (glyph.width - dots.width()) / 2);
  for (int y = 0; y < dots.height(); ++y) {
    for (int x = 0; x < std::min(dots.width(), glyph.width); ++x) {
      if (dots.at(x, y)) {
        add_dot(glyph.runs, left + x, y, 255);
      }
    }
  }
}

std::uint8_t cover_at(const FT_Bitmap& dots, int x, int y) {
  const unsigned char* const row = dots.buffer + y * dots.pitch;
  if (dots.pixel_mode == FT_PIXEL_MODE_MONO) {
    return (row[x / 8] >> (7 - x % 8) & 1) != 0 ? 255 : 0;
  }
  return row[x];
}

bool load(FT_Face face, FT_UInt index, int em_width, Lettering lettering) {
  const FT_Int32 how =
      lettering.smooth ? FT_LOAD_RENDER | FT_LOAD_TARGET_LIGHT
                       // Embedded bitmaps exist for some sizes only: outlines keep one look at every size.
                       : FT_LOAD_RENDER | FT_LOAD_TARGET_MONO | FT_LOAD_MONOCHROME | FT_LOAD_NO_BITMAP;
  return FT_Set_Pixel_Sizes(face, static_cast<FT_UInt>(em_width), static_cast<FT_UInt>(lettering.size)) ==
             0 &&
         FT_Load_Glyph(face, index, how | FT_LOAD_NO_BITMAP) == 0;
}

bool add_outline(Glyph& glyph, FT_Face face, char32_t code_point, Lettering lettering) {
  const FT_UInt index = FT_Get_Char_Index(face, code_point);
  if (index == 0 || !load(face, index, lettering.size, lettering)) {
    return false;
  }
  // Digits and letters of a proportional font may be wider than half an em: condense them, so that neighbours
  // do not touch.
  const int wide = static_cast<int>(face->glyph->advance.x >> 6);
  if (wide > glyph.width && !load(face, index, std::max(1, lettering.size * glyph.width / wide), lettering)) {
    return false;
  }
  const FT_Bitmap& dots = face->glyph->bitmap;
  const int columns = static_cast<int>(dots.width);
  const int rows = static_cast<int>(dots.rows);
  // The lowest seventh of the cell is for what hangs below the baseline.
  const int baseline = lettering.size * 86 / 100;
  const int advance = static_cast<int>(face->glyph->advance.x >> 6);
  const int left = std::clamp((glyph.width - advance) / 2 + face->glyph->bitmap_left, 0,
                              std::max(0, glyph.width - columns));
  const int top = std::clamp(baseline - face->glyph->bitmap_top, 0, std::max(0, lettering.size - rows));
  for (int y = 0; y < std::min(rows, lettering.size - top); ++y) {
    for (int x = 0; x < std::min(columns, glyph.width - left); ++x) {
      if (const auto cover = cover_at(dots, x, y); cover != 0) {
        add_dot(glyph.runs, left + x, top + y, cover);
      }
    }
  }
  return true;
}

}  // namespace

struct Glyphs::Fonts {
  DotFont dots;
  FT_Library library = nullptr;
  std::vector<FT_Face> faces;
  std::unordered_map<std::uint64_t, Glyph> kept;
  std::size_t bytes = 0;
  std::size_t most_bytes;

  Fonts(const FontFiles& files, std::size_t most) : dots(files.dots), most_bytes(most) {
    if (FT_Init_FreeType(&library) != 0) {
      library = nullptr;
      return;
    }
    for (const auto& path : files.outlines) {
      FT_Face face = nullptr;
      if (FT_New_Face(library, path.c_str(), 0, &face) == 0) {
        faces.push_back(face);
      }
    }
  }
  ~Fonts() {
    for (const FT_Face face : faces) {
      FT_Done_Face(face);
    }
    if (library != nullptr) {
      FT_Done_FreeType(library);
    }
  }
  Fonts(const Fonts&) = delete;
  Fonts& operator=(const Fonts&) = delete;

  Glyph draw(char32_t code_point, Lettering lettering) {
    Glyph glyph;
    if (is_invisible(code_point)) {
      return glyph;
    }
    glyph.width = code_point < 0x80 ? lettering.size / 2 : lettering.size;
    if (code_point == U' ' || code_point == U'\u3000') {
      return glyph;
    }
    if (lettering.size == bitmap_size && dots.has(code_point)) {
      add_bitmap(glyph, dots.glyph(code_point));
      return glyph;
    }
    for (const FT_Face face : faces) {
      if (add_outline(glyph, face, code_point, lettering)) {
        return glyph;
      }
    }
    glyph.missing = true;
    add_bitmap(glyph, missing_glyph(glyph.width, lettering.size));
    return glyph;
  }
};

Glyphs::Glyphs(const FontFiles& files, std::size_t most_bytes)
    : fonts_(std::make_unique<Fonts>(files, most_bytes)) {}

Glyphs::~Glyphs() = default;

std::size_t Glyphs::bytes() const {
  return fonts_->bytes;
}

const Glyph& Glyphs::glyph(char32_t code_point, Lettering lettering) {
  lettering.size = std::clamp(lettering.size, 8, 255);
  const auto key = key_of(code_point, lettering);
  if (const auto found = fonts_->kept.find(key); found != fonts_->kept.end()) {
    return found->second;
  }
  Glyph glyph = fonts_->draw(code_point, lettering);
  glyph.runs.shrink_to_fit();
  // The node of the table, its bucket and the runs.
  const std::size_t bytes = sizeof(Glyph) + 6 * sizeof(void*) + glyph.runs.size() * sizeof(Run);
  if (fonts_->bytes + bytes > fonts_->most_bytes) {
    fonts_->kept.clear();
    fonts_->bytes = 0;
  }
  fonts_->bytes += bytes;
  return fonts_->kept.emplace(key, std::move(glyph)).first->second;
}

}  // namespace lobby::display
