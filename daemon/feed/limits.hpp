#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

/// Time limits of matters, as people write them.
namespace lobby::feed {

/// `5 workday`, `20 day`, `4 hour` or `immediate` of a text such as 承诺5个工作日, 二十日, 5 workdays,
/// 即办件: the first number with a unit after it, in Arabic or Chinese numerals, 1 to 9999 and whole; 0 of
/// any unit is `immediate`. A number that stands alone gets `unit` (a word of any language; empty: none).
/// `units` holds further words for units. nullopt: no such limit, or one in months or years, or a date.
std::optional<std::string> read_limit(std::string_view text, std::string_view unit,
                                      const std::map<std::string, std::string>& units = {});

}  // namespace lobby::feed
