#include "daemon/feed/row_reader.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "daemon/feed/escapes.hpp"
#include "daemon/feed/field.hpp"
#include "daemon/feed/fold.hpp"
#include "daemon/feed/name_words.hpp"
#include "daemon/feed/pseudonym.hpp"
#include "daemon/feed/stops.hpp"
#include "daemon/feed/strict_json.hpp"
#include "daemon/feed/text.hpp"
#include "daemon/feed/values.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_id = 128;
constexpr std::size_t most_candidates = 20;

Applicant applicant_of(std::string_view word) {
  return word == "person"        ? Applicant::person
         : word == "org"         ? Applicant::org
         : word == "sole_trader" ? Applicant::sole_trader
                                 : Applicant::unknown;
}

bool is_scalar(const json::value& value) {
  std::string text;
  return scalar_text(value, text);
}

bool is_name(const FieldRule& rule) {
  return rule.kind == FieldKind::person || rule.kind == FieldKind::organisation;
}

/// A status that may be shown to those who write the mapping: short, and no name.
bool is_plain_word(const std::string& raw, const Guard& guard, const MaskRules& rules) {
  constexpr std::size_t longest = 8;
  const std::u32string word = tidy(unescape(decode(raw)), longest + 1);
  return !word.empty() && word.size() <= longest && !guard.is_telling(word) &&
         !looks_like_person(fold_letters(word), rules);
}

}  // namespace

RowReader::RowReader(const Reading& by, const json::value& row, Answer& out)
    : by_(by), row_(row), out_(out), guard_(by.mapping.mask) {
  if (by.resource.what == What::cases) {
    const std::string word = raw("applicant_type");
    applicant_ = applicant_of(word);
    type_ = word.empty() ? type_ : applicant_ == Applicant::sole_trader ? "person" : word;
  }
  gather_names();
}

void RowReader::count_bad(std::string_view name, std::uint32_t n) {
  if (n != 0) {
    out_.counts.bad_values += n;
    out_.findings.bad[std::string(name)] += n;
  }
}

void RowReader::count_unknown(const std::string& raw) {
  constexpr std::size_t most_words = 30;
  ++out_.counts.unknown_status;
  auto& unknown = out_.findings.unknown;
  const bool told =
      is_plain_word(raw, guard_, by_.mapping.mask) && (unknown.size() < most_words || unknown.contains(raw));
  ++unknown[told ? raw : std::string()];
}

std::string RowReader::read(const json::value& at, const Fields& fields, std::string_view name) {
  const auto field = fields.find(std::string(name));
  if (field == fields.end()) {
    return {};
  }
  std::uint32_t bad = 0;
  std::string text = read_field(at, field->second, by_.mapping, bad);
  count_bad(name, bad);
  return text;
}

std::string RowReader::raw(std::string_view name) const {
  const auto field = by_.resource.fields.find(std::string(name));
  std::uint32_t uncounted = 0;
  return field == by_.resource.fields.end() ? std::string()
                                            : read_field(row_, field->second, by_.mapping, uncounted);
}

Applicant RowReader::type_of(const FieldRule& rule) const {
  return rule.kind == FieldKind::organisation ? Applicant::org : applicant_;
}

void RowReader::hide_all(const json::value& value, Applicant type) {
  std::string name;
  if (!guard_.is_complete()) {
    return;
  }
  if (const auto* list = value.if_array()) {
    for (const json::value& item : *list) {
      hide_all(item, type);
    }
  } else if (const auto* object = value.if_object()) {
    for (const auto& [key, item] : *object) {
      hide_all(item, type);
    }
  } else if (scalar_text(value, name)) {
    guard_.hide(name, type);
  }
}

/// As the field has it, and as the upstream gives it: transforms may cut a name, and another pointer may lead
/// to a second one.
void RowReader::gather_from(const json::value& at, const Fields& fields, const FieldRule& rule) {
  const auto field = fields.find(std::string(rule.name));
  if (field == fields.end()) {
    return;
  }
  std::uint32_t bad = 0;
  const bool is_org = guard_.hide(read_field(at, field->second, by_.mapping, bad), type_of(rule)).is_org;
  if (bad != 0) {
    guard_.distrust();
  }
  if (applicant_ == Applicant::sole_trader && is_org) {
    type_ = "org";
  }
  for (const Pointer& pointer : field->second.from) {
    if (const json::value* value = find(at, pointer); value != nullptr && is_scalar(*value)) {
      hide_all(*value, type_of(rule));
    }
  }
}

