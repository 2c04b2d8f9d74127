#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "daemon/app/site_schema.hpp"

namespace lobby::app {
namespace {

/// Is there a character of this kind?
bool any_is(bool (*kind)(char32_t), std::string_view text) {
  while (!text.empty()) {
    const auto first = first_of(text);
    if (kind(first.value)) {
      return true;
    }
    text.remove_prefix(first.size);
  }
  return false;
}

bool is_word(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= 64 && text.front() != '.' &&
         std::all_of(text.begin(), text.end(), fits);
}

bool is_choice(std::string_view choices, std::string_view value) {
  while (!choices.empty()) {
    const auto end = choices.find('|');
    if (choices.substr(0, end) == value) {
      return true;
    }
    choices.remove_prefix(end == std::string_view::npos ? choices.size() : end + 1);
  }
  return false;
}

std::string listed(std::string_view choices) {
  std::string out;
  for (const char c : choices) {
    out += c == '|' ? std::string(", ") : std::string(1, c);
  }
  return out;
}

std::string_view describe(ValueKind kind) {
  constexpr std::string_view words[] = {
      "a text in quotes",         "a word in quotes",         "a whole number",         "true or false",
      "a list of words, [\"a\"]", "a list of texts, [\"a\"]", "a list of numbers 0…255"};
  return words[static_cast<std::size_t>(kind)];
}

bool is_of_kind(const toml::node& node, ValueKind kind) {
  switch (kind) {
    case ValueKind::text:
    case ValueKind::word:
      return node.is_string();
    case ValueKind::integer:
      return node.is_integer();
    case ValueKind::boolean:
      return node.is_boolean();
    case ValueKind::words:
    case ValueKind::texts:
    case ValueKind::bytes:
      return node.is_array();
  }
  return false;
}

/// Checks one value; `rule.name` is only for the sentence.
class ValueCheck {
 public:
  ValueCheck(const TomlFile& file, const KeyRule& rule) : file_(file), rule_(rule) {}

  void check(const toml::node& node) const {
    if (!is_of_kind(node, rule_.kind)) {
      file_.fail(node,
                 fmt::format("{} must be {}: write it so", in_quotes(rule_.name), describe(rule_.kind)));
    }
    switch (rule_.kind) {
      case ValueKind::text:
        check_text(node);
        return;
      case ValueKind::word:
        check_word(node);
        check_choice(node, text_of(node));
        return;
      case ValueKind::integer:
        check_integer(node);
        return;
      case ValueKind::boolean:
        return;
      default:
        check_elements(node);
    }
  }

 private:
  void check_text(const toml::node& node) const {
    const auto value = text_of(node);
    const auto size = static_cast<std::int64_t>(value.size());
    if (any_is(is_unseen, value)) {
      file_.fail(node, fmt::format("{} holds a control character ({}): take it out", in_quotes(rule_.name),
                                   in_quotes(value)));
    }
    if (size < rule_.min || size > rule_.max) {
      file_.fail(node, fmt::format("{} is {} bytes long: it must be {} to {}", in_quotes(rule_.name), size,
                                   rule_.min, rule_.max));
    }
    if (size > 0 && !any_is([](char32_t c) { return !is_space(c); }, value)) {
      file_.fail(node, fmt::format("{} is blank: write something that can be read", in_quotes(rule_.name)));
    }
  }

  void check_word(const toml::node& node) const {
    const auto value = text_of(node);
    if (!is_word(value)) {
      file_.fail(node, fmt::format("{} is no word for {}: use 1 to 64 letters, digits, '.', '_' or '-'",
                                   in_quotes(value), in_quotes(rule_.name)));
    }
  }

  void check_choice(const toml::node& node, std::string_view value) const {
    if (!rule_.choices.empty() && !is_choice(rule_.choices, value)) {
      file_.fail(node, fmt::format("{} is not known as {}: choose one of {}", in_quotes(value),
                                   in_quotes(rule_.name), listed(rule_.choices)));
    }
  }

  void check_integer(const toml::node& node) const {
    const auto value = node.as_integer()->get();
    if (rule_.name == "schema" && value != rule_.min) {
      file_.fail(node,
                 fmt::format("schema {} is not served by this program: write schema = {} or install the "
                             "version that the file was made for",
                             value, rule_.min));
    }
    if (value < rule_.min || value > rule_.max) {
      file_.fail(node, fmt::format("{} is {}: it must be {} to {}", in_quotes(rule_.name), value, rule_.min,
                                   rule_.max));
    }
    check_choice(node, std::to_string(value));
  }

  void check_elements(const toml::node& node) const {
    const auto& array = *node.as_array();
    const auto count = static_cast<std::int64_t>(array.size());
    if (count < rule_.min || count > rule_.max) {
      file_.fail(node, fmt::format("{} has {} entries: it must have {} to {}", in_quotes(rule_.name), count,
                                   rule_.min, rule_.max));
    }
    const bool bytes = rule_.kind == ValueKind::bytes;
    const KeyRule each{
        rule_.name,
        bytes ? ValueKind::integer : rule_.kind == ValueKind::words ? ValueKind::word : ValueKind::text,
        true,
        bytes ? 0 : 1,
        255,
        rule_.choices};
    for (const auto& element : array) {
      ValueCheck(file_, each).check(element);
    }
  }

