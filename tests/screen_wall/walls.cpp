#include "tests/screen_wall/walls.hpp"

#include <png.h>

#include <fstream>
#include <iterator>
#include <vector>

namespace lobby::display::walls {

std::string text_of_file(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::optional<Picture> read_png(const std::string& path) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_file(&image, path.c_str()) == 0) {
    return std::nullopt;
  }
  image.format = PNG_FORMAT_RGB;
  std::vector<unsigned char> dots(PNG_IMAGE_SIZE(image));
  if (png_image_finish_read(&image, nullptr, dots.data(), 0, nullptr) == 0) {
    return std::nullopt;
  }
  Picture picture(static_cast<int>(image.width), static_cast<int>(image.height));
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x) {
      const auto* const dot = dots.data() + 3 * (y * picture.width() + x);
      picture.set(x, y, {dot[0], dot[1], dot[2]});
    }
  }
  return picture;
}

}  // namespace lobby::display::walls
