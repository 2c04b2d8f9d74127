#include "drivers/cctv/json.hpp"

#include <boost/json/parse.hpp>
#include <limits>

namespace lobby::cctv {

std::optional<boost::json::value> parse_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = json_depth;
  boost::system::error_code ec;
  auto value = boost::json::parse(text, ec, {}, options);
  return ec ? std::nullopt : std::optional(std::move(value));
}

const boost::json::value* member(const boost::json::value* value, std::string_view key) {
  const auto* object = value == nullptr ? nullptr : value->if_object();
  return object == nullptr ? nullptr : object->if_contains(key);
}

std::optional<std::int64_t> number(const boost::json::value* value) {
  if (value == nullptr) {
    return std::nullopt;
  }
  if (const auto* whole = value->if_int64()) {
    return *whole;
  }
  if (const auto* truth = value->if_bool()) {
    return *truth ? 1 : 0;
  }
  return std::nullopt;
}

}  // namespace lobby::cctv
