#pragma once

#include <cstdint>

#include "firmware/core/settings.hpp"

namespace lobby::firmware {

/// Counts the boots in one page of flash, so that no two lives of a unit have one boot id: a host takes
/// presses by their number in a life. Half-word 0 is how often the page was erased, every further one is a
/// boot. 512 boots wear the page once. An empty page starts at `salt`, any number that differs between units:
/// a spare that takes the place of a broken one shall not have its boot id. Where flash does not take writes
/// (the emulator) the result stays the same.
std::uint16_t count_boot(Flash& flash, unsigned page, unsigned half_words, std::uint16_t salt);

}  // namespace lobby::firmware
