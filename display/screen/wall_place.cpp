#include "display/screen/wall_place.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace lobby::display {

WallPlace place_in(Rect room, int width, int height) {
  if (room.empty() || width <= 0 || height <= 0) {
    return {};
  }
  const int scale = std::max(1, std::min(room.width / width, room.height / height));
  return {{room.x + std::max(0, room.width - width * scale) / 2,
           room.y + std::max(0, room.height - height * scale) / 2, width * scale, height * scale},
          scale};
}

bool read_size(const char* text, int& width, int& height) {
  const std::string_view all(text);
  const char* const end = all.data() + all.size();
  const auto first = std::from_chars(all.data(), end, width);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != 'x') {
    return false;
  }
  const auto second = std::from_chars(first.ptr + 1, end, height);
  constexpr int most = 16'384;
  return second.ec == std::errc() && second.ptr == end && width > 0 && width <= most && height > 0 &&
         height <= most;
}

}  // namespace lobby::display
