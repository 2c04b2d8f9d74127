#pragma once

#include <cstdint>

/// Which pin is what. The table for people is in the README.
namespace lobby::board {

void set_up_pins();
/// Bit n: lamp n.
void set_outputs(std::uint16_t lamps, bool is_buzzing);
/// The RS-485 driver: on while we speak.
void set_driver(bool is_on);
/// Loads the keys into their shift registers.
void latch_keys();

}  // namespace lobby::board
