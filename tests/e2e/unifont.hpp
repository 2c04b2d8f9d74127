#pragma once

#include <array>
#include <boost/json/array.hpp>
#include <cstdint>
#include <string>

namespace lobby::tests {

/// 16 rows of 64 dots, the leftmost in the highest bit.
using Dots = std::array<std::uint64_t, 16>;

/// The text as GNU Unifont has it, from the left, read from the font's file here: half-width characters take
/// 8 dots, full-width ones 16. ASCII and three-byte UTF-8.
Dots unifont(const std::string& utf8);
/// 16 rows of 16 hex digits, as the simulator's control API gives them.
Dots dots_of(const boost::json::array& rows);
/// Moved to the left edge: what is shown, wherever it stands.
Dots cropped(Dots dots);
/// For people who read why a test failed.
std::string picture_of(const Dots& dots);

}  // namespace lobby::tests
