// Characters that a printer's font lacks: drawn where they stand, and nothing else is.
#include <doctest/doctest.h>

#include <string>

#include "drivers/printer/escpos.hpp"

namespace rare_tests {

namespace {

using namespace lobby::printer;
using namespace lobby::printer::escpos;

const Bytes head{0x1B, 0x40, 0x1C, 0x26};
const Bytes cut{0x1D, 0x56, 0x42, 0x00};

Profile paper(int dots = 576) {
  Profile profile;
  profile.dots = dots;
  profile.columns = dots / 12;
  profile.cut = cut;
  return profile;
}

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Bytes body(const TextLine& line, const Profile& profile, const Glyphs& glyphs) {
  const auto bytes = encode(Job{{line}}, profile, glyphs).bytes;
  REQUIRE(Bytes(bytes.begin(), bytes.begin() + 4) == head);
  REQUIRE(Bytes(bytes.end() - 4, bytes.end()) == cut);
  return {bytes.begin() + 4, bytes.end() - 4};
}

/// A full block for every wide character, a bar for narrow ones.
std::optional<Glyph> blocks(char32_t, int columns) {
  Glyph glyph;
  glyph.rows.fill(columns == 2 ? 0xFFFFFF00 : 0x80000000);
  return glyph;
}

/// One dot in the upper left corner, and one in the middle of the lowest row.
std::optional<Glyph> two_dots(char32_t, int) {
  Glyph glyph;
  glyph.rows[0] = 0x80000000;
  glyph.rows[23] = 0x00080000;  // column 12
  return glyph;
}

/// What `blocks` is as a bit image: 24 columns of three bytes.
const Bytes block = Bytes{0x1B, 0x2A, 0x21, 0x18, 0x00} + Bytes(72, 0xFF);

}  // namespace

TEST_CASE("one missing character is a bit image in its place, and its neighbours stay text") {
  CHECK(body(TextLine{"No𠮷号", Align::centre}, paper(384), blocks) ==
        Bytes{0x1B, 0x61, 0x01, 'N', 'o'} + block + Bytes{0xBA, 0xC5, 0x0A});
  CHECK(body(TextLine{"𠮷𠮷"}, paper(384), blocks) == block + block + Bytes{0x0A});
}

TEST_CASE("a bit image runs down its columns, and is bold as the text is") {
  Bytes columns(72, 0x00);
  columns[0] = 0x80;           // column 0, row 0
  columns[12 * 3 + 2] = 0x01;  // column 12, row 23
  const Bytes command{0x1B, 0x2A, 0x21, 0x18, 0x00};
  CHECK(body(TextLine{"王𠮷"}, paper(), two_dots) == Bytes{0xCD, 0xF5} + command + columns + Bytes{0x0A});
  columns[3] = 0x80;
  columns[13 * 3 + 2] = 0x01;
  CHECK(body(TextLine{"王𠮷", Align::left, 1, true}, paper(), two_dots) ==
        Bytes{0x1B, 0x45, 0x01, 0xCD, 0xF5} + command + columns + Bytes{0x0A});
}

TEST_CASE("no glyph holds a real-time command") {
  for (const std::uint32_t second : {0x04U, 0x05U, 0x14U}) {
    const auto dangerous = [second](char32_t, int) {
      Glyph glyph;  // the first column 10 ss 10, the second ss
      glyph.rows[3] = glyph.rows[19] = 0x80000000;
      for (std::size_t bit = 0; bit < 8; ++bit) {
        if ((second >> (7 - bit) & 1U) != 0) {
          glyph.rows[8 + bit] |= 0x80000000;
          glyph.rows[bit] |= 0x40000000;
        }
      }
      return std::optional(glyph);
    };
    const auto bytes = body(TextLine{"𠮷"}, paper(), dangerous);
    const auto low = static_cast<std::uint8_t>(second);
    CHECK(Bytes(bytes.begin() + 5, bytes.begin() + 9) == Bytes{0x30, low, 0x30, low});
  }
}

TEST_CASE("beside larger text it is drawn with its line: as large, as heavy, aligned, and as far apart") {
  auto profile = paper(384);
  Job job{{TextLine{"王", Align::left, 1, true}, TextLine{"王𠮷", Align::right, 2, true}, TextLine{"A"}}};
  // Two cells of 48 dots in 12 bytes, 48 rows; a dot is 2 × 2, bold is two of them.
  Bytes dots(12 * 48, 0);
  for (const std::size_t left : {0U, 6U}) {
    dots[left] = dots[12 + left] = 0xF0;
    dots[46 * 12 + left + 3] = dots[47 * 12 + left + 3] = 0xF0;
  }
  CHECK(encode(job, profile, two_dots).bytes ==
        head + Bytes{0x1B, 0x45, 0x01, 0xCD, 0xF5, 0x0A, 0x1B, 0x61, 0x02, 0x1D, 0x21, 0x11} +
            Bytes{0x1D, 0x76, 0x30, 0x00, 0x0C, 0x00, 0x30, 0x00} + dots +
            Bytes{0x1B, 0x4A, 0x0A, 0x1B, 0x61, 0x00, 0x1D, 0x21, 0x00, 0x1B, 0x45, 0x00, 'A', 0x0A} + cut);
}

TEST_CASE(
    "a printer that cannot set a bit image beside text has the line drawn, as high as it would advance") {
  auto profile = paper(384);
  profile.rare = Profile::Rare::line;
  // Two narrow cells and two wide ones: 72 dots in 9 bytes, 34 rows as the printer would advance.
  const auto bytes = body(TextLine{"No𠮷号", Align::centre}, profile, blocks);
  const Bytes begin{0x1B, 0x61, 0x01, 0x1D, 0x76, 0x30, 0x00, 0x09, 0x00, 0x22, 0x00};
  REQUIRE(bytes.size() == begin.size() + 9 * 34);
  CHECK(Bytes(bytes.begin(), bytes.begin() + 11) == begin);
  // Dots 0 and 12 are the bars, 24…71 the blocks.
  const Bytes row{0x80, 0x08, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
  for (std::size_t y = 0; y < 34; ++y) {
    const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(11 + y * 9);
    REQUIRE(Bytes(from, from + 9) == (y < 24 ? row : Bytes(9, 0)));
  }
}

TEST_CASE("only the line of paper that holds the rare character is drawn") {
  auto profile = paper(384);
  profile.font = Profile::Font::gb2312;
  profile.rare = Profile::Rare::line;
  const std::string sixteen = "号号号号号号号号号号号号号号号号";
  const auto bytes = body(TextLine{sixteen + "镕" + sixteen}, profile, blocks);
  Bytes text;
  for (int i = 0; i < 16; ++i) {
    text = text + Bytes{0xBA, 0xC5};
  }
  CHECK(Bytes(bytes.begin(), bytes.begin() + 33) == text + Bytes{0x0A});
  CHECK(Bytes(bytes.begin() + 33, bytes.begin() + 41) ==
        Bytes{0x1D, 0x76, 0x30, 0x00, 0x30, 0x00, 0x22, 0x00});
  CHECK(bytes.size() == 33 + 8 + 48 * 34 + 2 + 1);
  CHECK(Bytes(bytes.end() - 3, bytes.end()) == Bytes{0xBA, 0xC5, 0x0A});
}

TEST_CASE("which characters are drawn is the font's matter") {
  const auto is_drawn = [](const char* text, Profile::Font font) {
    auto profile = paper();
    profile.font = font;
    const auto bytes = body(TextLine{text}, profile, blocks);
    return bytes == block + Bytes{0x0A};
  };
  using Font = Profile::Font;
  const auto fonts = {Font::gb2312, Font::gbk, Font::gb18030, Font::gb18030_b};
  for (const auto font : fonts) {
    for (const auto* common : {"政", "·", "—", "é"}) {
      CHECK_FALSE(is_drawn(common, font));
    }
    CHECK(is_drawn("𠮷", font) == (font != Font::gb18030_b));
    for (const auto* nowhere : {"😀", "È", "ก", "𪜀"}) {
      CHECK_MESSAGE(is_drawn(nowhere, font), nowhere);
    }
    for (const auto* extension_a : {"㐀", "䶮"}) {
      CHECK(is_drawn(extension_a, font) == (font < Font::gb18030));
    }
    CHECK(is_drawn("镕", font) == (font == Font::gb2312));
  }
}

TEST_CASE("four bytes go only to a font that has their picture") {
  const auto bytes_for = [](Profile::Font font) {
    auto profile = paper();
    profile.font = font;
    return body(TextLine{"𠮷㐀䶮"}, profile, {});
  };
  const Bytes nothing{0xA1, 0xFE};  // 〓
  CHECK(bytes_for(Profile::Font::gbk) == nothing + nothing + nothing + Bytes{0x0A});
  CHECK(bytes_for(Profile::Font::gb18030) == nothing + Bytes{0x81, 0x39, 0xEE, 0x39, 0xFE, 0x9F, 0x0A});
  CHECK(bytes_for(Profile::Font::gb18030_b) ==
        Bytes{0x95, 0x34, 0xB2, 0x35, 0x81, 0x39, 0xEE, 0x39, 0xFE, 0x9F, 0x0A});
}

TEST_CASE("what nobody can draw becomes 〓, never a question mark, and is counted") {
  const auto nobody = [](char32_t, int) { return std::optional<Glyph>{}; };
  for (const auto& glyphs : {Glyphs{}, Glyphs{nobody}}) {
    for (const auto font : {Profile::Font::gb2312, Profile::Font::gb18030}) {
      for (const int scale : {1, 2}) {
        auto profile = paper();
        profile.font = font;
        const auto encoded = encode(Job{{TextLine{"王𠮷1", Align::left, scale}}}, profile, glyphs);
        const Bytes line{0xCD, 0xF5, 0xA1, 0xFE, '1', 0x0A};
        const auto begin = encoded.bytes.begin() + (scale == 1 ? 4 : 7);
        CHECK(Bytes(begin, begin + 6) == line);
        CHECK(encoded.losses.characters == 1);
      }
    }
  }
}

TEST_CASE("what is no UTF-8 is 〓, not the question mark that fonts have for it") {
  CHECK(body(TextLine{"A\xFF"}, paper(), blocks) == Bytes{'A', 0xA1, 0xFE, 0x0A});
}

TEST_CASE("in a line that is drawn only what nobody has becomes 〓") {
  const auto all_but_one = [](char32_t c, int) {
    std::optional<Glyph> glyph;
    if (c != U'𠮷') {
      glyph.emplace();
      glyph->rows.fill(c == U'〓' ? 0xAAAAAA00 : 0xFFFFFF00);
    }
    return glyph;
  };
  const auto encoded = encode(Job{{TextLine{"䶮𠮷", Align::left, 2}}}, paper(), all_but_one);
  CHECK(encoded.losses.characters == 1);
  const auto& bytes = encoded.bytes;
  REQUIRE(bytes.size() == 4 + 3 + 8 + 12 * 48 + 3 + 4);
  CHECK(Bytes(bytes.begin() + 15, bytes.begin() + 27) == Bytes(6, 0xFF) + Bytes(6, 0xCC));
}

}  // namespace rare_tests
