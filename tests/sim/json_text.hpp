#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace lobby::sim {

inline constexpr const char* json_type = "application/json; charset=utf-8";

/// The text under `key`; `otherwise` when it is missing or no text.
inline std::string text(const boost::json::object& from, std::string_view key,
                        const std::string& otherwise = {}) {
  const boost::json::value* const value = from.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : otherwise;
}

/// The number under `key`; 0 when it is missing or none that counts things.
inline std::uint64_t integer(const boost::json::object& from, std::string_view key) {
  const boost::json::value* const value = from.if_contains(key);
  boost::json::error_code error;
  const auto given = value != nullptr && value->is_number() ? value->to_number<std::uint64_t>(error) : 0;
  return error ? 0 : given;
}

/// Is it there, and true?
inline bool is_true(const boost::json::object& body, std::string_view key) {
  const boost::json::value* const value = body.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace lobby::sim
