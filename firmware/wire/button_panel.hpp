#pragma once

#include <cstdint>

#include "firmware/wire/window_unit.hpp"

/// The button panel: 8 buttons with lamps, on the register map of the window unit (version 1) without the
/// sign. The press of button n is key code n, its lamp is bit n - 1 of reg_lamps and reg_lamps_blink.
namespace lobby::wire::button_panel {

inline constexpr std::uint16_t model = 2;
inline constexpr std::uint16_t buttons = 8;
inline constexpr std::uint8_t first_button = 1;  ///< key code
inline constexpr std::uint8_t last_button = 8;

}  // namespace lobby::wire::button_panel
