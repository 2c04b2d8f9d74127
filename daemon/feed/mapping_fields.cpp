#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "daemon/feed/canonical.hpp"
#include "daemon/feed/dates.hpp"
#include "daemon/feed/mapping_parts.hpp"

namespace lobby::feed::parts {
namespace {

Transform read_named_transform(const Section& field, const toml::node& node) {
  const std::string& word = node.as_string()->get();
  if (word == "trim") {
    return Trim{};
  }
  if (word == "number") {
    return Number{};
  }
  if (word == "mask") {
    return Mask{};
  }
  field.fail(
      &node,
      fmt::format("unknown transform \"{}\": use one of \"trim\", \"number\", \"mask\", {{ null = … }}, "
                  "{{ substring = … }}, {{ map = … }}, {{ date = … }}, {{ limit = … }}",
                  word));
}

Substring read_substring(Section& op) {
  const toml::array* pair = op.array("substring");
  if (pair->size() == 2 && pair->get(0)->is_integer() && pair->get(1)->is_integer()) {
    const auto from = pair->get(0)->as_integer()->get();
    const auto length = pair->get(1)->as_integer()->get();
    if (from >= 0 && from <= 16'384 && length >= 1 && length <= 16'384) {
      return {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(length)};
    }
  }
  op.fail_key("substring", "`substring` must be [first, length] in characters, first from 0");
}

Limit read_limit_rule(Section& op) {
  Limit out;
  const auto check = [](const Section& at, std::string_view key, const std::string& unit) {
    if (!is_word(limit_units, unit)) {
      at.fail_key(key, fmt::format("\"{}\" is no unit: use one of {}", unit, fmt::join(limit_units, ", ")));
    }
  };
  out.unit = op.text("limit");
  if (!out.unit.empty()) {
    check(op, "limit", out.unit);
  }
  out.unit_from = pointers(op, "unit");
  if (auto units = op.section("units")) {
    out.units = units->words();
    for (const auto& [word, unit] : out.units) {
      check(*units, word, unit);
    }
  }
  return out;
}

Transform read_table_transform(const Section& field, const toml::table& table) {
  Section op(field.file(), table, field.name() + ".transforms");
  Transform out;
  if (op.has("null")) {
    out = Nulls{op.texts("null")};
  } else if (op.has("substring")) {
    out = read_substring(op);
  } else if (op.has("map")) {
    WordMap map{op.required_section("map").words(), std::nullopt};
    if (op.has("otherwise")) {
      map.otherwise = op.text("otherwise");
    }
    out = std::move(map);
  } else if (op.has("date")) {
    DateFormats dates{op.texts("date")};
    for (const std::string& format : dates.formats) {
      if (!is_date_format(format)) {
        op.fail_key("date",
                    fmt::format("unknown date format \"{}\": write yyyy MM dd, HH mm ss S, or rfc3339, "
                                "epoch_s, epoch_ms",
                                format));
      }
    }
    out = std::move(dates);
  } else if (op.has("limit")) {
    out = read_limit_rule(op);
  } else {
    op.fail(nullptr, "unknown transform: a table holds one of null, substring, map, date, limit");
  }
  op.finish();
  return out;
}

Field read_field(Section section) {
  Field out;
  out.from = pointers(section, "from");
  if (out.from.empty()) {
    section.fail(nullptr,
                 fmt::format("`{}.from` is missing: list at least one JSON pointer", section.name()));
  }
  if (const toml::array* list = section.array("transforms")) {
    for (const toml::node& item : *list) {
      if (item.is_string()) {
        out.transforms.push_back(read_named_transform(section, item));
      } else if (const auto* table = item.as_table()) {
        out.transforms.push_back(read_table_transform(section, *table));
      } else {
        section.fail(&item, fmt::format("`{}.transforms` must hold texts and tables", section.name()));
      }
    }
  }
  section.finish();
  return out;
}

template <class Kind>
bool has_transform(const Field& field) {
  return std::any_of(field.transforms.begin(), field.transforms.end(),
                     [](const Transform& t) { return std::holds_alternative<Kind>(t); });
}

/// What a word map gives must be a word of the vocabulary, and there must be one.
template <class Words>
void check_vocabulary(const Section& section, const Field& field, const Words& words) {
  bool closed = false;
  const auto check = [&](const std::string& word) {
    if (!word.empty() && !is_word(words, word)) {
      section.fail(nullptr, fmt::format("`{}` gives \"{}\": use one of {}", section.name(), word,
                                        fmt::join(words, ", ")));
    }
  };
  for (const Transform& transform : field.transforms) {
    if (const auto* map = std::get_if<WordMap>(&transform)) {
      closed = map->otherwise.has_value();
      std::for_each(map->words.begin(), map->words.end(), [&](const auto& pair) { check(pair.second); });
      check(map->otherwise.value_or(""));
    }
  }
  if (!closed) {
    section.fail(nullptr, fmt::format("`{}` needs a transform {{ map = …, otherwise = … }}", section.name()));
  }
}

bool is_name(FieldKind kind) {
  return kind == FieldKind::person || kind == FieldKind::organisation;
}

void check_field(const Section& section, const FieldRule& rule, const Field& field) {
  const auto need = [&](bool there, std::string_view transform) {
    if (!there) {
      section.fail(nullptr, fmt::format("`{}` needs a transform {}", section.name(), transform));
    }
  };
  if (is_name(rule.kind) != has_transform<Mask>(field)) {
    section.fail(nullptr, is_name(rule.kind)
                              ? fmt::format("`{}` needs the transform \"mask\": names are masked before they "
                                            "leave this program",
                                            section.name())
                              : fmt::format("`{}` may not use \"mask\": it belongs to names such as "
                                            "applicant_display",
                                            section.name()));
  }
  need(rule.kind != FieldKind::date || has_transform<DateFormats>(field), "{ date = … }");
  need(rule.kind != FieldKind::limit || has_transform<Limit>(field), "{ limit = … }");
  if (rule.kind == FieldKind::word) {
    check_vocabulary(section, field, rule.words);
  }
}

/// A pointer that leads to a name or a certificate number may feed nothing else.
void check_secret_pointers(const Section& fields, std::span<const FieldRule> rules,
                           const std::map<std::string, Field>& known, const std::vector<Pointer>& hidden) {
  std::vector<std::pair<std::string_view, Pointer>> secret;
  secret.reserve(hidden.size());
  for (const Pointer& pointer : hidden) {
    secret.emplace_back("hide", pointer);
  }
  const auto is_guarded = [](const FieldRule& rule) {
    return is_name(rule.kind) || rule.kind == FieldKind::secret;
  };
  for (const FieldRule& rule : rules) {
    if (const auto field = known.find(std::string(rule.name)); is_guarded(rule) && field != known.end()) {
      for (const Pointer& pointer : field->second.from) {
        secret.emplace_back(rule.name, pointer);
      }
    }
  }
  for (const auto& [name, field] : known) {
    for (const auto& [owner, pointer] : secret) {
      const bool reads = std::find(field.from.begin(), field.from.end(), pointer) != field.from.end();
      const auto rule =
          std::find_if(rules.begin(), rules.end(), [&](const FieldRule& r) { return r.name == name; });
      const bool masked = rule != rules.end() && is_name(rule->kind);
      if (reads && name != owner && !(masked && owner != "applicant_key")) {
        fields.fail_key(name, fmt::format("`{}` reads what only `{}` may: an applicant\'s name or number",
                                          fields.path_of(name), owner));
      }
    }
  }
}

void refuse_experts(const Section& fields) {
  for (const auto& [key, value] : fields.table()) {
    if (is_of_experts(key.str())) {
      fields.fail_key(key.str(), experts_sentence);
    }
  }
}

std::map<std::string, Field> read_listed(Section& section, std::span<const FieldRule> rules) {
  std::map<std::string, Field> out;
  refuse_experts(section);
  for (const FieldRule& rule : rules) {
    if (const auto field = section.section(rule.name)) {
      const auto& known = out[std::string(rule.name)] = read_field(*field);
      check_field(*field, rule, known);
    }
  }
  section.finish();
  return out;
}

void need_field(const Section& section, const std::map<std::string, Field>& fields, std::string_view name) {
  if (!fields.contains(std::string(name))) {
    section.fail(nullptr, fmt::format("the table [{}] is missing: add it", section.path_of(name)));
  }
}

StatusTable read_status(Section section, std::span<const std::string_view> known) {
  StatusTable out;
  const auto check = [known](const Section& at, std::string_view key, const std::string& word) {
    if (!is_word(known, word)) {
      at.fail_key(key, fmt::format("\"{}\" is no status: use one of {}", word, fmt::join(known, ", ")));
    }
  };
  out.otherwise = section.text("otherwise", is_word(known, "unknown") ? "unknown" : "");
  if (!out.otherwise.empty() || is_word(known, "unknown")) {
    check(section, "otherwise", out.otherwise);
  }
  Section words = section.required_section("words");
  out.words = words.words();
  for (const auto& [key, word] : out.words) {
    check(words, key, word);
  }
  section.finish();
  return out;
}

constexpr FieldRule id_rule{"id", FieldKind::number};
constexpr FieldRule stop_rules[] = {{"from", FieldKind::date}, {"to", FieldKind::date}};

SubList read_sub_list(Section section, std::span<const FieldRule> rules) {
  SubList out;
  out.items = pointers(section, "items");
  if (out.items.empty()) {
    section.fail(nullptr,
                 fmt::format("`{}` is missing: list at least one JSON pointer", section.path_of("items")));
  }
  Section fields = section.required_section("field");
  out.fields = read_listed(fields, rules);
  need_field(fields, out.fields, is_name(rules[1].kind) ? rules[1].name : rules[0].name);
  check_secret_pointers(fields, rules, out.fields, {});
  section.finish();
  return out;
}

}  // namespace

void read_fields(Section& resource, Resource& out) {
  Section section = resource.required_section("field");
  std::vector<FieldRule> rules{id_rule};
  const auto own = rules_of(out.what);
  rules.insert(rules.end(), own.begin(), own.end());
  out.fields = read_listed(section, rules);
  out.hide = pointers(resource, "hide");
  need_field(section, out.fields, "id");
  if (out.what == What::cases) {
    need_field(section, out.fields, "case_no");
    need_field(section, out.fields, "status");
  }
  check_secret_pointers(section, rules, out.fields, out.hide);
  if (const FieldRule* status = status_rule(out.what);
      status != nullptr && out.fields.contains(std::string(status->name))) {
    out.status = read_status(resource.required_section("status"), status->words);
  }
  if (auto stops = out.what == What::cases ? resource.section("stops") : std::nullopt) {
    out.stops = read_sub_list(*stops, stop_rules);
  }
  if (auto candidates = out.what == What::notices ? resource.section("candidates") : std::nullopt) {
    out.candidates = read_sub_list(*candidates, candidate_rules());
  }
}

}  // namespace lobby::feed::parts
