#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What answers are shown with.
namespace lobby::ctl {

using Rows = std::vector<std::vector<std::string>>;

enum class As : std::uint8_t { text, time, wait };
struct Column {
  std::string_view head, path;
  As as = As::text;
};

/// A field of an object, also of one inside: `print.state`.
std::string field(const boost::json::object& object, std::string_view path);
/// `2026-03-16T09:05:31.123+08:00` as a person reads it. Not a time: unchanged.
std::string moment(const std::string& at);
/// A table with a row for each object.
std::string list(const boost::json::array& items, const std::vector<Column>& columns);
/// Named values one under the other; what is empty is left out.
std::string card(const boost::json::object& object, const std::vector<Column>& columns);
/// The list itself, or the one under `name`.
const boost::json::array& items(const boost::json::value& value, std::string_view name);

}  // namespace lobby::ctl
