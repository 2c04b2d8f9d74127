#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lobby::display {

struct CodePoint {
  char32_t value = 0xFFFD;
  std::size_t bytes = 1;
};
/// The first code point of text that is not empty. What is no UTF-8 is one byte and U+FFFD.
CodePoint first_code_point(std::string_view utf8);

/// Code points of UTF-8 text. What is no UTF-8 (also surrogates, overlong forms) becomes U+FFFD, one per
/// byte that fits nowhere; never fails.
std::u32string code_points(std::string_view utf8);
/// A code point that is none becomes U+FFFD.
void append_utf8(std::string& out, char32_t code_point);
std::string to_utf8(std::u32string_view code_points);

}  // namespace lobby::display
