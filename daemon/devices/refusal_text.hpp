#pragma once

#include <chrono>
#include <string_view>

#include "daemon/hall/words.hpp"

namespace lobby::devices {

/// What a window's sign says to the clerk for a moment, in four characters.
std::string_view refusal_text(hall::Refused why);
inline constexpr std::string_view rating_text = "请您评价";
inline constexpr std::chrono::seconds word_lasts{2};

}  // namespace lobby::devices
