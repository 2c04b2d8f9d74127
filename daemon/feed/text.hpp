#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Text of foreign systems, handled by code points and never by bytes.
namespace lobby::feed {

/// Each malformed byte becomes U+FFFD.
std::u32string decode(std::string_view utf8);
/// Surrogates and values above U+10FFFF become U+FFFD.
std::string encode(std::u32string_view text);

bool is_utf8(std::string_view text);

/// What shows nothing: controls, zero-width and direction marks, variation selectors.
bool is_invisible(char32_t c);
bool is_space(char32_t c);
bool is_variation_selector(char32_t c);
/// 0..9 for ASCII and full-width digits, else -1.
int digit_value(char32_t c);

/// Without controls and direction marks, runs of white space as one space, trimmed, at most `limit` code
/// points. Variation selectors stay: they choose the glyph of a name. Hangul is made whole.
std::u32string tidy(std::u32string_view text, std::size_t limit);

/// One line for a log or an error: tidy, personal numbers removed, at most `max_bytes` of whole code points.
std::string sanitise(std::string_view text, std::size_t max_bytes = 200);

}  // namespace lobby::feed
