// With the fonts that tests/packages.sh installs.
#include <doctest/doctest.h>
#include <malloc.h>

#include <algorithm>
#include <bit>
#include <string>

#include "daemon/devices/paper_glyphs.hpp"

namespace {

using lobby::devices::PaperGlyphs;
using lobby::printer::escpos::Glyph;

int ink(const Glyph& glyph) {
  int dots = 0;
  for (const auto row : glyph.rows) {
    dots += std::popcount(row);
  }
  return dots;
}

/// As a person would type it, to be compared with what a picture of the character shows.
std::string art(const Glyph& glyph) {
  std::string out;
  for (const auto row : glyph.rows) {
    for (int x = 0; x < 24; ++x) {
      out += (row >> (31 - x) & 1U) != 0 ? '#' : '.';
    }
    out += '\n';
  }
  return out;
}

}  // namespace

TEST_CASE("Debian's fonts have the rare characters of names, each inside its cell") {
  PaperGlyphs glyphs;
  REQUIRE(glyphs.missing().empty());
  for (const auto character : {U'𠮷', U'㐀', U'䶮', U'镕', U'È', U'ก', U'𬭎', U'𪜀', U'〓'}) {
    CAPTURE(static_cast<unsigned>(character));
    const auto glyph = glyphs.find(character, 2);
    REQUIRE(glyph.has_value());
    CHECK(ink(*glyph) > 20);
    CHECK(ink(*glyph) < 400);
    for (const auto row : glyph->rows) {
      CHECK((row & 0xFFU) == 0);  // 24 dots across
    }
  }
  for (char32_t character = U'!'; character <= U'~'; ++character) {
    const auto glyph = glyphs.find(character, 1);
    REQUIRE(glyph.has_value());
    CHECK(ink(*glyph) > 3);
    for (const auto row : glyph->rows) {
      CHECK((row & 0xFFFFFU) == 0);  // 12 dots across
    }
  }
}

TEST_CASE("𠮷 is not 吉: its upper stroke is the shorter one") {
  PaperGlyphs glyphs;
  const auto width = [&](char32_t character, std::size_t from, std::size_t to) {
    int widest = 0;
    const auto glyph = glyphs.find(character, 2);
    REQUIRE(glyph.has_value());
    for (std::size_t y = from; y < to; ++y) {
      widest = std::max(widest, std::popcount(glyph->rows[y]));
    }
    return widest;
  };
  INFO(art(*glyphs.find(U'𠮷', 2)));
  CHECK(width(U'𠮷', 3, 8) < width(U'𠮷', 8, 13));  // 土
  CHECK(width(U'吉', 3, 8) > width(U'吉', 8, 13));  // 士
}

TEST_CASE("the first font that has a character draws it; what is no font is passed over") {
  const std::string wenquanyi = "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc";
  const std::string unifont = "/usr/share/fonts/opentype/unifont/unifont.otf";
  PaperGlyphs one({wenquanyi}), other({unifont}), both({"/nowhere.ttf", wenquanyi, unifont});
  REQUIRE(one.find(U'政', 2).has_value());
  CHECK(both.find(U'政', 2)->rows == one.find(U'政', 2)->rows);
  CHECK(other.find(U'政', 2)->rows != one.find(U'政', 2)->rows);
  CHECK(!one.find(U'ก', 2).has_value());
  CHECK(both.find(U'ก', 2)->rows == other.find(U'ก', 2)->rows);
  CHECK(both.missing() == std::vector<std::string>{"/nowhere.ttf"});
  CHECK(PaperGlyphs(std::vector<std::string>()).missing().empty());
  CHECK(!PaperGlyphs({"/dev/null"}).find(U'政', 2).has_value());
  for (const char32_t nobody : {char32_t{0x10FFFD}, char32_t{0xE000}, char32_t{0x110000}}) {
    CHECK(!both.find(nobody, 2).has_value());
  }
}

TEST_CASE("it keeps a bounded number of pictures") {
  PaperGlyphs glyphs;
  const auto ask = [&] {
    for (char32_t character = 0x4E00; character < 0x9000; ++character) {
      REQUIRE(glyphs.find(character, 2).has_value());
    }
  };
  ask();
  const auto before = ::mallinfo2().uordblks;
  ask();
  const auto after = ::mallinfo2().uordblks;
  CHECK(after < before + 64 * 1024);
  CHECK(after < 16 * 1024 * 1024);
}

TEST_CASE("copies of the function share the fonts, and outlive who made them") {
  lobby::printer::escpos::Glyphs kept;
  {
    const auto made = lobby::devices::paper_glyphs();
    kept = made;
  }
  CHECK(kept(U'𠮷', 2).has_value());
}
