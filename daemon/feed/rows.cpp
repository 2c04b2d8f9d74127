#include "daemon/feed/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "daemon/feed/canonical.hpp"
#include "daemon/feed/field.hpp"
#include "daemon/feed/mask.hpp"
#include "daemon/feed/redact.hpp"
#include "daemon/feed/strict_json.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_id = 128;
constexpr std::size_t longest_number = 64;
constexpr std::size_t longest_text = 300;

/// One row on its way: what several fields need of each other.
class RowReader {
 public:
  RowReader(const Mapping& mapping, const json::value& row, Counts& counts)
      : mapping_(mapping), row_(row), counts_(counts) {
    read_applicant();
  }

  /// Empty when there is no id that may be used.
  std::string id() {
    const std::u32string raw = tidy(decode(raw_field("id")), longest_id + 1);
    const bool plain = raw.size() <= longest_id && !is_personal_number(raw) && without_names(raw) == raw;
    return plain ? encode(raw) : std::string();
  }

  hall::CaseRow rest(std::string id) {
    hall::CaseRow out;
    out.id = std::move(id);
    out.case_no = number("case_no");
    out.query_code = number("query_code");
    out.matter_name = text("matter_name");
    out.dept_name = text("dept_name");
    out.applicant_type = type_;
    out.applicant_display = encode(masked_.shown);
    read_status(out);
    out.light = raw_field("light");
    out.accepted_at = raw_field("accepted_at");
    out.due_promised = raw_field("due_promised");
    out.finished_at = raw_field("finished_at");
    out.updated_at = raw_field("updated_at");
    return out;
  }

 private:
  std::string raw_field(const std::string& name) {
    const auto field = mapping_.fields.find(name);
    return field == mapping_.fields.end() ? std::string()
                                          : read_field(row_, field->second, mapping_, counts_.bad_values);
  }

  void read_applicant() {
    const std::string type = raw_field("applicant_type");
    const Applicant kind = type == "person"        ? Applicant::person
                           : type == "org"         ? Applicant::org
                           : type == "sole_trader" ? Applicant::sole_trader
                                                   : Applicant::unknown;
    masked_ = mask_name(decode(raw_field("applicant_display")), kind, mapping_.mask);
    type_ = kind == Applicant::sole_trader ? (masked_.is_org ? "org" : "person") : type;
    if (type_.empty()) {
      type_ = "unknown";
    }
  }

  std::u32string without_names(std::u32string text) const {
    for (const Hidden& hidden : masked_.hidden) {
      text = hide_name(text, hidden.name, hidden.shown);
    }
    return text;
  }

  std::string text(const std::string& name) {
    return encode(without_names(redact(tidy(decode(raw_field(name)), longest_text))));
  }

  /// A number by nature: only what is a person's number as a whole goes.
  std::string number(const std::string& name) {
    const std::u32string raw = tidy(decode(raw_field(name)), longest_number);
    if (is_personal_number(raw)) {
      ++counts_.bad_values;
      return {};
    }
    return encode(without_names(raw));
  }

  void read_status(hall::CaseRow& out) {
    const std::string raw = raw_field("status");
    const auto word = mapping_.status.words.find(raw);
    const bool known = word != mapping_.status.words.end();
    counts_.unknown_status += known ? 0 : 1;
    out.status = known ? word->second : mapping_.status.otherwise;
    out.status_raw = text("status");
  }

  const Mapping& mapping_;
  const json::value& row_;
  Counts& counts_;
  Masked masked_;
  std::string type_;
};

bool is_outside(const json::value& row, const Mapping& mapping, std::string_view area) {
  if (!mapping.area || area.empty()) {
    return false;
  }
  for (const Pointer& pointer : mapping.area->from) {
    const json::value* value = find(row, pointer);
    std::string code;
    if (value != nullptr && scalar_text(*value, code) && !code.empty()) {
      return mapping.area->prefix ? !code.starts_with(area) : code != area;
    }
  }
  return !mapping.area->keep_missing;
}

bool is_true(const json::value* value) {
  std::string text;
  return value != nullptr && scalar_text(*value, text) && (text == "true" || text == "1");
}

void read_item(const json::value& item, const Mapping& mapping, std::string_view area, Answer& out) {
  if (!item.is_object()) {
    ++out.counts.skipped;
    return;
  }
  RowReader reader(mapping, item, out.counts);
  std::string id = reader.id();
  if (id.empty()) {
    ++out.counts.skipped;
  } else if (mapping.answer.deleted && is_true(find(item, *mapping.answer.deleted))) {
    out.removed.push_back(std::move(id));
  } else if (is_outside(item, mapping, area)) {
    ++out.counts.outside_area;
    out.outside.push_back(std::move(id));
  } else {
    out.rows.push_back(reader.rest(std::move(id)));
  }
}

