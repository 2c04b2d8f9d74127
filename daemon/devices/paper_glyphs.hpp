#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/printer/glyphs.hpp"

namespace lobby::devices {

/// Debian's, in the order in which they are asked: fonts-wqy-zenhei for text as a hall has it, unifont for
/// the rest of the basic plane, fonts-hanazono for rare names (extension B and beyond).
std::vector<std::string> default_paper_fonts();

/// Characters that a printer's font lacks, from this machine's fonts: the first that has it draws it, in a
/// cell of 24 × 24 dots, or 12 × 24 for a narrow one. Fonts are opened when first asked and then mapped, not
/// read; of each the last few hundred glyphs are kept. A file that is no font is passed over. Belongs to one
/// thread at a time.
class PaperGlyphs {
 public:
  explicit PaperGlyphs(std::vector<std::string> fonts = default_paper_fonts());
  ~PaperGlyphs();
  PaperGlyphs(const PaperGlyphs&) = delete;
  PaperGlyphs& operator=(const PaperGlyphs&) = delete;

  /// nullopt: no font has it.
  std::optional<printer::escpos::Glyph> find(char32_t code_point, int columns);

  /// Those of the list that cannot be opened.
  std::vector<std::string> missing();

 private:
  struct Font;
  std::vector<std::unique_ptr<Font>> fonts_;
};

/// The same as the codec takes it; copies share the fonts.
printer::escpos::Glyphs paper_glyphs(std::vector<std::string> fonts = default_paper_fonts());

}  // namespace lobby::devices
