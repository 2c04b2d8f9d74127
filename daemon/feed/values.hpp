#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Values of a closed form, read from the text of an upstream. nullopt: another form, nothing of it is kept.
namespace lobby::feed {

/// A whole number from 0 to 99999; a fraction is cut off (`3.0`, `1.5`).
std::optional<std::string> read_count(std::string_view text);
/// `true` of true, 1, y, yes, 是, 启用; `false` of false, 0, n, no, 否, 停用.
std::optional<std::string> read_flag(std::string_view text);
/// `09:30` of 9:30, 0930, 09:30:00 or a date with such a time after it.
std::optional<std::string> read_clock(std::string_view text);
/// An amount as it was written, at most 64 bytes: digits with , and . , white space, a sign of a currency,
/// and 元, 万元, %, ‰ and their like. No number that may be a telephone's.
std::optional<std::string> read_price(std::string_view text);
/// http or https, at most 500 bytes, without a user, white space or characters that no address has.
std::optional<std::string> read_url(std::string_view text);

}  // namespace lobby::feed
