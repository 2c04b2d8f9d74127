#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "display/canvas/bitmap.hpp"
#include "display/canvas/dot_font.hpp"
#include "display/canvas/outline_font.hpp"
#include "display/canvas/utf8.hpp"

using namespace lobby::display;

namespace {

// Drawn by hand from the font's own definition, line 0041.
constexpr const char* letter_a =
    "........\n"
    "........\n"
    "........\n"
    "........\n"
    "...##...\n"
    "..#..#..\n"
    "..#..#..\n"
    ".#....#.\n"
    ".#....#.\n"
    ".######.\n"
    ".#....#.\n"
    ".#....#.\n"
    ".#....#.\n"
    ".#....#.\n"
    "........\n"
    "........\n";

// Line 53F7.
constexpr const char* character_hao =
    "................\n"
    "...#########....\n"
    "...#.......#....\n"
    "...#.......#....\n"
    "...#.......#....\n"
    "...#########....\n"
    "................\n"
    "###############.\n"
    "....#...........\n"
    "...#............\n"
    "...#########....\n"
    "...........#....\n"
    "...........#....\n"
    "...........#....\n"
    "........#.#.....\n"
    ".........#......\n";

int lit_dots(const Bitmap& bitmap) {
  int count = 0;
  for (int y = 0; y < bitmap.height(); ++y) {
    for (int x = 0; x < bitmap.width(); ++x) {
      count += bitmap.at(x, y) ? 1 : 0;
    }
  }
  return count;
}

Bitmap part(const Bitmap& from, int x, int width) {
  Bitmap out(width, from.height());
  out.draw(from, -x, 0);
  return out;
}

}  // namespace

TEST_CASE("a half-width and a full-width character stand dot by dot as the font defines them") {
  const DotFont font;
  REQUIRE(font.is_open());
  CHECK(font.glyph(U'A') == Bitmap::from_text(letter_a));
  CHECK(font.glyph(U'号') == Bitmap::from_text(character_hao));
}

TEST_CASE("text advances by 8 and 16 dots and is cut at the edge") {
  const DotFont font;
  CHECK(font.width_of("A号") == 24);
  Bitmap sign(20, 16);
  CHECK(font.draw(sign, 0, 0, "A号") == 24);
  CHECK(part(sign, 0, 8) == Bitmap::from_text(letter_a));
  CHECK(part(sign, 8, 12) == part(Bitmap::from_text(character_hao), 0, 12));
}

TEST_CASE("the first and the last character of the file are found") {
  const std::string path = std::string(LOBBY_BIN_DIR) + "/three-glyphs.hex";
  std::ofstream(path) << "0041:" << std::string(32, 'F') << "\n0042:" << std::string(32, '0')
                      << "\n1F600:" << std::string(64, 'F') << "\n";
  const DotFont font(path);
  CHECK(lit_dots(font.glyph(U'A')) == 128);
  CHECK(font.has(U'B'));
  CHECK(lit_dots(font.glyph(0x1F600)) == 256);
  CHECK_FALSE(font.has(U'@'));
  CHECK_FALSE(font.has(U'C'));
  CHECK_FALSE(font.has(0x10FFFF));
  std::remove(path.c_str());
}

TEST_CASE("a damaged font file gives boxes, not a crash") {
  const std::string path = std::string(LOBBY_BIN_DIR) + "/damaged.hex";
  std::ofstream(path) << "no colon at all\n:::\n0041:12\n\n\n";
  const DotFont font(path);
  for (char32_t c = 0; c < 0x200; ++c) {
    CHECK(lit_dots(font.glyph(c)) > 0);
  }
  std::remove(path.c_str());
}

TEST_CASE("a character that no font has is a visible box of its width") {
  const DotFont nowhere("/nowhere/font.hex");
  CHECK_FALSE(nowhere.is_open());
  const Bitmap narrow = nowhere.glyph(U'A');
  const Bitmap wide = nowhere.glyph(U'号');
  CHECK(narrow.width() == 8);
  CHECK(wide.width() == 16);
  CHECK(lit_dots(narrow) > 20);
  CHECK_FALSE(narrow.at(4, 8));  // hollow
  CHECK(narrow.at(1, 8));
  OutlineFont outline("/nowhere/font.ttc");
  CHECK(lit_dots(outline.cell(U'号', 24, 24, false)) > 40);
}

TEST_CASE("outline characters stay in their cells at every size, narrow ones in half of one") {
  OutlineFont font;
  REQUIRE(font.is_open());
  for (const int size : {12, 24, 48, 96}) {
    const Bitmap one = font.cell(U'一', size, size, false);
    CHECK(one.width() == size);
    CHECK(one.height() == size);
    const Bitmap digit = font.cell(U'8', size, size, true);
    CHECK(digit.width() == size / 2);
    CHECK(lit_dots(digit) > size);
    // 一 is one stroke in the middle: nothing in the upper and lower quarter.
    Bitmap quarters = one;
    quarters.fill(0, size / 4, size, size / 2, false);
    CHECK(lit_dots(quarters) == 0);
    CHECK(lit_dots(one) >= size / 2);
  }
}

TEST_CASE("a character stretched to twice its width has the same height") {
  OutlineFont font;
  const Bitmap wide = font.cell(U'口', 48, 24, false);
  CHECK(wide.width() == 48);
  CHECK(wide.height() == 24);
  CHECK(lit_dots(wide) > lit_dots(font.cell(U'口', 24, 24, false)));
}

TEST_CASE("the same character of two sizes is not mixed up by the cache") {
  OutlineFont font;
  const Bitmap small = font.cell(U'号', 24, 24, false);
  CHECK(font.cell(U'号', 48, 48, false).width() == 48);
  for (char32_t c = 0x4E00; c < 0x4E00 + 600; ++c) {
    font.cell(c, 12, 12, false);
  }
  CHECK(font.cell(U'号', 24, 24, false) == small);
}

TEST_CASE("what is no UTF-8 becomes one replacement character per stray byte") {
  CHECK(code_points("A\xE5\x8F\xB7") == U"A号");
  CHECK(code_points("\xF0\xA0\xAE\xB7") == std::u32string(1, char32_t{0x20BB7}));
  CHECK(code_points("\xFFz") == U"\xFFFDz");
  CHECK(code_points("\xC0\x80") == U"\xFFFD\xFFFD");         // overlong
  CHECK(code_points("\xED\xA0\x80").front() == 0xFFFD);      // surrogate
  CHECK(code_points("\xE5\x8F") == U"\xFFFD\xFFFD");         // cut off
  CHECK(code_points("\xF4\x90\x80\x80").front() == 0xFFFD);  // beyond Unicode
  CHECK(to_utf8(U"A号") == "A\xE5\x8F\xB7");
  CHECK(to_utf8(std::u32string(1, char32_t{0xD800})) == "\xEF\xBF\xBD");
}
