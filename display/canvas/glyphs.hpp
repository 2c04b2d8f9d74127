#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace lobby::display {

/// How characters are drawn. 16 dots: the bitmap font, as signs have it; other sizes: outlines.
struct Lettering {
  int size = 16;        ///< height of a line and width of a Chinese character, 8…255 dots
  bool smooth = false;  ///< with soft edges, for walls and screens; LED boards have none
  friend bool operator==(const Lettering&, const Lettering&) = default;
};

/// `length` dots of one row, beginning at (x, y) in the character's cell; `cover` 255 is wholly lit.
struct Run {
  std::uint8_t x = 0;
  std::uint8_t y = 0;
  std::uint8_t length = 0;
  std::uint8_t cover = 255;
};

/// A character in its cell: `size` dots high, `size` wide, or half as wide when it is ASCII. It never leaves
/// the cell. A mark that only changes the character before it has no width.
struct Glyph {
  int width = 0;
  bool missing = false;  ///< no font has it: the runs draw a box
  std::vector<Run> runs;
};

struct FontFiles {
  std::string dots = "/usr/share/unifont/unifont.hex";
  /// In this order, for other sizes than 16 and for what the bitmap font lacks.
  std::vector<std::string> outlines = {"/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
                                       "/usr/share/fonts/truetype/hanazono/HanaMinA.ttf",
                                       "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf"};
};

/// The characters of all fonts, drawn once and kept in at most `most_bytes` of memory; when that is full, all
/// are forgotten and drawn anew. Never fails: a file that cannot be opened lacks every character. Belongs to
/// one thread at a time.
class Glyphs {
 public:
  static constexpr std::size_t default_bytes = std::size_t{2} << 20;

  explicit Glyphs(const FontFiles& files = {}, std::size_t most_bytes = default_bytes);
  ~Glyphs();
  Glyphs(const Glyphs&) = delete;
  Glyphs& operator=(const Glyphs&) = delete;

  /// Valid until the next call.
  const Glyph& glyph(char32_t code_point, Lettering lettering);
  std::size_t bytes() const;  ///< kept now

 private:
  struct Fonts;
  std::unique_ptr<Fonts> fonts_;
};

}  // namespace lobby::display
