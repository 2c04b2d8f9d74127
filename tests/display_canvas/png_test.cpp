#include <doctest/doctest.h>
#include <png.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "display/canvas/bitmap.hpp"
#include "display/canvas/picture.hpp"
#include "display/canvas/png.hpp"

using namespace lobby::display;

namespace {

// Read back by libpng's own simplified reader, which shares no code with the writer under test.
std::vector<unsigned char> decode(const std::string& file, png_uint_32 format, int& width, int& height) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  REQUIRE(png_image_begin_read_from_memory(&image, file.data(), file.size()) != 0);
  image.format = format;
  std::vector<unsigned char> pixels(PNG_IMAGE_SIZE(image));
  REQUIRE(png_image_finish_read(&image, nullptr, pixels.data(), 0, nullptr) != 0);
  width = static_cast<int>(image.width);
  height = static_cast<int>(image.height);
  return pixels;
}

}  // namespace

TEST_CASE("a bitmap's PNG holds ink where dots are lit, also beyond a byte's edge") {
  const Bitmap bitmap = Bitmap::from_text(
      "#........#\n"
      ".#......#.\n");
  int width = 0;
  int height = 0;
  const auto pixels = decode(png(bitmap), PNG_FORMAT_GRAY, width, height);
  REQUIRE(width == 10);
  REQUIRE(height == 2);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      CHECK(pixels[static_cast<std::size_t>(y * width + x)] == (bitmap.at(x, y) ? 0 : 255));
    }
  }
}

TEST_CASE("a colour picture comes back dot by dot") {
  Picture picture(3, 2, {10, 20, 30});
  picture.set(2, 1, {255, 0, 7});
  picture.set(5, 5, {1, 1, 1});  // outside
  int width = 0;
  int height = 0;
  const auto pixels = decode(png(picture), PNG_FORMAT_RGB, width, height);
  REQUIRE(pixels.size() == 18);
  CHECK(pixels[0] == 10);
  CHECK(pixels[1] == 20);
  CHECK(pixels[2] == 30);
  CHECK(pixels[15] == 255);
  CHECK(pixels[16] == 0);
  CHECK(pixels[17] == 7);
}

TEST_CASE("a picture without dots is no file") {
  CHECK(png(Bitmap(0, 5)).empty());
  CHECK(png(Picture(5, -1)).empty());
}

TEST_CASE("a disc is full in its middle, soft at its edge and nothing beyond") {
  Picture picture(9, 9);
  picture.disc(4.5, 4.5, 3.0, {200, 0, 0});
  CHECK(picture.at(4, 4) == Colour{200, 0, 0});
  CHECK(picture.at(0, 0) == Colour{});
  CHECK(picture.at(8, 4) == Colour{});
  CHECK(picture.at(4, 1).red > 0);
}

TEST_CASE("inverting twice changes nothing, drawing outside is cut") {
  Bitmap bitmap = Bitmap::from_text("#.#\n.#.\n");
  const Bitmap before = bitmap;
  bitmap.invert(0, 0, 3, 2);
  CHECK(bitmap == Bitmap::from_text(".#.\n#.#\n"));
  bitmap.invert(0, 0, 3, 2);
  CHECK(bitmap == before);
  bitmap.draw(before, 2, 1);
  CHECK(bitmap == Bitmap::from_text("#.#\n.##\n"));
  bitmap.draw(before, -100, 50);
  bitmap.fill(-5, -5, 100, 6);
  CHECK(bitmap == Bitmap::from_text("###\n.##\n"));
}

TEST_CASE("a picture is dimmed dot by dot, whatever its size, and black at nothing") {
  for (const int width : {1, 2, 3, 5, 8, 11}) {
    for (const int percent : {0, 1, 33, 50, 99, 100, 250}) {
      Picture picture(width, 1);
      for (int x = 0; x < width; ++x) {
        picture.set(x, 0, {255, static_cast<std::uint8_t>(20 * x), 7});
      }
      const Picture before = picture;
      picture.dim(percent);
      bool is_right = true;
      const auto is_near = [percent](int now, int full) {
        return std::abs(now * 100 - full * std::min(percent, 100)) <= 150;  // rounded, and 256 parts of 100
      };
      for (int x = 0; x < width; ++x) {
        const auto now = picture.at(x, 0);
        const auto full = before.at(x, 0);
        is_right = is_right && is_near(now.red, full.red) && is_near(now.green, full.green) &&
                   is_near(now.blue, full.blue);
      }
      CAPTURE(width);
      CAPTURE(percent);
      CHECK(is_right);
      CHECK((percent < 100 || picture == before));
      CHECK((percent > 0 || picture == Picture(width, 1)));
    }
  }
}
