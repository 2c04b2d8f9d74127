#include "daemon/feed/records.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cstdint>
#include <utility>

#include "daemon/feed/escapes.hpp"
#include "daemon/feed/fold.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;

bool is_suppressed(RowReader& row, const Suppress& rules) {
  const std::u32string name = fold_letters(unescape(decode(row.raw("matter_name"))));
  const std::string code = row.raw("matter_code");
  return std::any_of(
             rules.words.begin(), rules.words.end(),
             [&name](const std::u32string& word) { return name.find(word) != std::u32string::npos; }) ||
         std::any_of(rules.codes.begin(), rules.codes.end(),
                     [&code](const std::string& begin) { return code.starts_with(begin); });
}

std::uint32_t to_number(const std::string& text) {
  std::uint32_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

}  // namespace

std::string case_line(const std::string& id, RowReader& row, const Reading& by) {
  json::object line{{"kind", "case"}, {"id", id}};
  for (const FieldRule& rule : rules_of(by.resource.what)) {
    const std::string text = row.value(rule);
    // `kind` says what the line is.
    json::value& value = line[rule.name == "kind" ? "matter_kind" : rule.name];
    if (rule.kind == FieldKind::count) {
      value = to_number(text);
    } else {
      value = text;
    }
    if (rule.kind == FieldKind::status) {
      line["status_raw"] = row.status_word(rule);
    }
  }
  line["applicant_type"] = row.applicant_type();
  line["stops"] = row.stops();
  const bool suppressed = is_suppressed(row, by.mapping.suppress);
  line["suppressed"] = suppressed;
  if (suppressed) {
    for (const char* name : {"case_no", "query_code", "applicant_display", "applicant_key", "queue_ticket"}) {
      line[name] = "";
    }
  }
  return json::serialize(line);
}

std::string record_line(const std::string& id, RowReader& row, const Reading& by) {
  json::object fields;
  for (const FieldRule& rule : rules_of(by.resource.what)) {
    if (const std::string text = row.value(rule); !text.empty()) {
      fields[rule.name] = text;
    }
  }
  json::value candidates = row.candidates();
  json::array& list = candidates.get_array();
  if (!list.empty()) {
    fields["candidates"] = list;
  }
  json::object line{{"kind", "record"}, {"id", id}, {"row", std::move(fields)}};
  std::string text = json::serialize(line);
  while (text.size() > longest_line && !list.empty()) {
    list.pop_back();
    line["row"].get_object()["candidates"] = list;
    text = json::serialize(line);
  }
  return text;
}

}  // namespace lobby::feed
