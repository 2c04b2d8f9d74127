// Codes from the tables of the standards, not from our own output.
#include "drivers/link/gb18030.hpp"

#include <doctest/doctest.h>
#include <iconv.h>

#include <array>
#include <optional>
#include <random>
#include <string>

namespace gb18030_tests {

namespace {

using namespace lobby::link;
using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(std::string_view text, GbSet set) {
  Bytes out;
  for (const auto& character : to_gb(text, set)) {
    out.insert(out.end(), character.bytes.begin(), character.bytes.begin() + character.size);
  }
  return out;
}

constexpr GbSet all[] = {GbSet::gb2312, GbSet::gbk, GbSet::gb18030, GbSet::gb18030_b};

}  // namespace

TEST_CASE("text of a hall is the same in every set") {
  for (const auto set : all) {
    CHECK(bytes_of("什邡市政务", set) == Bytes{0xCA, 0xB2, 0xDA, 0xFA, 0xCA, 0xD0, 0xD5, 0xFE, 0xCE, 0xF1});
    CHECK(bytes_of("请A017", set) == Bytes{0xC7, 0xEB, 0x41, 0x30, 0x31, 0x37});
    CHECK(bytes_of("：、（）", set) == Bytes{0xA3, 0xBA, 0xA1, 0xA2, 0xA3, 0xA8, 0xA3, 0xA9});
    CHECK(bytes_of("·—", set) == Bytes{0xA1, 0xA4, 0xA1, 0xAA});
  }
}

TEST_CASE("what a font lacks becomes 〓, never a question mark") {
  const Bytes geta{0xA1, 0xFE};
  CHECK(bytes_of("𠮷", GbSet::gb2312) == geta);
  CHECK(bytes_of("𠮷", GbSet::gbk) == geta);
  CHECK(bytes_of("𠮷", GbSet::gb18030) == Bytes{0x95, 0x34, 0xB2, 0x35});
  CHECK(bytes_of("㐀", GbSet::gb18030) == Bytes{0x81, 0x39, 0xEE, 0x39});
  CHECK(bytes_of("镕", GbSet::gb2312) == geta);
  CHECK(bytes_of("镕", GbSet::gbk) == Bytes{0xE9, 0x46});
  CHECK(bytes_of("😀", GbSet::gbk) == geta);
  CHECK(bytes_of("?", GbSet::gbk) == Bytes{0x3F});
  const auto lost = to_gb("朱镕", GbSet::gb2312);
  REQUIRE(lost.size() == 2);
  CHECK(!lost[0].lost);
  CHECK(lost[1].lost);
}

TEST_CASE("half-width is one column, everything else two") {
  for (const auto& character : to_gb("Az0 ~", GbSet::gb2312)) {
    CHECK(character.columns == 1);
  }
  for (const auto& character : to_gb("号·𠮷😀", GbSet::gb18030)) {
    CHECK(character.columns == 2);
  }
}

TEST_CASE("no text can carry a command") {
  std::string text = "A";
  for (int c = 0; c < 0x20; ++c) {
    text += static_cast<char>(c);
  }
  text += "\x7F\xC2\x80\xC2\x9B";                                  // DEL and C1
  text += "\xEF\xBB\xBF\xE2\x80\x8B\xEF\xB8\x8F\xF3\xA0\x84\x80";  // BOM, zero width, variation selectors
  text += "B";
  for (const auto set : all) {
    CHECK(bytes_of(text, set) == Bytes{0x41, 0x42});
  }
}

TEST_CASE("what is no UTF-8 is replaced byte for byte") {
  const Bytes two{0xA1, 0xFE, 0xA1, 0xFE};
  CHECK(bytes_of("\xFF\xFE", GbSet::gbk) == two);
  CHECK(bytes_of("\xC0\x80", GbSet::gbk) == two);           // overlong NUL
  CHECK(bytes_of("\xE5\x8F", GbSet::gbk) == two);           // cut off
  CHECK(bytes_of("\xED\xA0\x80", GbSet::gbk).size() == 6);  // a surrogate
  CHECK(bytes_of("\xF5\x80\x80\x80", GbSet::gbk).size() == 8);
  CHECK(bytes_of("\xE5"
                 "A",
                 GbSet::gbk) == Bytes{0xA1, 0xFE, 0x41});
}

TEST_CASE("every code point stays within the bounds that the printer's rule relies on") {
  for (const auto set : all) {
    for (char32_t c = 0x80; c < 0x30000; c += 7) {
      if (c >= 0xD800 && c <= 0xDFFF) {
        continue;
      }
      std::string text;
      if (c < 0x800) {
        text = {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
      } else if (c < 0x10000) {
        text = {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
                static_cast<char>(0x80 | (c & 0x3F))};
      } else {
        text = {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3F)),
                static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
      }
      for (const auto& character : to_gb(text, set)) {
        REQUIRE((character.size == 2 || (character.size == 4 && set >= GbSet::gb18030)));
        for (std::size_t i = 0; i < character.size; ++i) {
          REQUIRE(character.bytes[i] >= 0x30);
        }
      }
    }
  }
}

TEST_CASE("the far ends of GB18030, and every character as the C library has it") {
  const auto utf8_of = [](char32_t c) {
    const auto tail = [&](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3F)); };
    return c < 0x800     ? std::string{static_cast<char>(0xC0 | c >> 6), tail(0)}
           : c < 0x10000 ? std::string{static_cast<char>(0xE0 | c >> 12), tail(6), tail(0)}
                         : std::string{static_cast<char>(0xF0 | c >> 18), tail(12), tail(6), tail(0)};
  };
  CHECK(bytes_of(utf8_of(0x10000), GbSet::gb18030) == Bytes{0x90, 0x30, 0x81, 0x30});
  CHECK(bytes_of(utf8_of(0x10FFFF), GbSet::gb18030) == Bytes{0xE3, 0x32, 0x9A, 0x35});
  const auto library = ::iconv_open("GB18030", "UTF-8");
  REQUIRE(library != reinterpret_cast<iconv_t>(-1));
  int compared = 0, two_byte = 0;
  for (char32_t c = 0xA1; c <= 0x2FFFF; ++c) {
    const auto ours = c < 0xD800 || c > 0xDFFF ? bytes_of(utf8_of(c), GbSet::gb18030) : Bytes{};
    if (ours.empty() || ours == Bytes{0xA1, 0xFE}) {
      continue;  // without an image, or not in the set
    }
    auto in = utf8_of(c);
    char* from = in.data();
    std::size_t in_left = in.size();
    std::array<char, 8> out{};
    char* to = out.data();
    std::size_t out_left = out.size();
    ::iconv(library, &from, &in_left, &to, &out_left);
    const Bytes theirs(out.data(), to);
    if (c > 0xFFFF && theirs.size() == 2) {
      ++two_byte;  // the older of two codes; the four-byte one is valid too
      continue;
    }
    CAPTURE(static_cast<std::uint32_t>(c));
    REQUIRE(theirs == ours);
    ++compared;
  }
  ::iconv_close(library);
  CHECK(compared > 190'000);
  CHECK(two_byte == 6);  // FE51, FE52, FE53, FE6C, FE76, FE91
}

