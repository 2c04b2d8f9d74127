#pragma once

#include <cstdint>
#include <string_view>

namespace lobby::bus {

/// Who turns a half-duplex line round for sending.
enum class Direction : std::uint8_t {
  automatic,  ///< the kernel where the port can (TIOCSRS485), else the adapter
  adapter     ///< never the kernel: RTS of this port does something else
};

/// Sets an open port up to send with RTS, where kernel and port can and `wanted` allows it; a port that was
/// set up before us (device tree) keeps its polarity. Says who does it: "direction by the kernel", or "…
/// adapter".
std::string_view set_direction(int descriptor, Direction wanted);

}  // namespace lobby::bus
