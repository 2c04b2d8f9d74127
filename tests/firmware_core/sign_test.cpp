#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "tests/firmware_core/shift_registers.hpp"

using namespace lobby::firmware;

namespace {

/// Hex digits of a glyph, read from the font itself.
std::string unifont(const std::string& code) {
  std::ifstream file("/usr/share/unifont/unifont.hex");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(code + ":")) {
      return line.substr(code.size() + 1);
    }
  }
  return {};
}

/// The sign as text, `#` lit.
std::string art(const std::array<std::array<bool, 64>, 16>& picture) {
  std::string text;
  for (const auto& row : picture) {
    for (const bool dot : row) {
      text += dot ? '#' : '.';
    }
    text += '\n';
  }
  return text;
}

/// Glyphs side by side, straight from the font.
std::string art_of(const std::vector<std::string>& codes) {
  std::string text;
  for (std::size_t y = 0; y < 16; ++y) {
    std::string row;
    for (const auto& code : codes) {
      const auto hex = unifont(code);
      const std::size_t digits = hex.size() / 16;
      for (std::size_t i = 0; i < digits; ++i) {
        const int nibble = std::stoi(hex.substr(y * digits + i, 1), nullptr, 16);
        for (int bit = 3; bit >= 0; --bit) {
          row += (nibble >> bit & 1) != 0 ? '#' : '.';
        }
      }
    }
    row.resize(64, '.');
    text += row + '\n';
  }
  return text;
}

const std::string dark = art({});

/// What can be seen of a unit in so many milliseconds.
ShiftRegisters watch(Bench& bench, std::uint32_t ms) {
  bench.records_sign = true;
  bench.sign_bytes.clear();
  bench.pass(ms);
  ShiftRegisters sign;
  sign.take(bench.sign_bytes);
  return sign;
}

}  // namespace

TEST_CASE("a unit boots dark") {
  Bench bench;
  CHECK(art(watch(bench, 100).picture) == dark);
}

TEST_CASE("text is shown in the glyphs of the font, one row at a time") {
  Bench bench;
  bench.write(0x110, bench.text(1, 0, {'A', '0', '2', '3', 0xBAC5}));
  const auto sign = watch(bench, 20);
  CHECK(art(sign.picture) == art_of({"0041", "0030", "0032", "0033", "53F7"}));
  CHECK(sign.most_rows_at_once == 1);
}

TEST_CASE("every built-in Chinese character is the one of its code") {
  // 办不操窗等地服号候呼回结开可口领请人稍停未无务暂证址重作, GB2312 and Unicode by iconv.
  const std::vector<std::pair<std::uint16_t, std::string>> all{
      {0xB0EC, "529E"}, {0xB2BB, "4E0D"}, {0xB2D9, "64CD"}, {0xB4B0, "7A97"}, {0xB5C8, "7B49"},
      {0xB5D8, "5730"}, {0xB7FE, "670D"}, {0xBAC5, "53F7"}, {0xBAF2, "5019"}, {0xBAF4, "547C"},
      {0xBBD8, "56DE"}, {0xBDE1, "7ED3"}, {0xBFAA, "5F00"}, {0xBFC9, "53EF"}, {0xBFDA, "53E3"},
      {0xC1EC, "9886"}, {0xC7EB, "8BF7"}, {0xC8CB, "4EBA"}, {0xC9D4, "7A0D"}, {0xCDA3, "505C"},
      {0xCEB4, "672A"}, {0xCEDE, "65E0"}, {0xCEF1, "52A1"}, {0xD4DD, "6682"}, {0xD6A4, "8BC1"},
      {0xD6B7, "5740"}, {0xD6D8, "91CD"}, {0xD7F7, "4F5C"}};
  Bench bench;
  std::uint16_t number = 0;
  for (const auto& [code, unicode] : all) {
    bench.write(0x110, bench.text(++number, 0, {code}));
    CAPTURE(unicode);
    CHECK(art(watch(bench, 20).picture) == art_of({unicode}));
  }
}

TEST_CASE("a character without a glyph is a box, and the unit says so") {
  Bench bench;
  bench.write(0x110, bench.text(1, 0, {0xB0A1}));  // 啊
  const auto picture = watch(bench, 20).picture;
  CHECK(picture[1][1]);
  CHECK(picture[14][14]);
  CHECK_FALSE(picture[7][7]);
  CHECK((bench.read(0x1C, 1)[0] & 8) == 8);
}

TEST_CASE("dots are shown as they are, the leftmost in the highest bit") {
  Bench bench;
  Words words{5, 0};
  words.resize(66);
  words[2] = 0x8001;          // row 0, columns 0 and 15
  words[2 + 15 * 4 + 3] = 1;  // row 15, column 63
  CHECK(bench.write(0x120, words) == with_crc({17, 16, 1, 0x20, 0, 66}));
  const auto picture = watch(bench, 20).picture;
  std::array<std::array<bool, 64>, 16> expected{};
  expected[0][0] = expected[0][15] = expected[15][63] = true;
  CHECK(art(picture) == art(expected));
  CHECK(bench.read(0x12, 1) == Words{5});
}