  const TomlFile& file_;
  const KeyRule& rule_;
};

std::string place_of(const SectionRule& rule) {
  return rule.title.empty() ? std::string("at the top level") : fmt::format("in {}", rule.title);
}

/// `when` of `profiles.when`.
std::string_view own_name(const SectionRule& rule) {
  return rule.key.substr(rule.key.rfind('.') + 1);
}

/// The sections right below one: `profiles.when` below `profiles`, whatever has no dot below the file itself.
std::vector<SectionRule> parts_of(const SectionRule& rule) {
  const auto above = rule.key.empty() ? std::string() : std::string(rule.key) + ".";
  std::vector<SectionRule> parts;
  for (const auto& each : sections()) {
    if (each.key == above + std::string(own_name(each))) {
      parts.push_back(each);
    }
  }
  return parts;
}

[[noreturn]] void fail_unknown(const TomlFile& file, const toml::key& key, const SectionRule& rule,
                               std::span<const SectionRule> also) {
  std::string known;
  for (const auto& each : rule.keys) {
    known += fmt::format("{}{}", known.empty() ? "" : ", ", each.name);
  }
  for (const auto& each : also) {
    known += fmt::format("{}{}", known.empty() ? "" : ", ", each.title);
  }
  file.fail(key, fmt::format("unknown key {} {}: remove it or correct it to one of {}", in_quotes(key.str()),
                             place_of(rule), known));
}

void check_section(const TomlFile& file, const toml::table& table, const SectionRule& rule);

void check_table(const TomlFile& file, const toml::key& key, const toml::node& node,
                 const SectionRule& rule) {
  const auto* table = node.as_table();
  if (table == nullptr) {
    file.fail(key,
              fmt::format("{} is one table: write {} and its keys", in_quotes(own_name(rule)), rule.title));
  }
  check_section(file, *table, rule);
}

void check_rows(const TomlFile& file, const toml::key& key, const toml::node& node, const SectionRule& rule) {
  const auto* array = node.as_array();
  if (array == nullptr) {
    file.fail(key, fmt::format("{} is a list: write {} before each of them", in_quotes(own_name(rule)),
                               rule.title));
  }
  if (array->size() > rule.max_count) {
    file.fail(key, fmt::format("{} {}: at most {} are served", array->size(), rule.title, rule.max_count));
  }
  for (const auto& row : *array) {
    if (!row.is_table()) {
      file.fail(row, fmt::format("an entry of {} is no table: write {} and its keys",
                                 in_quotes(own_name(rule)), rule.title));
    }
    check_section(file, *row.as_table(), rule);
  }
}

/// A table's own keys, and every section below it.
void check_section(const TomlFile& file, const toml::table& table, const SectionRule& rule) {
  const auto parts = parts_of(rule);
  check_keys(file, table, rule, parts);
  for (const auto& [key, node] : table) {
    for (const auto& part : parts) {
      if (own_name(part) == key.str()) {
        const auto check = part.shape == SectionShape::table ? check_table : check_rows;
        check(file, key, node, part);
      }
    }
  }
}

void check_hours(const TomlFile& file, const toml::key& key, const toml::node& node) {
  const auto* table = node.as_table();
  if (table == nullptr) {
    file.fail(key, "\"hours\" is a table of tables: write [hours.NAME] and the days below it");
  }
  if (table->size() > hours_section().max_count) {
    file.fail(key, fmt::format("{} sets of hours: at most {} are served", table->size(),
                               hours_section().max_count));
  }
  for (const auto& [each, days] : *table) {
    if (!is_word(each.str())) {
      file.fail(each, fmt::format("{} is no name for hours: use 1 to 64 letters, digits, '.', '_' or '-'",
                                  in_quotes(each.str())));
    }
    if (!days.is_table()) {
      file.fail(each, fmt::format("{} must be a table: write [hours.NAME] and the days below it",
                                  in_quotes(each.str())));
    }
    check_keys(file, *days.as_table(), hours_section());
  }
}

}  // namespace

void check_keys(const TomlFile& file, const toml::table& table, const SectionRule& rule,
                std::span<const SectionRule> also) {
  for (const auto& [key, node] : table) {
    const auto matches = [name = key.str()](const auto& each) { return each.name == name; };
    const auto known = std::find_if(rule.keys.begin(), rule.keys.end(), matches);
    if (known != rule.keys.end()) {
      ValueCheck(file, *known).check(node);
      continue;
    }
    const bool elsewhere =
        std::any_of(also.begin(), also.end(), [&](const auto& each) { return own_name(each) == key.str(); });
    if (!elsewhere && !(key.str() == hours_section().key && rule.title.empty())) {
      fail_unknown(file, key, rule, also);
    }
  }
  for (const auto& each : rule.keys) {
    if (each.required && !table.contains(each.name)) {
      file.fail(table, fmt::format("{} is missing {}: add it", in_quotes(each.name), place_of(rule)));
    }
  }
}

void check_site_shape(const TomlFile& file) {
  const auto& root = file.root();
  check_section(file, root, top_level());
  for (const auto& [key, node] : root) {
    if (key.str() == hours_section().key) {
      check_hours(file, key, node);
    }
  }
}

}  // namespace lobby::app
