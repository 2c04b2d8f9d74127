#include <doctest/doctest.h>

#include "display/screen/wall_place.hpp"

using namespace lobby::display;

TEST_CASE("a picture stands in the middle, its dots are whole squares") {
  CHECK(place_in({0, 0, 1920, 1080}, 960, 540).area == Rect{0, 0, 1920, 1080});
  CHECK(place_in({0, 0, 1920, 1080}, 960, 540).scale == 2);
  CHECK(place_in({0, 0, 1920, 1080}, 512, 128).area == Rect{192, 348, 1536, 384});
  CHECK(place_in({0, 0, 1920, 1080}, 1024, 64).area == Rect{448, 508, 1024, 64});
  CHECK(place_in({0, 0, 1023, 64}, 512, 64).area == Rect{255, 0, 512, 64});
}

TEST_CASE("of a picture that is too large the upper left corner is seen") {
  CHECK(place_in({0, 0, 800, 600}, 1024, 64).area == Rect{0, 268, 1024, 64});
  CHECK(place_in({0, 0, 800, 600}, 1024, 768).area == Rect{0, 0, 1024, 768});
  CHECK(place_in({0, 0, 800, 600}, 0, 0).area.empty());
  CHECK(place_in({}, 100, 100).area.empty());
}

TEST_CASE("sizes as they are typed") {
  int width = 0;
  int height = 0;
  CHECK(read_size("1024x64", width, height));
  CHECK(width == 1024);
  CHECK(height == 64);
  for (const char* bad : {"", "x", "1024", "1024x", "x64", "1024x64x", "0x64", "-1x64", "1024X64", "1e3x64",
                          " 8x8", "16385x1", "99999999999x1"}) {
    CAPTURE(bad);
    CHECK_FALSE(read_size(bad, width, height));
  }
}
