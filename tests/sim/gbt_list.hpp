#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "display/canvas/dot_font.hpp"
#include "tests/sim/board_card.hpp"

namespace lobby::sim {

/// One item of a sign's play list, drawn.
struct GbtItem {
  milliseconds stay{0};
  display::Picture dots;
  std::string text;  ///< without its marks
};

/// A play list in GBK. The layout is assumed, as such signs are commonly sent it: lines "Item000=stay in
/// 10 ms, way in, speed, content"; in the content \CxxxYYY is a place, \fhHHWW a font, \cRRRGGGBBByyy a
/// colour, \n a new line. nullopt: it has no item, or one that is none.
std::optional<std::vector<GbtItem>> read_gbt_list(std::span<const std::uint8_t> gbk, const BoardShape& shape,
                                                  const display::DotFont& font);

}  // namespace lobby::sim
