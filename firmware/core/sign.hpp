#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "firmware/wire/window_unit.hpp"

namespace lobby::firmware {

/// 64 × 16 dots in the form of the wire: 4 words a row from the top, the leftmost dot in the highest bit.
using Dots = std::array<std::uint16_t, wire::window_unit::dots_words>;
using Cells = std::array<std::uint16_t, wire::window_unit::text_cells>;

/// The dots of a text; what does not fit is cut. A character without a glyph is a box, and `is_missing` is
/// set.
Dots draw(std::span<const std::uint16_t> cells, bool& is_missing);

/// "地址 17".
Cells address_text(std::uint8_t address);

}  // namespace lobby::firmware
