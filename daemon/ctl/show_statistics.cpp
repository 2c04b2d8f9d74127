#include "daemon/ctl/show_statistics.hpp"

#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <vector>

#include "daemon/ctl/table.hpp"
#include "daemon/ctl/tell.hpp"

namespace lobby::ctl {
namespace {

namespace json = boost::json;
using Row = std::vector<std::string>;

constexpr const char* withheld = "*";

const json::object& inside(const json::object& object, std::string_view name) {
  static const json::object none;
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_object() ? value->get_object() : none;
}

bool is_true(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

/// Whole seconds; nothing for what is no number.
std::string clock_of(const json::value* value) {
  boost::system::error_code error;
  const double seconds = value == nullptr ? 0 : value->to_number<double>(error);
  if (value == nullptr || error || !(seconds >= 0 && seconds < 1e9)) {
    return {};
  }
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  std::array<char, 32> text{};
  if (whole < 3600) {
    std::snprintf(text.data(), text.size(), "%d:%02d", static_cast<int>(whole / 60),
                  static_cast<int>(whole % 60));
  } else {
    std::snprintf(text.data(), text.size(), "%d:%02d:%02d", static_cast<int>(whole / 3600),
                  static_cast<int>(whole / 60 % 60), static_cast<int>(whole % 60));
  }
  return text.data();
}

std::string percent_of(const json::value* value) {
  boost::system::error_code error;
  const double share = value == nullptr ? 0 : value->to_number<double>(error);
  return value == nullptr || error || !(share >= 0 && share <= 1)
             ? std::string()
             : std::to_string(std::lround(share * 100)) + " %";
}

void add_figures(Row& row, const json::object& figures) {
  const bool no_row = is_true(figures, "suppressed");
  const auto put = [&](bool hidden, std::string text) { row.push_back(hidden ? withheld : std::move(text)); };
  put(no_row, plain(figures.if_contains("served")));
  put(no_row, plain(figures.if_contains("no_show")));
  for (const char* of : {"wait_s", "service_s"}) {
    for (const char* name : {"mean", "p50", "p90", "max"}) {
      put(no_row, clock_of(inside(figures, of).if_contains(name)));
    }
  }
  const auto& ratings = inside(figures, "ratings");
  put(is_true(ratings, "suppressed"), plain(ratings.if_contains("count")));
  put(is_true(ratings, "suppressed"), percent_of(ratings.if_contains("satisfied")));
}

}  // namespace

std::string show_statistics(const json::object& report) {
  const auto by = plain(report.if_contains("by"));
  std::vector<Row> rows{{by, "name", "served", "no-show", "wait mean", "p50", "p90", "max", "service mean",
                         "p50", "p90", "max", "ratings", "content"}};
  const auto* list = report.if_contains("rows");
  for (const auto& one : list != nullptr && list->is_array() ? list->get_array() : json::array()) {
    if (one.is_object()) {
      const auto& figures = one.get_object();
      rows.push_back({plain(figures.if_contains("key")), plain(figures.if_contains("name"))});
      add_figures(rows.back(), figures);
    }
  }
  rows.push_back({"total", ""});
  add_figures(rows.back(), inside(report, "total"));
  const auto from = plain(report.if_contains("from")), to = plain(report.if_contains("to"));
  std::string out = printable(from == to ? from : from + " to " + to) + "\n" + table(rows);
  if (out.find(std::string("  ") + withheld) != std::string::npos) {
    out += "*: too few to be shown\n";
  }
  return out;
}

}  // namespace lobby::ctl
