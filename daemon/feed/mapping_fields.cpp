#include <fmt/format.h>

#include <algorithm>

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
                  "{{ substring = … }}, {{ map = … }}, {{ date = … }}",
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
  } else {
    op.fail(nullptr, "unknown transform: a table holds one of null, substring, map, date");
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

void check_field(const Section& section, std::string_view name, const Field& field) {
  const bool is_name = name == "applicant_display";
  if (is_name != has_transform<Mask>(field)) {
    section.fail(
        nullptr,
        is_name ? fmt::format("`{}` needs the transform \"mask\": names are masked before they "
                              "leave this program",
                              section.name())
                : fmt::format("`{}` may not use \"mask\": it belongs to applicant_display", section.name()));
  }
  if (is_word(date_fields, name) && !has_transform<DateFormats>(field)) {
    section.fail(nullptr, fmt::format("`{}` needs a transform {{ date = … }}", section.name()));
  }
  if (name == "light") {
    check_vocabulary(section, field, light_words);
  }
  if (name == "applicant_type") {
    check_vocabulary(section, field, applicant_words);
  }
}

/// A pointer that leads to the raw name may feed nothing else.
void check_name_pointers(const Section& fields, const Mapping& mapping) {
  const auto name = mapping.fields.find("applicant_display");
  if (name == mapping.fields.end()) {
    return;
  }
  for (const auto& [other, field] : mapping.fields) {
    for (const Pointer& pointer : field.from) {
      if (other != name->first &&
          std::find(name->second.from.begin(), name->second.from.end(), pointer) != name->second.from.end()) {
        fields.fail_key(
            other, fmt::format("`field.{}` reads the applicant's name: only applicant_display may", other));
      }
    }
  }
}

}  // namespace

void read_fields(Section section, Mapping& out) {
  for (const auto& [key, value] : section.table()) {
    if (key.str() == "status" || is_word(field_names, key.str())) {
      const Section field = section.required_section(key.str());
      const auto& read = out.fields[std::string(key.str())] = read_field(field);
      check_field(field, key.str(), read);
    }
  }
  for (const std::string_view name : field_names) {
    static_cast<void>(section.node(name));
  }
  static_cast<void>(section.node("status"));
  section.finish();
  for (const char* needed : {"id", "case_no", "status"}) {
    if (!out.fields.contains(needed)) {
      section.fail(nullptr, fmt::format("the table [field.{}] is missing: add it", needed));
    }
  }
  check_name_pointers(section, out);
}

}  // namespace lobby::feed::parts
