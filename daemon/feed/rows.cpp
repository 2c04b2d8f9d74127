#include "daemon/feed/rows.hpp"

#include <utility>

#include "daemon/feed/envelope.hpp"
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

}  // namespace

std::variant<Answer, AnswerFault> read_answer(const Mapping& mapping, std::string_view area,
                                              std::string_view body) {
  auto opened = open_envelope(mapping.answer, body);
  if (auto* fault = std::get_if<AnswerFault>(&opened)) {
    return std::move(*fault);
  }
  const auto& envelope = std::get<Envelope>(opened);
  Answer out;
  out.items = envelope.items.size();
  out.total = envelope.total;
  for (const json::value& item : envelope.items) {
    read_item(item, mapping, area, out);
  }
  return out;
}

}  // namespace lobby::feed