TEST_CASE("what flashes is 1 s lit and half a second dark") {
  Bench bench;
  bench.write(0x110, bench.text(1, 1, {'8'}));
  const auto lit = art_of({"0038"});
  CHECK(art(watch(bench, 900).picture) == lit);
  bench.pass(150);
  CHECK(art(watch(bench, 20).picture) == dark);
  bench.pass(300);
  CHECK(art(watch(bench, 20).picture) == dark);
  bench.pass(200);
  CHECK(art(watch(bench, 20).picture) == lit);
}

TEST_CASE("brightness is how long of a slot a row is lit; dark at 0, and never two rows") {
  Bench bench;
  bench.write(0x110, bench.text(1, 0, {'8'}));
  double last = 0;
  for (const unsigned percent : {10U, 50U, 90U}) {
    bench.request(6, {0x104, percent});
    const auto sign = watch(bench, 160);
    CHECK(sign.most_rows_at_once == 1);
    CHECK(art(sign.picture) == art_of({"0038"}));
    // Bytes of 0 between the row and the dark frame: two for each sixteenth, and the frame that ends it.
    const double per_slot = static_cast<double>(sign.lit_bits[5]) / 20;
    CHECK(per_slot > last);
    CHECK(per_slot <= (12 + 32) * 8);
    last = per_slot;
  }
  bench.request(6, {0x104, 0});
  const auto off = watch(bench, 40);
  CHECK(off.lit_bits[5] <= 12 * 8);
}

TEST_CASE("the own address is shown for as long as it was asked for, then the face again") {
  Bench bench;
  bench.write(0x110, bench.text(1, 0, {'8'}));
  bench.request(6, {0x105, 2});
  CHECK(art(watch(bench, 20).picture) == art_of({"5730", "5740", "0020", "0031", "0037"}));
  CHECK(bench.read(0x12, 1) == Words{1});
  bench.pass(2100);
  CHECK(art(watch(bench, 20).picture) == art_of({"0038"}));
}

TEST_CASE("a face that beeps sounds once; the buzzer ends by itself") {
  Bench bench;
  bench.write(0x110, bench.text(1, 2, {'8'}));
  CHECK(bench.unit->is_buzzing());
  bench.pass(300);
  CHECK_FALSE(bench.unit->is_buzzing());
  bench.write(0x110, bench.text(1, 2, {'8'}));  // told again: it is no new face
  CHECK_FALSE(bench.unit->is_buzzing());
  CHECK(bench.request(6, {0x103, 201}) == with_crc({17, 0x86, 3}));
  bench.request(6, {0x103, 200});
  bench.pass(1900);
  CHECK(bench.unit->is_buzzing());
  bench.pass(200);
  CHECK_FALSE(bench.unit->is_buzzing());
}

TEST_CASE("silence from the host: within its limit the sign is at rest, with no number of a face") {
  Bench bench;
  const Words rest{20, 1, '1', '2', 0xBAC5, 0xD4DD, 0xCDA3, 0, 0, 0};
  bench.write(0x180, rest);
  bench.write(0x110, bench.text(77, 1, {'A', '0', '1'}));
  bench.pass(1900);
  CHECK(bench.read(0x12, 1) == Words{77});  // that was heard
  bench.pass(1900);
  CHECK(art(watch(bench, 16).picture) == art_of({"0041", "0030", "0031"}));
  bench.pass(120);
  CHECK(art(watch(bench, 16).picture) == art_of({"0031", "0032", "53F7", "6682", "505C"}));
  // The host is back: the sign stays at rest until it is told what to show.
  CHECK(bench.read(0x12, 1) == Words{0});
  CHECK((bench.read(0x1C, 1)[0] & 1) == 1);
  CHECK(bench.read(0x2A, 1) == Words{1});
  bench.write(0x110, bench.text(77, 0, {'A', '0', '1'}));
  CHECK(art(watch(bench, 16).picture) == art_of({"0041", "0030", "0031"}));
  CHECK((bench.read(0x1C, 1)[0] & 1) == 0);
}

TEST_CASE("rest may be dark, and a neighbour's traffic does not put it off") {
  Bench bench;
  bench.write(0x180, {10, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  bench.write(0x110, bench.text(77, 0, {'A'}));
  for (int i = 0; i < 20; ++i) {
    bench.request(4, {0, 4}, 18);
    bench.pass(50);
  }
  CHECK(art(watch(bench, 16).picture) == dark);
  CHECK(bench.write(0x180, {4, 0, 0, 0, 0, 0, 0, 0, 0, 0}) == with_crc({17, 0x90, 3}));
  CHECK(bench.write(0x180, {601, 0, 0, 0, 0, 0, 0, 0, 0, 0}) == with_crc({17, 0x90, 3}));
}

TEST_CASE("a face is still flashing, and rest still comes, after the clock has wrapped") {
  Bench bench;
  bench.pass(400);  // over the wrap of the microseconds
  bench.write(0x110, bench.text(1, 1, {'8'}));
  bench.pass(1100);
  CHECK(art(watch(bench, 20).picture) == dark);
  bench.pass(2500);
  CHECK(bench.read(0x12, 1) == Words{0});
}
