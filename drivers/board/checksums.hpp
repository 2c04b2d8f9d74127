#pragma once

#include <cstdint>

#include "drivers/board/bytes.hpp"

namespace lobby::board {

/// Polynomial 8005 reflected, begins with 0: BB3D of "123456789". `crc`: of what stood before.
std::uint16_t crc16_arc(ByteView bytes, std::uint16_t crc = 0);
/// Polynomial 1021, not reflected, begins with 0: 31C3 of "123456789".
std::uint16_t crc16_xmodem(ByteView bytes);

}  // namespace lobby::board
