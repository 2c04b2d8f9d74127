#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "firmware/wire/window_unit.hpp"

/// The wire from the keys' shift registers (74HC165) to the MCU, USART3 in synchronous mode: a byte comes in
/// only while one goes out. The MCU sends the three polls one by one, each after the answer to the one before
/// it.
namespace lobby::wire::key_chain {

/// What is sent for byte 0, 1 and 2 of the chain: they differ, so that a far end in a test knows which is
/// asked.
inline constexpr std::array<std::uint8_t, 3> polls{0x51, 0x52, 0x53};
/// Bytes 0 and 1 are the keys 0…7 and 8…15, bit n: key n, 0 while held. Byte 2 is wired to this pattern: a
/// chain that answers anything else is not there, and its keys are not pressed.
inline constexpr std::uint8_t presence = 0x69;
inline constexpr std::size_t keys = 16;

struct KeyMeaning {
  window_unit::Key pressed;
  window_unit::Key held;  ///< for a second; the same as `pressed`: the press counts at once
};

/// The window unit's pad, key n = row n / 4, column n % 4; in brackets what a held key means:
///   1 2 3 call   4 5 6 recall   7 8 9 finish(evaluate)   no-show(hold) 0 start(transfer) pause(help)
/// Call and recall have one meaning: they count when they go down, not when they are let go.
inline constexpr std::array<KeyMeaning, keys> pad = [] {
  using enum window_unit::Key;
  constexpr auto digit = [](std::uint8_t n) {
    return KeyMeaning{static_cast<window_unit::Key>(n), static_cast<window_unit::Key>(n)};
  };
  return std::array<KeyMeaning, keys>{digit(1),        digit(2), digit(3),          {call, call},
                                      digit(4),        digit(5), digit(6),          {recall, recall},
                                      digit(7),        digit(8), digit(9),          {finish, evaluate},
                                      {no_show, hold}, digit(0), {start, transfer}, {pause, help}};
}();

}  // namespace lobby::wire::key_chain
