#pragma once

#include <string>
#include <string_view>

namespace lobby::display {

/// Code points of UTF-8 text. What is no UTF-8 (also surrogates, overlong forms) becomes U+FFFD, one per
/// byte that fits nowhere; never fails.
std::u32string code_points(std::string_view utf8);
/// A code point that is none becomes U+FFFD.
void append_utf8(std::string& out, char32_t code_point);
std::string to_utf8(std::u32string_view code_points);

}  // namespace lobby::display