/// A page for people where rows belong; its title tells which (a login, a firewall). Nothing else of it is
/// said.
std::string foreign_page(std::string_view body) {
  const std::string_view start = body.substr(0, 4096);
  const std::size_t open = start.find("<title>");
  const std::size_t close = open == std::string_view::npos ? open : start.find("</title>", open);
  if (close == std::string_view::npos) {
    return "the answer is a web page, not JSON";
  }
  constexpr std::size_t tag = 7;
  return fmt::format("the answer is a web page, not JSON: \"{}\"",
                     sanitise(start.substr(open + tag, close - open - tag), 120));
}

AnswerFault unreadable(std::string reason) {
  return {AnswerFault::Kind::unreadable, std::move(reason)};
}

/// Strings that hold JSON may be as long as the body; every other text keeps its bound.
bool texts_fit(const json::value& value, std::size_t bound) {
  if (const auto* object = value.if_object()) {
    return std::all_of(object->begin(), object->end(),
                       [bound](const auto& pair) { return texts_fit(pair.value(), bound); });
  }
  if (const auto* array = value.if_array()) {
    return std::all_of(array->begin(), array->end(),
                       [bound](const auto& item) { return texts_fit(item, bound); });
  }
  return !value.is_string() || value.get_string().size() <= bound;
}

std::variant<json::value, AnswerFault> unwrapped(const Mapping& mapping, std::string_view body) {
  JsonBounds outer;
  const std::size_t text_bound = outer.text;
  if (!mapping.answer.unwrap.empty()) {
    outer.text = outer.body;
  }
  auto parsed = parse_strict(body, outer);
  if (const auto* fault = std::get_if<JsonFault>(&parsed)) {
    return unreadable(fault->reason);
  }
  auto& value = std::get<json::value>(parsed);
  for (const Pointer& pointer : mapping.answer.unwrap) {
    json::value* inner = find(value, pointer);
    if (inner == nullptr || !inner->is_string()) {
      continue;
    }
    const json::string text = inner->get_string();
    auto again = parse_strict({text.data(), text.size()});
    if (const auto* fault = std::get_if<JsonFault>(&again)) {
      return unreadable("inside a text that should hold JSON: " + fault->reason);
    }
    *inner = std::get<json::value>(std::move(again));
  }
  if (!texts_fit(value, text_bound)) {
    return unreadable(fmt::format("the answer holds a text of more than {} bytes", text_bound));
  }
  return std::move(value);
}

std::string message_of(const json::value& answer, const AnswerShape& shape) {
  std::string text;
  for (const Pointer& pointer : shape.message) {
    const json::value* value = find(answer, pointer);
    if (value != nullptr && scalar_text(*value, text) && !text.empty()) {
      return text;
    }
  }
  return {};
}

std::optional<AnswerFault> check_success(const json::value& answer, const AnswerShape& shape) {
  for (const Success& rule : shape.success) {
    const json::value* value = find(answer, rule.at);
    std::string code;
    const bool given = value != nullptr && scalar_text(*value, code);
    if (given && std::find(rule.is.begin(), rule.is.end(), code) != rule.is.end()) {
      continue;
    }
    const std::string message = message_of(answer, shape);
    for (const std::string& word : shape.auth_failed) {
      if (message.find(word) != std::string::npos) {
        return AnswerFault{AnswerFault::Kind::unauthorised,
                           fmt::format("the upstream refuses the token: {}", word)};
      }
    }
    return AnswerFault{AnswerFault::Kind::failed,
                       fmt::format("the upstream reports a failure: code \"{}\" {}",
                                   given ? sanitise(code, 40) : "missing", sanitise(message, 120))};
  }
  return std::nullopt;
}

std::optional<std::uint64_t> read_total(const json::value& answer, const AnswerShape& shape) {
  const json::value* value = shape.total ? find(answer, *shape.total) : nullptr;
  std::string text;
  std::uint64_t total = 0;
  if (value == nullptr || !scalar_text(*value, text)) {
    return std::nullopt;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), total);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(total) : std::nullopt;
}

}  // namespace

std::variant<Answer, AnswerFault> read_answer(const Mapping& mapping, std::string_view area,
                                              std::string_view body) {
  const std::size_t first = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first != std::string_view::npos && body[first] == '<') {
    return unreadable(foreign_page(body));
  }
  auto parsed = unwrapped(mapping, body);
  if (auto* fault = std::get_if<AnswerFault>(&parsed)) {
    return std::move(*fault);
  }
  const auto& answer = std::get<json::value>(parsed);
  if (auto fault = check_success(answer, mapping.answer)) {
    return *std::move(fault);
  }
  const json::value* items = find(answer, mapping.answer.items);
  if (items == nullptr || !items->is_array()) {
    return unreadable("the answer has no list where the mapping expects the rows");
  }
  Answer out;
  out.items = items->get_array().size();
  out.total = read_total(answer, mapping.answer);
  for (const json::value& item : items->get_array()) {
    read_item(item, mapping, area, out);
  }
  return out;
}

}  // namespace lobby::feed
