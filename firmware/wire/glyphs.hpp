#pragma once

#include <array>
#include <cstdint>

/// The characters that a window unit can draw by itself: printable ASCII (8 × 16 dots) and these of GB2312
/// (16 × 16). Every other character has to be sent as dots.
namespace lobby::wire::glyphs {

inline constexpr std::uint16_t first_ascii = 0x20;
inline constexpr std::uint16_t last_ascii = 0x7E;

/// GB2312 codes, ascending: 办不操窗等地服号候呼回结开可口领请人稍停未无务暂证址重作
inline constexpr std::array<std::uint16_t, 28> gb2312{0xB0EC, 0xB2BB, 0xB2D9, 0xB4B0, 0xB5C8, 0xB5D8, 0xB7FE,
                                                      0xBAC5, 0xBAF2, 0xBAF4, 0xBBD8, 0xBDE1, 0xBFAA, 0xBFC9,
                                                      0xBFDA, 0xC1EC, 0xC7EB, 0xC8CB, 0xC9D4, 0xCDA3, 0xCEB4,
                                                      0xCEDE, 0xCEF1, 0xD4DD, 0xD6A4, 0xD6B7, 0xD6D8, 0xD7F7};

/// Can a unit draw this cell (window_unit.hpp) by itself?
constexpr bool is_builtin(std::uint16_t cell) {
  if (cell == 0 || (cell >= first_ascii && cell <= last_ascii)) {
    return true;
  }
  for (const std::uint16_t code : gb2312) {
    if (code == cell) {
      return true;
    }
  }
  return false;
}

}  // namespace lobby::wire::glyphs
