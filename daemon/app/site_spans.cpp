#include <fmt/format.h>

#include <algorithm>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {
namespace {

devices::OnSpan span_of(const TomlFile& file, const toml::node& node) {
  const auto text = text_of(node);
  const auto dash = std::min(text.find('-'), text.size());
  const int from = minutes_of(std::string_view(text).substr(0, dash));
  const int to = dash == text.size() ? -1 : minutes_of(std::string_view(text).substr(dash + 1));
  if (from < 0 || to < 0 || from == devices::minutes_of_day) {
    file.fail(node, fmt::format("{} is no time to be lit: write it as \"07:30-18:30\"", in_quotes(text)));
  }
  if (from == to) {
    file.fail(node,
              fmt::format("{} ends as it begins: write \"00:00-24:00\" for the whole day", in_quotes(text)));
  }
  return {from, to};
}

bool do_overlap(const devices::OnSpan& one, const devices::OnSpan& other) {
  return is_within(one, other.from) || is_within(other, one.from);
}

}  // namespace

std::vector<devices::OnSpan> on_spans_in(const TomlFile& file, const toml::table& row, std::string_view key) {
  std::vector<devices::OnSpan> spans;
  for (const auto* node : get_elements(row, key)) {
    const auto span = span_of(file, *node);
    if (std::any_of(spans.begin(), spans.end(),
                    [&span](const auto& other) { return do_overlap(span, other); })) {
      file.fail(*node, fmt::format("{} overlaps one in front of it: write one span for both",
                                   in_quotes(text_of(*node))));
    }
    spans.push_back(span);
  }
  return spans;
}

}  // namespace lobby::app
