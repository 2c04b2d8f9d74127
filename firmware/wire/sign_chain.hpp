#pragma once

#include <cstddef>
#include <cstdint>

/// The wire from the MCU to the sign's shift registers (74HC595), USART2 in synchronous mode. The chain
/// frames itself: there is no line for latch, row or output enable, so what leaves the USART is all that the
/// sign shows.
///
/// One frame is 12 bytes, bit 0 of each byte first. The chain is clear before a frame; the very first bit is
/// a 1, and when it falls out of the last register it latches all 96 outputs at once and clears the chain.
/// Bytes of 0 between frames therefore change nothing and are used as time. (Circuit to be confirmed on a
/// board.)
///
/// A row is lit by a frame that selects it and goes dark by a frame that selects none: brightness is how many
/// bytes of 0 lie between the two.
namespace lobby::wire::sign_chain {

inline constexpr std::size_t frame_bytes = 12;
inline constexpr std::size_t at_start = 0;  ///< always `start`
inline constexpr std::size_t at_rows =
    1;  ///< 2 bytes, rows 0…7 and 8…15, bit n: row n; at most one bit is set
inline constexpr std::size_t at_columns = 3;  ///< 8 bytes, from the left, the leftmost dot in bit 7
inline constexpr std::size_t at_check =
    11;  ///< exclusive or of the other bytes: into a register that drives nothing
inline constexpr std::uint8_t start = 0x01;
inline constexpr int rows = 16;

}  // namespace lobby::wire::sign_chain
