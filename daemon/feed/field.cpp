#include "daemon/feed/field.hpp"

#include <algorithm>
#include <optional>

#include "daemon/feed/dates.hpp"
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

struct Apply {
  std::string& text;
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
};

}  // namespace

std::string read_field(const boost::json::value& row, const Field& field, const Mapping& mapping,
                       std::uint32_t& bad) {
  std::string text;
  for (const Pointer& pointer : field.from) {
    const boost::json::value* value = find(row, pointer);
    if (value == nullptr || value->is_null()) {
      continue;
    }
    if (!scalar_text(*value, text)) {
      ++bad;
      text.clear();
    } else if (!text.empty()) {
      break;
    }
  }
  for (const Transform& transform : field.transforms) {
    std::visit(Apply{text, mapping, bad}, transform);
  }
  return text;
}

}  // namespace lobby::feed
