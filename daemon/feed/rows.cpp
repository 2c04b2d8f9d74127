#include "daemon/feed/rows.hpp"

#include <algorithm>
#include <utility>

#include "daemon/feed/envelope.hpp"
#include "daemon/feed/escapes.hpp"
#include "daemon/feed/field.hpp"
#include "daemon/feed/hide.hpp"
#include "daemon/feed/mask.hpp"
#include "daemon/feed/pseudonym.hpp"
#include "daemon/feed/redact.hpp"
#include "daemon/feed/strict_json.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_id = 128;
constexpr std::size_t longest_number = 64;
constexpr std::size_t longest_text = 300;
/// What is looked at before a text is cut: half a number tells it too.
constexpr std::size_t longest_raw = 16 * 1024;

/// One row on its way: what several fields need of each other.
class RowReader {
 public:
  RowReader(const Mapping& mapping, const json::value& row, Counts& counts)
      : mapping_(mapping), row_(row), counts_(counts) {
    read_applicant();
  }

  /// Empty when there is no id that may be used. One that tells of a person is known by another name.
  std::string id(std::string_view key) {
    const std::u32string raw = tidy(decode(raw_field("id")), longest_id + 1);
    if (raw.size() > longest_id) {
      return {};
    }
    const std::u32string told = unescape(raw);
    const bool plain = redact_number(told) == told && !tells_name(told, masked_.hidden);
    return plain ? encode(raw) : pseudonym(key, encode(raw));
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
    const std::uint32_t bad = counts_.bad_values;
    masked_ = mask_name(unescape(decode(raw_field("applicant_display"))), kind, mapping_.mask);
    masked_.complete = masked_.complete && counts_.bad_values == bad;
    hide_raw_names(kind);
    type_ = kind == Applicant::sole_trader ? (masked_.is_org ? "org" : "person") : type;
    if (type_.empty()) {
      type_ = "unknown";
    }
  }

  /// As the upstream gives them: transforms may have cut a name, and another pointer may lead to a second
  /// one.
  void hide_raw_names(Applicant kind) {
    const auto field = mapping_.fields.find("applicant_display");
    if (field == mapping_.fields.end()) {
      return;
    }
    for (const Pointer& pointer : field->second.from) {
      const json::value* value = find(row_, pointer);
      std::string raw;
      if (value == nullptr || value->is_null() || !scalar_text(*value, raw)) {
        continue;
      }
      Masked other = mask_name(unescape(decode(raw)), kind, mapping_.mask);
      masked_.complete = masked_.complete && other.complete;
      add_hidden(std::move(other.hidden));
    }
  }

  void add_hidden(std::vector<Hidden> more) {
    for (Hidden& one : more) {
      const auto same = [&one](const Hidden& known) { return known.name == one.name; };
      if (std::none_of(masked_.hidden.begin(), masked_.hidden.end(), same)) {
        masked_.hidden.push_back(std::move(one));
      }
    }
  }

  std::string withheld() {
    ++counts_.bad_values;
    return encode(mapping_.mask.withheld);
  }

  std::string text(const std::string& name) { return safe_text(raw_field(name)); }

  std::string safe_text(const std::string& raw) {
    const std::u32string told = tidy(unescape(decode(raw)), longest_raw);
    if (told.empty()) {
      return {};
    }
    if (!masked_.complete) {
      return withheld();
    }
    const std::u32string safe = tidy(hide_names(redact(told), masked_.hidden), longest_text);
    return tells_name(safe, masked_.hidden) ? withheld() : encode(redact(safe));
  }

  /// A number by nature: what it holds of persons goes, all of it when it is nothing else.
  std::string number(const std::string& name) {
    const std::u32string raw = tidy(unescape(decode(raw_field(name))), longest_raw);
    const std::u32string free = redact_number(raw);
    const std::u32string safe = redact_number(tidy(hide_names(free, masked_.hidden), longest_number));
    const bool nothing_else = is_personal_number(raw) || tells_name(safe, masked_.hidden);
    counts_.bad_values += free != raw || nothing_else ? 1 : 0;
    return nothing_else ? std::string() : encode(safe);
  }

  void read_status(hall::CaseRow& out) {
    const std::string raw = raw_field("status");
    const auto word = mapping_.status.words.find(raw);
    const bool known = word != mapping_.status.words.end();
    counts_.unknown_status += known ? 0 : 1;
    out.status = known ? word->second : mapping_.status.otherwise;
    // A word of the table tells nothing of anybody.
    out.status_raw = known ? raw : safe_text(raw);
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

void read_item(const json::value& item, const Mapping& mapping, const Scope& scope, Answer& out) {
  if (!item.is_object()) {
    ++out.counts.skipped;
    return;
  }
  RowReader reader(mapping, item, out.counts);
  std::string id = reader.id(scope.id_key);
  if (id.empty()) {
    ++out.counts.skipped;
  } else if (mapping.answer.deleted && is_true(find(item, *mapping.answer.deleted))) {
    out.removed.push_back(std::move(id));
  } else if (is_outside(item, mapping, scope.area)) {
    ++out.counts.outside_area;
    out.outside.push_back(std::move(id));
  } else {
    out.rows.push_back(reader.rest(std::move(id)));
  }
}

}  // namespace

std::variant<Answer, AnswerFault> read_answer(const Mapping& mapping, const Scope& scope,
                                              std::string_view body) {
  auto opened = open_envelope(mapping.answer, body);
  if (auto* fault = std::get_if<AnswerFault>(&opened)) {
    return std::move(*fault);
  }
  const auto& envelope = std::get<Envelope>(opened);
  Answer out;
  out.items = envelope.items.size();
  out.total = envelope.total;
  out.partial = mapping.answer.cursor.has_value();
  out.cursor = envelope.cursor;
  for (const json::value& item : envelope.items) {
    read_item(item, mapping, scope, out);
  }
  return out;
}

}  // namespace lobby::feed
