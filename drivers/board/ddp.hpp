#pragma once

#include <cstdint>
#include <vector>

#include "drivers/board/bytes.hpp"

/// DDP, pixels over UDP as WLED, FPP and Falcon controllers take them. Pure. Source: public code. Nothing is
/// answered: a frame can be called sent, never shown.
namespace lobby::board::ddp {

inline constexpr std::uint16_t udp_port = 4048;

struct Settings {
  std::uint8_t destination = 1;   ///< 1 the display, 255 all
  std::uint8_t data_type = 0x0B;  ///< RGB of eight bits
};

/// A frame's packets of at most 1440 bytes of pixels. The controller shows it when the last has come.
/// `sequence` numbers packets from 1 to 15 and goes on with the next frame; begins as 0.
std::vector<Bytes> packets(const Settings& settings, ByteView rgb, std::uint8_t& sequence);

}  // namespace lobby::board::ddp
