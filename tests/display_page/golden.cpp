#include "tests/display_page/golden.hpp"

#include <png.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "display/canvas/png.hpp"

namespace lobby::display {

bool is_golden(const std::string& name, const Picture& picture) {
  if (const char* const folder = std::getenv("LOBBY_PAGE_PICTURES"); folder != nullptr) {
    std::ofstream(std::string(folder) + "/" + name + ".png") << png(picture);
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  const std::string path = LOBBY_SOURCE_DIR "/tests/display_page/golden/" + name + ".png";
  if (png_image_begin_read_from_file(&image, path.c_str()) == 0) {
    return false;
  }
  image.format = PNG_FORMAT_RGB;
  std::vector<unsigned char> dots(PNG_IMAGE_SIZE(image));
  const bool is_read = png_image_finish_read(&image, nullptr, dots.data(), 0, nullptr) != 0;
  return is_read && static_cast<int>(image.width) == picture.width() &&
         std::equal(dots.begin(), dots.end(), picture.rgb().begin(), picture.rgb().end());
}

}  // namespace lobby::display
