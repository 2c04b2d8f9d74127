#include "display/canvas/bitmap.hpp"

#include <algorithm>

namespace lobby::display {

Bitmap::Bitmap(int width, int height)
    : width_(std::max(width, 0)),
      height_(std::max(height, 0)),
      dots_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_)) {}

std::size_t Bitmap::index(int x, int y) const {
  return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x);
}

bool Bitmap::at(int x, int y) const {
  return x >= 0 && y >= 0 && x < width_ && y < height_ && dots_[index(x, y)];
}

void Bitmap::set(int x, int y, bool on) {
  if (x >= 0 && y >= 0 && x < width_ && y < height_) {
    dots_[index(x, y)] = on;
  }
}

void Bitmap::fill(int x, int y, int width, int height, bool on) {
  const int right = std::min(x + width, width_);
  const int bottom = std::min(y + height, height_);
  for (int row = std::max(y, 0); row < bottom; ++row) {
    for (int column = std::max(x, 0); column < right; ++column) {
      dots_[index(column, row)] = on;
    }
  }
}

void Bitmap::invert(int x, int y, int width, int height) {
  for (int row = y; row < y + height; ++row) {
    for (int column = x; column < x + width; ++column) {
      set(column, row, !at(column, row));
    }
  }
}

void Bitmap::draw(const Bitmap& other, int x, int y) {
  for (int row = 0; row < other.height_; ++row) {
    for (int column = 0; column < other.width_; ++column) {
      if (other.dots_[other.index(column, row)]) {
        set(x + column, y + row);
      }
    }
  }
}

void Bitmap::resize_height(int height) {
  height_ = std::max(height, 0);
  dots_.resize(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_));
}

Bitmap Bitmap::from_text(std::string_view art) {
  std::vector<std::string_view> lines;
  while (!art.empty()) {
    const std::size_t end = std::min(art.find('\n'), art.size());
    lines.push_back(art.substr(0, end));
    art.remove_prefix(std::min(end + 1, art.size()));
  }
  std::size_t width = 0;
  for (const std::string_view line : lines) {
    width = std::max(width, line.size());
  }
  Bitmap bitmap(static_cast<int>(width), static_cast<int>(lines.size()));
  for (std::size_t y = 0; y < lines.size(); ++y) {
    for (std::size_t x = 0; x < lines[y].size(); ++x) {
      bitmap.set(static_cast<int>(x), static_cast<int>(y), lines[y][x] == '#');
    }
  }
  return bitmap;
}

}  // namespace lobby::display
