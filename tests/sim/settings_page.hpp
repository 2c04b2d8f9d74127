#pragma once

#include <cstdint>

#include "tests/sim/unit_model.hpp"

namespace lobby::sim {

/// Where our units keep the first copy of their settings, 64 KB of flash from 0x08000000 on.
inline constexpr std::uint32_t settings_page_at = 0x0800F400;

/// Such a copy (layout 1 of firmware/core/settings.hpp), as if somebody had set the unit up at a bench: a
/// unit fresh from the factory has address 247.
Bytes settings_page(const UnitModel::Settings& settings);

}  // namespace lobby::sim
