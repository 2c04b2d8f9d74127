#include "daemon/devices/paper_glyphs.hpp"

#include <utility>

#include "display/canvas/outline_font.hpp"

namespace lobby::devices {

using printer::escpos::Glyph;

struct PaperGlyphs::Font {
  std::string path;
  std::unique_ptr<display::OutlineFont> outlines = {};

  display::OutlineFont& open() {
    if (!outlines) {
      outlines = std::make_unique<display::OutlineFont>(path);
    }
    return *outlines;
  }
};

std::vector<std::string> default_paper_fonts() {
  return {display::OutlineFont::default_path, "/usr/share/fonts/opentype/unifont/unifont.otf",
          "/usr/share/fonts/truetype/hanazono/HanaMinA.ttf",
          "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf"};
}

PaperGlyphs::PaperGlyphs(std::vector<std::string> fonts) {
  for (auto& path : fonts) {
    fonts_.push_back(std::make_unique<Font>(Font{std::move(path)}));
  }
}

PaperGlyphs::~PaperGlyphs() = default;

std::optional<Glyph> PaperGlyphs::find(char32_t code_point, int columns) {
  constexpr int size = 24;
  const bool is_narrow = columns == 1;
  for (const auto& font : fonts_) {
    auto& outlines = font->open();
    if (!outlines.has(code_point)) {
      continue;
    }
    const auto& cell = outlines.cell(code_point, size, size, is_narrow);
    Glyph glyph;
    for (int y = 0; y < cell.height(); ++y) {
      for (int x = 0; x < cell.width(); ++x) {
        glyph.rows[static_cast<std::size_t>(y)] |= cell.at(x, y) ? 0x80000000U >> x : 0U;
      }
    }
    return glyph;
  }
  return std::nullopt;
}

std::vector<std::string> PaperGlyphs::missing() {
  std::vector<std::string> out;
  for (const auto& font : fonts_) {
    if (!font->open().is_open()) {
      out.push_back(font->path);
    }
  }
  return out;
}

printer::escpos::Glyphs paper_glyphs(std::vector<std::string> fonts) {
  return [glyphs = std::make_shared<PaperGlyphs>(std::move(fonts))](char32_t code_point, int columns) {
    return glyphs->find(code_point, columns);
  };
}

}  // namespace lobby::devices
