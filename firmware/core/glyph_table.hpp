#pragma once

#include <array>
#include <cstdint>

#include "firmware/wire/glyphs.hpp"

/// The dots of the built-in characters, in the order of glyphs.hpp. The table is made when the project is
/// built, from the unifont package (firmware/glyphs.cmake): the project ships no font.
namespace lobby::firmware::glyph_table {

/// 8 × 16, the leftmost dot in bit 7.
extern const std::array<std::array<std::uint8_t, 16>,
                        wire::glyphs::last_ascii - wire::glyphs::first_ascii + 1>
    narrow;
/// 16 × 16, the leftmost dot in bit 15.
extern const std::array<std::array<std::uint16_t, 16>, wire::glyphs::gb2312.size()> wide;

}  // namespace lobby::firmware::glyph_table
