#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lobby::cctv {

inline constexpr std::size_t json_depth = 16;

/// Strict JSON to a depth of 16; its size is bounded by who read it.
std::optional<boost::json::value> parse_json(std::string_view text);
/// What is found under `key`; null where `value` is no object or has none.
const boost::json::value* member(const boost::json::value* value, std::string_view key);
/// A whole number; also true and false as 1 and 0, which devices mix.
std::optional<std::int64_t> number(const boost::json::value* value);

}  // namespace lobby::cctv
