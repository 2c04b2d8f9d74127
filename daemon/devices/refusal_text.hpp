#pragma once

#include <string_view>

#include "daemon/hall/words.hpp"

namespace lobby::devices {

/// What a window's sign says to the clerk for a moment, in four characters.
std::string_view refusal_text(hall::Refused why);

}  // namespace lobby::devices
