#pragma once

#include <cstdint>

#include "firmware/core/unit.hpp"

namespace lobby::board {

/// Clock, pins, watchdog, then the unit for ever.
[[noreturn]] void run(firmware::Unit::Model model);

}  // namespace lobby::board
