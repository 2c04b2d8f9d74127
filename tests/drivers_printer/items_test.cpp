// QR codes, pictures and drawn lines: the bytes of the manuals, and no real-time command among the dots.
#include <doctest/doctest.h>
#include <qrencode.h>

#include <algorithm>
#include <memory>
#include <string>

#include "drivers/printer/escpos.hpp"
#include "drivers/printer/qr.hpp"

namespace items_tests {

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

}  // namespace

TEST_CASE("a QR code by the printer: model, module, level, store, print") {
  const Bytes wanted = Bytes{0x1B, 0x61, 0x01, 0x1B, 0x4A, 0x18} +
                       Bytes{0x1D, 0x28, 0x6B, 0x04, 0x00, 0x31, 0x41, 0x32, 0x00} +
                       Bytes{0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x43, 0x06} +
                       Bytes{0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x45, 0x31} +
                       Bytes{0x1D, 0x28, 0x6B, 0x0B, 0x00, 0x31, 0x50, 0x30} + bytes_of("HTTP://X") +
                       Bytes{0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x51, 0x30, 0x1B, 0x4A, 0x18};
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
  const Bytes head{0x1B, 0x61, 0x01, 0x1B, 0x4A, 0x0C, 0x1D, 0x76, 0x30, 0x00, 0x08, 0x00, 0x3F, 0x00};
  REQUIRE(bytes.size() == head.size() + 8 * 63 + 3);
  CHECK(Bytes(bytes.begin(), bytes.begin() + 14) == head);
  CHECK(Bytes(bytes.end() - 3, bytes.end()) == Bytes{0x1B, 0x4A, 0x0C});
  const std::unique_ptr<QRcode, decltype(&::QRcode_free)> code(
      ::QRcode_encodeString8bit("HTTP://X", 0, QR_ECLEVEL_M), &::QRcode_free);
  int wrong = 0;
  for (std::size_t y = 0; y < 63; ++y) {
    for (std::size_t x = 0; x < 63; ++x) {
      const bool black = (bytes[14 + y * 8 + x / 8] & 0x80 >> x % 8) != 0;
      wrong += black != ((code->data[y / 3 * 21 + x / 3] & 1) != 0) ? 1 : 0;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("data that a printer would obey become dots") {
  for (const auto* command : {"\x10\x04\x01", "\x10\x05\x02", "\x10\x14\x08"}) {
    const auto bytes = body(Qr{std::string("a") + command}, paper());
    CHECK(real_time_commands(bytes) == 0);
    CHECK(bytes[6] == 0x1D);
    CHECK(bytes[7] == 0x76);
  }
  // 1037 bytes: the length itself would be 10 04.
  auto profile = paper();
  profile.qr_max_bytes = 1700;
  CHECK(real_time_commands(body(Qr{std::string(1037, 'x'), 1}, profile)) == 0);
}

TEST_CASE("more data than the printer's own symbol takes become dots") {
  const auto is_native = [](std::size_t size, int most) {
    auto profile = paper();
    profile.qr_max_bytes = most;
    const auto bytes = body(Qr{std::string(size, 'x'), 1}, profile);
    REQUIRE(bytes.size() > 8);
    return bytes[7] == 0x28;
  };
  CHECK(is_native(1017, 1017));
  CHECK_FALSE(is_native(1018, 1017));
  CHECK_FALSE(is_native(70, 69));
  CHECK_FALSE(is_native(2000, 7089));  // a question could not wait so long for its end
  const auto lost = encode(Job{{Qr{std::string(2332, 'x')}, Qr{""}, Qr{"x"}}}, paper()).losses;
  CHECK(lost.symbols == 1);
  CHECK(lost.characters == 0);
}

TEST_CASE("dots so wide that the command cannot name it") {
  auto profile = paper(9000);
  // GS v 0: 1040 bytes a row would be DLE EOT. GS 8 L: 1040 dots would, so the last dot stays white.
  CHECK(body(Picture{8320, 2, Bytes(2080, 0xFF)}, profile).empty());
  CHECK(encode(Job{{Picture{8320, 2, Bytes(2080, 0xFF)}}}, profile).losses.symbols == 1);
  profile.raster = Profile::Raster::gs_8_l;
  const auto bytes = body(Picture{1040, 1, Bytes(130, 0x55)}, profile);
  CHECK(Bytes(bytes.begin(), bytes.begin() + 17) == Bytes{0x1D, 0x38, 0x4C, 0x8C, 0x00, 0x00, 0x00, 0x30,
                                                          0x70, 0x30, 0x01, 0x01, 0x31, 0x0F, 0x04, 0x01,
                                                          0x00});
  for (int width = 8; width <= 9000; width += 8) {
    for (const int height : {1, 3, 5, 21}) {
      const Picture picture{width, height, Bytes(static_cast<std::size_t>(width / 8 * height), 0x10)};
      REQUIRE(real_time_commands(body(picture, profile)) == 0);
    }
  }
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

TEST_CASE("what presents a ticket stands behind its cut, what sets the printer up behind ESC @") {
  auto profile = paper();
  profile.init = {0x1B, 0x63, 0x35, 0x01};
  profile.present = {0x1D, 0x65, 0x05};
  CHECK(encode(Job{{TextLine{"A"}}}, profile).bytes ==
        Bytes{0x1B, 0x40, 0x1C, 0x26, 0x1B, 0x63, 0x35, 0x01, 'A', 0x0A} + cut + profile.present);
}

}  // namespace items_tests
