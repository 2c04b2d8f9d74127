#include "display/canvas/picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace lobby::display {

Picture::Picture(int width, int height, Colour background)
    : width_(std::max(width, 0)),
      height_(std::max(height, 0)),
      bytes_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) * 3) {
  fill(0, 0, width_, height_, background);
}

std::size_t Picture::index(int x, int y) const {
  return (static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)) * 3;
}

Colour Picture::at(int x, int y) const {
  if (x < 0 || y < 0 || x >= width_ || y >= height_) {
    return {};
  }
  const std::size_t i = index(x, y);
  return {bytes_[i], bytes_[i + 1], bytes_[i + 2]};
}

void Picture::set(int x, int y, Colour colour) {
  if (x < 0 || y < 0 || x >= width_ || y >= height_) {
    return;
  }
  const std::size_t i = index(x, y);
  bytes_[i] = colour.red;
  bytes_[i + 1] = colour.green;
  bytes_[i + 2] = colour.blue;
}

void Picture::blend(int x, int y, Colour colour, std::uint8_t cover) {
  const auto mix = [cover](std::uint8_t below, std::uint8_t above) {
    return static_cast<std::uint8_t>((below * (255 - cover) + above * cover + 127) / 255);
  };
  const Colour old = at(x, y);
  set(x, y, {mix(old.red, colour.red), mix(old.green, colour.green), mix(old.blue, colour.blue)});
}

void Picture::fill(int x, int y, int width, int height, Colour colour) {
  const Rect area = common({x, y, width, height}, {0, 0, width_, height_});
  if (area.empty()) {
    return;
  }
  std::uint8_t* const first = bytes_.data() + index(area.x, area.y);
  const std::size_t row_bytes = static_cast<std::size_t>(area.width) * 3;
  for (std::size_t i = 0; i < row_bytes; i += 3) {
    first[i] = colour.red;
    first[i + 1] = colour.green;
    first[i + 2] = colour.blue;
  }
  for (int row = area.y + 1; row < area.bottom(); ++row) {
    std::memcpy(bytes_.data() + index(area.x, row), first, row_bytes);
  }
}

void Picture::draw(const Bitmap& bitmap, int x, int y, Colour colour) {
  for (int row = 0; row < bitmap.height(); ++row) {
    for (int column = 0; column < bitmap.width(); ++column) {
      if (bitmap.at(column, row)) {
        set(x + column, y + row, colour);
      }
    }
  }
}

void Picture::disc(double centre_x, double centre_y, double radius, Colour colour) {
  const int left = static_cast<int>(std::floor(centre_x - radius));
  const int right = static_cast<int>(std::ceil(centre_x + radius));
  const int top = static_cast<int>(std::floor(centre_y - radius));
  const int bottom = static_cast<int>(std::ceil(centre_y + radius));
  for (int y = top; y <= bottom; ++y) {
    for (int x = left; x <= right; ++x) {
      const double distance = std::hypot(x + 0.5 - centre_x, y + 0.5 - centre_y);
      const double cover = std::clamp(radius - distance + 0.5, 0.0, 1.0);
      blend(x, y, colour, static_cast<std::uint8_t>(std::lround(cover * 255)));
    }
  }
}

void Picture::dim(int percent) {
  if (percent >= 100) {
    return;
  }
  const auto share = static_cast<std::uint64_t>(std::max(percent, 0)) * 256 / 100;
  const auto dimmed = [share](std::uint64_t bytes) {
    // Eight at once, every second one with room above it for its product.
    constexpr std::uint64_t every_second = 0x00FF00FF00FF00FF;
    constexpr std::uint64_t half = 0x0080008000800080;
    const std::uint64_t even = (((bytes & every_second) * share + half) >> 8) & every_second;
    const std::uint64_t odd = ((bytes >> 8 & every_second) * share + half) & ~every_second;
    return even | odd;
  };
  std::size_t i = 0;
  for (; i + 8 <= bytes_.size(); i += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes_.data() + i, 8);
    eight = dimmed(eight);
    std::memcpy(bytes_.data() + i, &eight, 8);
  }
  for (; i < bytes_.size(); ++i) {
    bytes_[i] = static_cast<std::uint8_t>(dimmed(bytes_[i]));
  }
}

Rect Picture::difference(const Picture& other) const {
  if (width_ != other.width_ || height_ != other.height_) {
    return {0, 0, width_, height_};
  }
  const std::size_t row_bytes = static_cast<std::size_t>(width_) * 3;
  int left = width_;
  int right = 0;
  int top = height_;
  int bottom = 0;
  for (int row = 0; row < height_; ++row) {
    const std::uint8_t* const mine = bytes_.data() + index(0, row);
    const std::uint8_t* const theirs = other.bytes_.data() + index(0, row);
    if (std::memcmp(mine, theirs, row_bytes) == 0) {
      continue;
    }
    top = std::min(top, row);
    bottom = row + 1;
    const auto first = std::mismatch(mine, mine + row_bytes, theirs).first - mine;
    auto last = static_cast<std::ptrdiff_t>(row_bytes) - 1;
    while (mine[last] == theirs[last]) {
      --last;
    }
    left = std::min(left, static_cast<int>(first / 3));
    right = std::max(right, static_cast<int>(last / 3) + 1);
  }
  return bottom == 0 ? Rect{} : Rect{left, top, right - left, bottom - top};
}

}  // namespace lobby::display
