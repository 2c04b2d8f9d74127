#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/feed/mapping.hpp"

namespace lobby::feed {

/// What an answer may be at most.
struct JsonBounds {
  std::size_t body = 8U * 1024 * 1024;
  std::size_t depth = 32;
  std::size_t text = 16 * 1024;  ///< bytes of one string
  std::size_t items = 10'000;    ///< of one list
  std::size_t keys = 1'000;      ///< of one object
  std::size_t values = 400'000;  ///< all together
};

struct JsonFault {
  std::string reason;  ///< never tells content
};

/// RFC 8259 and no more: UTF-8 (a byte order mark is accepted), no duplicate keys, no lone surrogates, no
/// NaN, no number beyond a double, within the bounds.
std::variant<boost::json::value, JsonFault> parse_strict(std::string_view text,
                                                         const JsonBounds& bounds = {});

/// The value that a pointer leads to, nullptr for none.
const boost::json::value* find(const boost::json::value& value, const Pointer& pointer);
boost::json::value* find(boost::json::value& value, const Pointer& pointer);

/// A text, number or truth value as text; null, lists and objects: false.
bool scalar_text(const boost::json::value& value, std::string& out);

/// true, 1 or one of them as text; anything else, and nothing, is not.
bool is_true(const boost::json::value* value);

}  // namespace lobby::feed