TEST_CASE("a code is no picture: whose font has which character") {
  const auto first_with = [](const char* text) {
    for (const auto set : all) {
      const auto characters = to_gb(text, set);
      REQUIRE(characters.size() == 1);
      if (characters[0].pictured) {
        return std::optional(set);
      }
    }
    return std::optional<GbSet>();
  };
  for (const auto* common : {"A", "政", "·", "—", "（", "①", "Ж", "é", "ü"}) {
    CHECK_MESSAGE(first_with(common) == GbSet::gb2312, common);
  }
  CHECK(first_with("镕") == GbSet::gbk);
  CHECK(first_with("喆") == GbSet::gbk);
  for (const auto* extension_a : {"㐀", "䶮", "䶵"}) {
    CHECK_MESSAGE(first_with(extension_a) == GbSet::gb18030, extension_a);
  }
  for (const auto* extension_b : {"𠀀", "𠮷", "𪛖"}) {
    CHECK_MESSAGE(first_with(extension_b) == GbSet::gb18030_b, extension_b);
  }
  // Behind extension B, letters and signs with four bytes, characters for private use, no character at all.
  for (const auto* nobody : {"𪜀", "𬭎", "😀", "È", "ก", "བ", "\uE000", "\uE5E5", "\uF8FF", "\xFF"}) {
    CHECK_MESSAGE(!first_with(nobody).has_value(), nobody);
  }
}

TEST_CASE("a text in lines is the text, and no line is wider than it may be") {
  std::mt19937 random(7);
  const std::string pieces[] = {"A",        "号", "·",    "𠮷",       "㐀",  "镕", "é", "ДД",
                                "\xE2\x80", "é",  "\x10", "\xFF\xC2", "‏", "😀",  "È", "𠀀"};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int i = 0; i < 30; ++i) {
      text += pieces[random() % std::size(pieces)];
    }
    for (const auto set : all) {
      const int columns = 2 + static_cast<int>(random() % 20);
      Bytes joined;
      bool pictured = true;
      std::string_view rest = text;
      while (!rest.empty()) {
        Bytes line(2 * static_cast<std::size_t>(columns));
        const auto taken = take_gb_line(rest, set, columns, line.data());
        REQUIRE(taken.size <= line.size());
        REQUIRE(taken.columns <= columns);
        REQUIRE((rest.empty() || taken.columns >= columns - 1));
        joined.insert(joined.end(), line.begin(), line.begin() + static_cast<std::ptrdiff_t>(taken.size));
        pictured = pictured && taken.pictured;
      }
      bool all_pictured = true;
      for (const auto& character : to_gb(text, set)) {
        all_pictured = all_pictured && character.pictured;
      }
      REQUIRE(joined == bytes_of(text, set));
      REQUIRE(pictured == all_pictured);
    }
  }
}

}  // namespace gb18030_tests
