// QR codes, pictures and drawn lines: the bytes of the manuals, and no real-time command among the dots.
#include <doctest/doctest.h>
#include <qrencode.h>

#include <algorithm>
#include <memory>
#include <string>

#include "drivers/printer/escpos.hpp"
#include "drivers/printer/qr.hpp"

namespace {

using namespace lobby::printer;
using namespace lobby::printer::escpos;

const Bytes cut{0x1D, 0x56, 0x42, 0x00};

Profile paper(int dots = 576) {
  Profile profile;
  profile.dots = dots;
  profile.columns = dots / 12;
  profile.cut = cut;
  return profile;
}

/// What stands between the head of a job and its cut.
Bytes body(const Item& item, const Profile& profile, const Glyphs& glyphs = {}) {
  const auto bytes = encode(Job{{item}}, profile, glyphs).bytes;
  REQUIRE(Bytes(bytes.begin(), bytes.begin() + 4) == Bytes{0x1B, 0x40, 0x1C, 0x26});
  REQUIRE(Bytes(bytes.end() - 4, bytes.end()) == cut);
  return {bytes.begin() + 4, bytes.end() - 4};
}

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

/// The manual's own words: what a printer would execute wherever it stands.
int real_time_commands(const Bytes& bytes) {
  int found = 0;
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    const bool is_command = bytes[i] == 0x04 || bytes[i] == 0x05 || bytes[i] == 0x14;
    found += bytes[i - 1] == 0x10 && is_command ? 1 : 0;
  }
  return found;
}

/// A full block for every wide character, a bar for narrow ones.
std::optional<Glyph> blocks(char32_t, int columns) {
  Glyph glyph;
  glyph.rows.fill(columns == 2 ? 0xFFFFFF00 : 0x80000000);
  return glyph;
}

}  // namespace

TEST_CASE("a QR code by the printer: model, module, level, store, print") {
  const Bytes wanted = Bytes{0x1B, 0x61, 0x01, 0x0A} +
                       Bytes{0x1D, 0x28, 0x6B, 0x04, 0x00, 0x31, 0x41, 0x32, 0x00} +
                       Bytes{0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x43, 0x06} +
                       Bytes{0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x45, 0x31} +
                       Bytes{0x1D, 0x28, 0x6B, 0x0B, 0x00, 0x31, 0x50, 0x30} + bytes_of("HTTP://X") +
                       Bytes{0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x51, 0x30, 0x0A};
  CHECK(body(Qr{"HTTP://X"}, paper()) == wanted);
  CHECK(body(Qr{""}, paper()).empty());
  CHECK(body(Qr{std::string(3000, 'x')}, paper()).empty());
}

TEST_CASE("the modules of a symbol, against libqrencode") {
  for (int size = 1; size <= 2331; size += size < 200 ? 1 : 37) {
    const std::vector<unsigned char> data(static_cast<std::size_t>(size), 0xE5);
    const std::unique_ptr<QRcode, decltype(&::QRcode_free)> code(
        ::QRcode_encodeData(size, data.data(), 0, QR_ECLEVEL_M), &::QRcode_free);
    REQUIRE(code != nullptr);
    REQUIRE(qr_modules(data.size()) == code->width);
  }
  CHECK(qr_modules(2332) == 0);
}

TEST_CASE("a QR code is never wider than the paper, where printers leave it out without a word") {
  for (const int dots : {384, 576}) {
    for (std::size_t size = 1; size <= 2331; size += 11) {
      const Qr qr{std::string(size, 'x'), 16};
      const int module = qr_module_dots(qr, paper(dots));
      REQUIRE(module >= 1);
      REQUIRE(module <= 16);
      REQUIRE((qr_modules(size) + 8) * module <= dots);
      const bool is_largest = module == 16 || (qr_modules(size) + 8) * (module + 1) > dots;
      REQUIRE(is_largest);
    }
  }
}

