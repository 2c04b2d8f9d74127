#include "tests/sim/board_glass.hpp"

#include <algorithm>

namespace lobby::sim {

BoardGlass::BoardGlass(int width, int height)
    : width_(width),
      height_(height),
      behind_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3),
      shown_(behind_.size()) {}

void BoardGlass::write(std::size_t offset, std::span<const std::uint8_t> bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Cell& cell = behind_[offset + i];
    if (cell.value != bytes[i]) {
      cell = {bytes[i], frame_, frame_};
    }
    cell.until = frame_;
  }
}

bool BoardGlass::flip() {
  std::uint64_t since = 0;
  std::uint64_t until = frame_;
  for (std::size_t i = 0; i < behind_.size(); ++i) {
    shown_[i] = behind_[i].value;
    since = std::max(since, behind_[i].since);
    until = std::min(until, behind_[i].until);
  }
  return since > until;
}

void BoardGlass::clear() {
  clear(0, behind_.size());
}

void BoardGlass::clear(std::size_t offset, std::size_t count) {
  for (std::size_t i = offset; i < std::min(offset + count, behind_.size()); ++i) {
    behind_[i] = {0, frame_, frame_};
    shown_[i] = 0;
  }
}

display::Picture BoardGlass::picture(BoardColour colour) const {
  display::Picture out(width_, height_);
  std::size_t i = 0;
  for (int y = 0; y < height_; ++y) {
    for (int x = 0; x < width_; ++x, i += 3) {
      out.set(x, y, on_glass({shown_[i], shown_[i + 1], shown_[i + 2]}, colour));
    }
  }
  return out;
}

}  // namespace lobby::sim
