#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tests/sim/board_card.hpp"

namespace lobby::sim {

/// The diodes of a board that is streamed to: bytes are written behind the glass and come onto it at a flip.
/// Knows of each byte in which frames it had its present value, and so whether what is on the glass is any
/// one frame as it was sent, or pieces of several.
class BoardGlass {
 public:
  BoardGlass(int width, int height);

  /// What is written from now on belongs to the next frame.
  void begin_frame() { ++frame_; }
  std::size_t size() const { return behind_.size(); }
  /// Red, green, blue of each dot, row by row; the caller sees to it that they fit.
  void write(std::size_t offset, std::span<const std::uint8_t> bytes);
  /// Everything behind the glass comes onto it. true: no single frame has all of it.
  bool flip();
  /// Dark, behind the glass too.
  void clear();
  void clear(std::size_t offset, std::size_t count);
  display::Picture picture(BoardColour colour) const;

 private:
  struct Cell {
    std::uint8_t value = 0;
    std::uint64_t since = 0, until = 0;  ///< the first and the last frame that said so
  };
  int width_, height_;
  std::uint64_t frame_ = 1;
  std::vector<Cell> behind_;
  std::vector<std::uint8_t> shown_;
};

}  // namespace lobby::sim
