#pragma once

#include <cstdint>

#include "daemon/hall/ids.hpp"

namespace lobby::hall {

/// Which press of which keypad: units count their presses, anew after each restart of theirs. Kept by the
/// journal beside the events, so that a press is taken once whoever dies meanwhile.
struct KeyPress {
  DeviceId device;
  std::uint16_t life = 0;    ///< the unit's boot id
  std::uint16_t number = 0;  ///< modulo 65536
  friend bool operator==(const KeyPress&, const KeyPress&) = default;
};

}  // namespace lobby::hall
