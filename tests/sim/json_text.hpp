#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace lobby::sim {

/// The text under `key`; `otherwise` when it is missing or no text.
inline std::string text(const boost::json::object& from, std::string_view key,
                        const std::string& otherwise = {}) {
  const boost::json::value* const value = from.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : otherwise;
}

}  // namespace lobby::sim
