#pragma once

#include <boost/json/object.hpp>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/hall/approval.hpp"

namespace lobby::app {

/// The texts of a record; a field that is missing or no text is empty.
class RecordTexts {
 public:
  explicit RecordTexts(const boost::json::object& object) : object_(object) {}

  std::string text(std::string_view key) const {
    const auto* value = object_.if_contains(key);
    return value != nullptr && value->is_string()
               ? std::string(value->get_string().data(), value->get_string().size())
               : std::string();
  }
  /// nullopt: not digits alone, or too many.
  std::optional<std::uint32_t> number(std::string_view key) const {
    const std::string digits = text(key);
    std::uint32_t out = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    const bool whole = error == std::errc() && end == digits.data() + digits.size() && !digits.empty();
    return whole ? std::optional(out) : std::nullopt;
  }

 private:
  const boost::json::object& object_;
};

/// nullopt: no JSON object.
std::optional<boost::json::object> object_of(const hall::Record& record);

}  // namespace lobby::app