TEST_CASE("a QR code as dots is the symbol of libqrencode") {
  auto profile = paper();
  profile.qr = Profile::QrBy::raster;
  const auto bytes = body(Qr{"HTTP://X", 3}, profile);
  // 21 modules of 3 dots: 63 dots in 8 bytes, 63 rows.
  const Bytes head{0x1B, 0x61, 0x01, 0x0A, 0x1D, 0x76, 0x30, 0x00, 0x08, 0x00, 0x3F, 0x00};
  REQUIRE(bytes.size() == head.size() + 8 * 63 + 1);
  CHECK(Bytes(bytes.begin(), bytes.begin() + 12) == head);
  CHECK(bytes.back() == 0x0A);
  const std::unique_ptr<QRcode, decltype(&::QRcode_free)> code(
      ::QRcode_encodeString8bit("HTTP://X", 0, QR_ECLEVEL_M), &::QRcode_free);
  int wrong = 0;
  for (std::size_t y = 0; y < 63; ++y) {
    for (std::size_t x = 0; x < 63; ++x) {
      const bool black = (bytes[12 + y * 8 + x / 8] & 0x80 >> x % 8) != 0;
      wrong += black != ((code->data[y / 3 * 21 + x / 3] & 1) != 0) ? 1 : 0;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("data that a printer would obey become dots") {
  for (const auto* command : {"\x10\x04\x01", "\x10\x05\x02", "\x10\x14\x08"}) {
    const auto bytes = body(Qr{std::string("a") + command}, paper());
    CHECK(real_time_commands(bytes) == 0);
    CHECK(bytes[4] == 0x1D);
    CHECK(bytes[5] == 0x76);
  }
  // 1037 bytes: the length itself would be 10 04.
  CHECK(real_time_commands(body(Qr{std::string(1037, 'x'), 1}, paper())) == 0);
}

TEST_CASE("a picture in strips, by GS v 0 and by GS 8 L") {
  Picture picture{12, 130, Bytes(260, 0xFF)};
  Bytes first, second;
  for (int row = 0; row < 130; ++row) {
    auto& strip = row < 128 ? first : second;
    strip.insert(strip.end(), {0xFF, 0xF0});  // unused bits are white
  }
  CHECK(body(picture, paper()) == Bytes{0x1D, 0x76, 0x30, 0x00, 0x02, 0x00, 0x80, 0x00} + first +
                                      Bytes{0x1D, 0x76, 0x30, 0x00, 0x02, 0x00, 0x02, 0x00} + second);
  auto profile = paper();
  profile.raster = Profile::Raster::gs_8_l;
  const Bytes print{0x1D, 0x28, 0x4C, 0x02, 0x00, 0x30, 0x32};
  CHECK(body(picture, profile) == Bytes{0x1D, 0x38, 0x4C, 0x0A, 0x01, 0x00, 0x00, 0x30, 0x70, 0x30, 0x01,
                                        0x01, 0x31, 0x10, 0x00, 0x80, 0x00} +
                                      first + print +
                                      Bytes{0x1D, 0x38, 0x4C, 0x0E, 0x00, 0x00, 0x00, 0x30, 0x70, 0x30, 0x01,
                                            0x01, 0x31, 0x10, 0x00, 0x02, 0x00} +
                                      second + print);
}

TEST_CASE("a picture that promises more than it has, or is wider than the paper") {
  CHECK(body(Picture{8, 3, {1, 2}}, paper()) ==
        Bytes{0x1D, 0x76, 0x30, 0x00, 0x01, 0x00, 0x02, 0x00, 0x01, 0x02});
  CHECK(body(Picture{}, paper()).empty());
  CHECK(body(Picture{-8, 3, {1, 2, 3}}, paper()).empty());
  CHECK(body(Picture{8, 3, {}}, paper()).empty());
  CHECK(body(Picture{2147483647, 2147483647, {1, 2, 3}}, paper()).empty());
  Picture wide{600, 2, Bytes(150, 0x55)};
  CHECK(body(wide, paper(384)) == Bytes{0x1D, 0x76, 0x30, 0x00, 0x30, 0x00, 0x02, 0x00} + Bytes(96, 0x55));
}

TEST_CASE("no two bytes of a picture are a command, and every other pair arrives as it is") {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const auto first = static_cast<std::uint8_t>(a), second = static_cast<std::uint8_t>(b);
      const auto bytes = body(Picture{16, 1, {first, second}}, paper());
      const Bytes sent(bytes.end() - 2, bytes.end());
      if (real_time_commands({first, second}) == 0) {
        REQUIRE(sent == Bytes{first, second});
      } else {
        REQUIRE(sent == Bytes{0x30, second});  // one dot more
      }
    }
  }
}

TEST_CASE("no picture of any size holds a command, also where rows, strips and commands meet") {
  const Bytes worst{0x10, 0x04, 0x10, 0x05, 0x10, 0x14, 0x10};
  int pictures = 0, commands = 0;
  for (const auto raster : {Profile::Raster::gs_v_0, Profile::Raster::gs_8_l}) {
    auto profile = paper();
    profile.raster = raster;
    for (int stride = 1; stride <= 72; ++stride) {
      for (const int height : {1, 2, 3, 4, 5, 16, 20, 127, 128, 129, 132, 144, 257}) {
        for (std::size_t phase = 0; phase < worst.size(); ++phase) {
          Picture picture{stride * 8, height, {}};
          for (std::size_t i = 0; i < static_cast<std::size_t>(stride * height); ++i) {
            picture.rows.push_back(worst[(i + phase) % worst.size()]);
          }
          Job job{{picture, TextLine{"A"}, picture, Qr{"x", 1}}};
          commands += real_time_commands(encode(job, profile).bytes);
          ++pictures;
        }
      }
      // Every length that GS 8 L can name: 1040, 1296 and 5136 are commands themselves.
      for (int height = 1; height <= 128; ++height) {
        commands += real_time_commands(
            body(Picture{stride * 8, height, Bytes(static_cast<std::size_t>(stride * height), 0)}, profile));
      }
    }
  }
  CHECK(commands == 0);
  CHECK(pictures == 2 * 72 * 13 * 7);
}

TEST_CASE("a character that the font lacks is drawn with its line, in its column") {
  auto profile = paper(384);
  profile.font = Profile::Font::gbk;
  // Two narrow cells and two wide ones: 72 dots in 9 bytes, 34 rows as the printer would advance.
  const auto bytes = body(TextLine{"No𠮷号", Align::centre}, profile, blocks);
  const Bytes head{0x1B, 0x61, 0x01, 0x1D, 0x76, 0x30, 0x00, 0x09, 0x00, 0x22, 0x00};
  REQUIRE(bytes.size() == head.size() + 9 * 34);
  CHECK(Bytes(bytes.begin(), bytes.begin() + 11) == head);
  // Dots 0 and 12 are the bars, 24…71 the blocks.
  const Bytes row{0x80, 0x08, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
  for (std::size_t y = 0; y < 34; ++y) {
    const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(11 + y * 9);
    REQUIRE(Bytes(from, from + 9) == (y < 24 ? row : Bytes(9, 0)));
  }
}

TEST_CASE("a drawn line has the scale and the weight of its text, and its neighbours stay text") {
  auto profile = paper(384);
  Job job{{TextLine{"王", Align::left, 1, true}, TextLine{"𠮷", Align::left, 2, true}, TextLine{"A"}}};
  const auto narrow_bar = [](char32_t c, int columns) {
    CHECK(c == U'𠮷');
    CHECK(columns == 2);
    Glyph glyph;
    glyph.rows[0] = 0x80000000;
    return std::optional(glyph);
  };
  Bytes dots(6 * 48, 0);
  dots[0] = dots[6] = 0xF0;  // one dot, bold is two, each 2 × 2
  CHECK(encode(job, profile, narrow_bar).bytes ==
        Bytes{0x1B, 0x40, 0x1C, 0x26, 0x1B, 0x45, 0x01, 0xCD, 0xF5, 0x0A, 0x1D, 0x21, 0x11} +
            Bytes{0x1D, 0x76, 0x30, 0x00, 0x06, 0x00, 0x30, 0x00} + dots +
            Bytes{0x1D, 0x21, 0x00, 0x1B, 0x45, 0x00, 'A', 0x0A} + cut);
}

TEST_CASE("only the line of paper that holds the rare character is drawn") {
  auto profile = paper(384);
  profile.font = Profile::Font::gb2312;
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
    return bytes.size() > 2 && bytes[0] == 0x1D && bytes[1] == 0x76;
  };
  using Font = Profile::Font;
  for (const auto font : {Font::gb2312, Font::gbk, Font::gb18030}) {
    CHECK_FALSE(is_drawn("政务·—A?", font));
    CHECK(is_drawn("𠮷", font));
    CHECK(is_drawn("😀", font));
    CHECK(is_drawn("\xFF", font));
  }
  CHECK(is_drawn("镕", Font::gb2312));
  CHECK_FALSE(is_drawn("镕", Font::gbk));
  for (const auto* extension_a : {"㐀", "䶮"}) {
    CHECK(is_drawn(extension_a, Font::gb2312));
    CHECK(is_drawn(extension_a, Font::gbk));
    CHECK_FALSE(is_drawn(extension_a, Font::gb18030));
  }
}

TEST_CASE("what nobody can draw becomes 〓 in a line of text, never a question mark") {
  const auto nobody = [](char32_t, int) { return std::optional<Glyph>{}; };
  for (const auto& glyphs : {Glyphs{}, Glyphs{nobody}}) {
    for (const auto font : {Profile::Font::gb2312, Profile::Font::gb18030}) {
      auto profile = paper();
      profile.font = font;
      CHECK(body(TextLine{"王𠮷1"}, profile, glyphs) == Bytes{0xCD, 0xF5, 0xA1, 0xFE, '1', 0x0A});
    }
  }
}

TEST_CASE("what presents a ticket stands behind its cut, what sets the printer up behind ESC @") {
  auto profile = paper();
  profile.init = {0x1B, 0x63, 0x35, 0x01};
  profile.present = {0x1D, 0x65, 0x05};
  CHECK(encode(Job{{TextLine{"A"}}}, profile).bytes ==
        Bytes{0x1B, 0x40, 0x1C, 0x26, 0x1B, 0x63, 0x35, 0x01, 'A', 0x0A} + cut + profile.present);
}
