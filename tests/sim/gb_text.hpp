#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace lobby::sim {

/// One character of GB18030 (1, 2 or 4 bytes) as a code point; U+FFFD when the bytes are none.
char32_t from_gb18030(std::span<const std::uint8_t> bytes);

/// Cells of the window unit's wire format (0 nothing, ASCII, GB2312 code) as code points; U+FFFD for a cell
/// that is none. Nothing-cells are left out.
std::u32string from_cells(std::span<const std::uint16_t> cells);

}  // namespace lobby::sim