void RowReader::gather_names() {
  const Resource& resource = by_.resource;
  for (const FieldRule& rule : rules_of(resource.what)) {
    if (is_name(rule)) {
      gather_from(row_, resource.fields, rule);
    }
  }
  for (const Pointer& pointer : resource.hide) {
    if (const json::value* value = find(row_, pointer)) {
      hide_all(*value, Applicant::unknown);
    }
  }
  if (resource.candidates) {
    const Items items = items_at(row_, resource.candidates->items);
    for (const json::value* item : items.list) {
      for (const FieldRule& rule : candidate_rules()) {
        if (is_name(rule) && guard_.is_complete()) {
          gather_from(*item, resource.candidates->fields, rule);
        }
      }
    }
  }
}

std::string RowReader::id() {
  const auto skipped = [this](const char* why) {
    ++out_.counts.skipped;
    ++out_.findings.skipped[why];
    return std::string();
  };
  const std::u32string plain = tidy(decode(read(row_, by_.resource.fields, "id")), longest_id + 1);
  if (plain.empty()) {
    return skipped("no id");
  }
  if (plain.size() > longest_id) {
    return skipped("an id of more than 128 characters");
  }
  if (!guard_.is_telling(unescape(plain))) {
    return encode(plain);
  }
  std::string name = pseudonym(by_.scope.id_key, encode(plain));
  return name.empty() ? skipped("an id that tells of a person, and no token to make a pseudonym with") : name;
}

std::string RowReader::take(std::string_view name, Guard::Safe safe) {
  count_bad(name, safe.bad ? 1 : 0);
  return std::move(safe.text);
}

std::string RowReader::masked_at(const json::value& at, const Fields& fields, const FieldRule& rule) {
  const std::string name = read(at, fields, rule.name);
  if (name.empty() && by_.resource.what != What::cases) {
    return {};
  }
  return take(rule.name, guard_.shown(guard_.hide(name, type_of(rule))));
}

std::string RowReader::status(const std::string& raw) {
  const StatusTable& table = by_.resource.status;
  const auto word = table.words.find(raw);
  if (word != table.words.end()) {
    return word->second;
  }
  if (!raw.empty() || by_.resource.what == What::cases) {
    count_unknown(raw);
  }
  return table.otherwise;
}

std::string RowReader::status_word(const FieldRule& rule) {
  const std::string word = raw(rule.name);
  // A word of the table tells nothing of anybody.
  return by_.resource.status.words.contains(word) ? word : take(rule.name, guard_.remark(word));
}

std::string RowReader::closed(const FieldRule& rule, const std::string& raw) {
  if (raw.empty()) {
    return {};
  }
  const auto told = rule.kind == FieldKind::count   ? read_count(raw)
                    : rule.kind == FieldKind::price ? read_price(raw)
                    : rule.kind == FieldKind::url   ? read_url(raw)
                    : rule.kind == FieldKind::clock ? read_clock(raw)
                                                    : read_flag(raw);
  count_bad(rule.name, told ? 0 : 1);
  return told.value_or(std::string());
}

std::string RowReader::value_at(const json::value& at, const Fields& fields, const FieldRule& rule) {
  if (is_name(rule)) {
    return masked_at(at, fields, rule);
  }
  std::string text = read(at, fields, rule.name);
  switch (rule.kind) {
    case FieldKind::text:
      return take(rule.name, guard_.text(text));
    case FieldKind::remark:
      return take(rule.name, guard_.remark(text));
    case FieldKind::contact:
      return take(rule.name, guard_.contact(text));
    case FieldKind::number:
      return take(rule.name, guard_.number(text));
    case FieldKind::status:
      return fields.contains(std::string(rule.name)) ? status(text) : std::string();
    case FieldKind::secret:
      return applicant_sum(by_.scope.applicant_key, text);
    case FieldKind::date:
    case FieldKind::word:
    case FieldKind::limit:
      return text;
    default:
      return closed(rule, text);
  }
}

std::string RowReader::value(const FieldRule& rule) {
  return value_at(row_, by_.resource.fields, rule);
}

std::string RowReader::stops() {
  if (!by_.resource.stops) {
    return {};
  }
  std::uint32_t bad = 0;
  std::string told = read_stops(row_, *by_.resource.stops, by_.mapping, bad);
  count_bad("stops", bad);
  return told;
}

json::value RowReader::candidates() {
  json::array out;
  if (!by_.resource.candidates) {
    return out;
  }
  const SubList& list = *by_.resource.candidates;
  const Items items = items_at(row_, list.items);
  const std::size_t most = std::min(items.list.size(), most_candidates);
  count_bad("candidates", (items.bad ? 1U : 0U) + static_cast<std::uint32_t>(items.list.size() - most));
  for (std::size_t i = 0; i < most; ++i) {
    json::object one;
    for (const FieldRule& rule : candidate_rules()) {
      if (const std::string text = value_at(*items.list[i], list.fields, rule); !text.empty()) {
        one[rule.name] = text;
      }
    }
    if (one.contains("name")) {
      one.emplace("rank", std::to_string(i + 1));
      out.push_back(std::move(one));
    }
  }
  return out;
}

}  // namespace lobby::feed
