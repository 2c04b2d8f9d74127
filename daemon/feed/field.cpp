#include "daemon/feed/field.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <variant>

#include "daemon/feed/dates.hpp"
#include "daemon/feed/limits.hpp"
#include "daemon/feed/strict_json.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

std::string first_number(const std::string& text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto first = std::find_if(text.begin(), text.end(), digit);
  auto last = std::find_if_not(first, text.end(), digit);
  if (last != text.end() && *last == '.' && last + 1 != text.end() && digit(last[1])) {
    last = std::find_if_not(last + 1, text.end(), digit);
  }
  if (first == text.end()) {
    return {};
  }
  const bool negative = first != text.begin() && first[-1] == '-';
  return (negative ? "-" : "") + std::string(first, last);
}

/// Empty for nothing, null, and what is no text, number or truth value, which is counted.
std::string scalar_at(const boost::json::value& row, const Pointer& pointer, std::uint32_t& bad) {
  std::string text;
  const boost::json::value* value = find(row, pointer);
  if (value != nullptr && !value->is_null() && !scalar_text(*value, text)) {
    ++bad;
  }
  return text;
}

struct Apply {
  std::string& text;
  const boost::json::value& row;
  const Mapping& mapping;
  std::uint32_t& bad;

  void operator()(const Trim&) const { text = encode(tidy(decode(text), text.size())); }
  void operator()(const Mask&) const {}
  void operator()(const Number&) const {
    std::string number = first_number(text);
    bad += number.empty() && !text.empty() ? 1 : 0;
    text = std::move(number);
  }
  void operator()(const Nulls& nulls) const {
    if (std::find(nulls.words.begin(), nulls.words.end(), text) != nulls.words.end()) {
      text.clear();
    }
  }
  void operator()(const Substring& part) const {
    const std::u32string whole = decode(text);
    text = part.from < whole.size() ? encode(whole.substr(part.from, part.length)) : std::string();
  }
  void operator()(const WordMap& map) const {
    if (const auto found = map.words.find(text); found != map.words.end()) {
      text = found->second;
    } else if (map.otherwise) {
      text = *map.otherwise;
    }
  }
  void operator()(const DateFormats& dates) const {
    if (text.empty()) {
      return;
    }
    for (const std::string& format : dates.formats) {
      if (auto date = read_date(text, format, mapping.utc_offset)) {
        text = *std::move(date);
        return;
      }
    }
    ++bad;
    text.clear();
  }
  void operator()(const Limit& limit) const {
    std::string unit;
    for (std::size_t i = 0; i < limit.unit_from.size() && unit.empty(); ++i) {
      unit = scalar_at(row, limit.unit_from[i], bad);
    }
    // A unit such as 即办 needs no number.
    auto read = text.empty() ? read_limit(unit, {}, limit.units)
                             : read_limit(text, unit.empty() ? limit.unit : unit, limit.units);
    bad += read || text.empty() ? 0 : 1;
    text = std::move(read).value_or(std::string());
  }
};

/// nullptr: no JSON.
std::unique_ptr<boost::json::value> parsed_text(const boost::json::string& text) {
  auto parsed = parse_strict({text.data(), text.size()});
  auto* value = std::get_if<boost::json::value>(&parsed);
  return value == nullptr ? nullptr : std::make_unique<boost::json::value>(std::move(*value));
}

}  // namespace

std::string read_field(const boost::json::value& row, const Field& field, const Mapping& mapping,
                       std::uint32_t& bad) {
  const auto says_nothing = [](const Transform& transform) {
    return std::holds_alternative<Trim>(transform) || std::holds_alternative<Nulls>(transform);
  };
  const auto rest = std::find_if_not(field.transforms.begin(), field.transforms.end(), says_nothing);
  std::string text;
  const auto apply = [&](const Transform& transform) {
    std::visit(Apply{text, row, mapping, bad}, transform);
  };
  for (const Pointer& pointer : field.from) {
    text = scalar_at(row, pointer, bad);
    std::for_each(field.transforms.begin(), rest, apply);
    if (!text.empty()) {
      break;
    }
  }
  std::for_each(rest, field.transforms.end(), apply);
  return text;
}

Items items_at(const boost::json::value& row, const std::vector<Pointer>& from) {
  Items out;
  for (const Pointer& pointer : from) {
    const boost::json::value* at = find(row, pointer);
    const bool is_text = at != nullptr && at->is_string();
    if (is_text) {
      out.parsed = parsed_text(at->get_string());
      at = out.parsed.get();
    }
    if (const auto* list = at != nullptr ? at->if_array() : nullptr) {
      std::transform(list->begin(), list->end(), std::back_inserter(out.list),
                     [](const boost::json::value& item) { return &item; });
      return out;
    }
    if (at != nullptr && at->is_object()) {
      out.list.push_back(at);
      return out;
    }
    out.bad = out.bad || (at != nullptr && !at->is_null()) ||
              (is_text && !find(row, pointer)->get_string().empty());
  }
  return out;
}

}  // namespace lobby::feed
