#pragma once

#include <boost/json/array.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/feed/mapping.hpp"
#include "daemon/feed/rows.hpp"

namespace lobby::feed {

/// What an upstream wraps its rows in, taken off.
struct Envelope {
  boost::json::array items;
  std::optional<std::uint64_t> total;
  std::string cursor;  ///< empty: none that may be used
  bool has_more = false;
  std::optional<std::int64_t> server_time_ms;
};

/// The rows of an answer that is JSON within the bounds, says that it succeeded, and has a list where the
/// shape expects it.
std::variant<Envelope, AnswerFault> open_envelope(const AnswerShape& shape, std::string_view body);

}  // namespace lobby::feed
