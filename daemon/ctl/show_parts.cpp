#include "daemon/ctl/show_parts.hpp"

#include "daemon/ctl/table.hpp"
#include "daemon/ctl/tell.hpp"

namespace lobby::ctl {

namespace json = boost::json;

std::string field(const json::object& object, std::string_view path) {
  const auto dot = path.find('.');
  const auto* value = object.if_contains(path.substr(0, dot));
  if (dot == std::string_view::npos || value == nullptr) {
    return plain(value);
  }
  return value->is_object() ? field(value->get_object(), path.substr(dot + 1)) : std::string();
}

std::string moment(const std::string& at) {
  return at.size() >= 19 && at[10] == 'T' ? at.substr(0, 10) + " " + at.substr(11, 8) : at;
}

/// Seconds as a person waits them: `under a minute`, `12 min`.
static std::string minutes(const std::string& seconds) {
  if (seconds.empty()) {
    return seconds;
  }
  const long whole = std::stol(seconds);
  return whole < 60 ? "under a minute" : std::to_string((whole + 30) / 60) + " min";
}

static std::vector<std::string> row_of(const json::object& object, const std::vector<Column>& columns) {
  std::vector<std::string> row;
  for (const Column& column : columns) {
    std::string text = field(object, column.path);
    row.push_back(column.as == As::time   ? moment(text)
                  : column.as == As::wait ? minutes(text)
                                          : std::move(text));
  }
  return row;
}

std::string list(const json::array& items, const std::vector<Column>& columns) {
  Rows rows(1);
  for (const Column& column : columns) {
    rows[0].emplace_back(column.head);
  }
  for (const auto& item : items) {
    if (item.is_object()) {
      rows.push_back(row_of(item.get_object(), columns));
    }
  }
  return table(rows);
}

std::string card(const json::object& object, const std::vector<Column>& columns) {
  Rows rows;
  const auto values = row_of(object, columns);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!values[i].empty()) {
      rows.push_back({std::string(columns[i].head), values[i]});
    }
  }
  return table(rows);
}

const json::array& items(const json::value& value, std::string_view name) {
  static const json::array none;
  if (value.is_array()) {
    return value.get_array();
  }
  const auto* inner = value.is_object() ? value.get_object().if_contains(name) : nullptr;
  return inner != nullptr && inner->is_array() ? inner->get_array() : none;
}

}  // namespace lobby::ctl
