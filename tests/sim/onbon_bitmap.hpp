#pragma once

#include <optional>
#include <vector>

#include "tests/sim/onbon_areas.hpp"
#include "tests/sim/onbon_clock.hpp"

namespace lobby::sim {

/// What a graphic card of the fifth or sixth generation is made for.
enum class OnbonGeneration : std::uint8_t { five, six };

/// An area as the frame F0 (A7 00) has it, its bitmaps as pages.
struct OnbonBitmapArea {
  std::uint8_t id = 0;
  OnbonArea area;
  std::size_t lit_outside = 0;  ///< dots lit in columns that the bitmap has but the area has not
};

/// The areas of `data`, what stands behind dataLen. `error` says why there are none. One and three planes
/// (red board, full board) are assumed to be laid out as two are.
std::optional<std::vector<OnbonBitmapArea>> read_bitmap_areas(std::span<const std::uint8_t> data,
                                                              OnbonGeneration generation,
                                                              const BoardShape& shape, OnbonError& error);

}  // namespace lobby::sim
