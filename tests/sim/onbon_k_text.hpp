#pragma once

#include <optional>
#include <span>

#include "tests/sim/onbon_areas.hpp"
#include "tests/sim/onbon_clock.hpp"

namespace lobby::sim {

/// One area out of a K card's real-time text (A3 06), with its text drawn as pages.
struct OnbonTextArea {
  std::uint8_t id = 0;
  OnbonArea area;
};

/// Reads one area from the front of `from`. `error` says why there is none.
std::optional<OnbonTextArea> read_text_area(ByteReader& from, const BoardShape& shape,
                                            const display::DotFont& font, OnbonError& error);

}  // namespace lobby::sim
