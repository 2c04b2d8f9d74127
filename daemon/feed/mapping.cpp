#include "daemon/feed/mapping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "daemon/feed/canonical.hpp"
#include "daemon/feed/dates.hpp"
#include "daemon/feed/text.hpp"
#include "daemon/feed/toml_section.hpp"
#include "daemon/hall/time.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;

Pointer pointer_of(const Section& section, const toml::node& node, std::string_view key) {
  const auto* text = node.as_string();
  const auto pointer = text != nullptr ? parse_pointer(text->get()) : std::nullopt;
  if (!pointer) {
    section.fail(&node,
                 fmt::format("`{}.{}` must be a JSON pointer such as \"/custom/code\"", section.name(), key));
  }
  return *pointer;
}

std::optional<Pointer> optional_pointer(Section& section, std::string_view key) {
  const toml::node* node = section.node(key);
  return node == nullptr ? std::nullopt : std::optional(pointer_of(section, *node, key));
}

Pointer required_pointer(Section& section, std::string_view key) {
  auto pointer = optional_pointer(section, key);
  if (!pointer) {
    section.fail(nullptr, fmt::format("`{}.{}` is missing: add a JSON pointer", section.name(), key));
  }
  return *pointer;
}

std::vector<Pointer> pointers(Section& section, std::string_view key) {
  std::vector<Pointer> out;
  if (const toml::array* list = section.array(key)) {
    for (const toml::node& item : *list) {
      out.push_back(pointer_of(section, item, key));
    }
  }
  return out;
}

// --- the request ---

void check_template(const Section& section, const toml::node& node, std::string_view text) {
  constexpr std::string_view known[] = {"token", "area", "page", "page_size", "cursor"};
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    const auto word = text.substr(open + 1, close == std::string_view::npos ? close : close - open - 1);
    if (close == std::string_view::npos ||
        std::find(std::begin(known), std::end(known), word) == std::end(known)) {
      section.fail(&node,
                   fmt::format("unknown placeholder `{{{}}}`: use one of {{token}}, {{area}}, {{page}}, "
                               "{{page_size}}, {{cursor}}",
                               word));
    }
  }
}

json::value read_template(const Section& section, const toml::node& node) {
  if (const auto* table = node.as_table()) {
    json::object out;
    for (const auto& [key, value] : *table) {
      out[key.str()] = read_template(section, value);
    }
    return out;
  }
  if (const auto* list = node.as_array()) {
    json::array out;
    for (const toml::node& item : *list) {
      out.push_back(read_template(section, item));
    }
    return out;
  }
  if (const auto* text = node.as_string()) {
    check_template(section, node, text->get());
    return json::string(text->get());
  }
  if (const auto* number = node.as_integer()) {
    return number->get();
  }
  if (const auto* flag = node.as_boolean()) {
    return flag->get();
  }
  section.fail(&node,
               fmt::format("`{}.body` may hold only tables, lists, texts, whole numbers, true and false",
                           section.name()));
}

std::map<std::string, std::string> read_templates(Section& request, std::string_view key) {
  auto section = request.section(key);
  if (!section) {
    return {};
  }
  auto words = section->words();
  for (const auto& [word, text] : words) {
    const bool plain =
        std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
    if (!plain) {
      section->fail_key(word, fmt::format("`{}.{}` may not hold control characters", section->name(), word));
    }
    check_template(*section, *section->table().get(word), text);
  }
  return words;
}

Request read_request(Section section) {
  Request out;
  out.post = section.one_of("method", {"POST", "GET"}, "POST") == "POST";
  out.numbers_as_strings = section.flag("numbers_as_strings", true);
  if (auto body = section.section("body")) {
    if (!out.post) {
      section.fail_key("body", "a GET has no body: use [request.query]");
    }
    out.body = read_template(section, body->table());
  }
  out.query = read_templates(section, "query");
  out.headers = read_templates(section, "headers");
  section.finish();
  return out;
}

// --- the answer ---

std::vector<Success> read_success(Section& answer) {
  std::vector<Success> out;
  const toml::array* list = answer.array("success");
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const auto* table = (*list)[i].as_table();
    if (table == nullptr) {
      answer.fail(list->get(i), "`answer.success` must hold tables such as { at = \"/code\", is = [\"0\"] }");
    }
    Section rule(answer.file(), *table, "answer.success");
    Success success{required_pointer(rule, "at"), rule.texts("is")};
    if (success.is.empty()) {
      rule.fail(nullptr, "`answer.success.is` is missing: list the values that mean success, as texts");
    }
    rule.finish();
    out.push_back(std::move(success));
  }
  return out;
}

AnswerShape read_shape(Section section) {
  AnswerShape out;
  out.unwrap = pointers(section, "unwrap");
  out.success = read_success(section);
  out.message = pointers(section, "message");
  out.auth_failed = section.texts("auth_failed");
  out.items = required_pointer(section, "items");
  out.total = optional_pointer(section, "total");
  out.deleted = optional_pointer(section, "deleted");
  section.finish();
  return out;
}

Paging read_paging(std::optional<Section> section) {
  Paging out;
  if (!section) {
    out.by_page = false;
    return out;
  }
  out.by_page = section->one_of("style", {"page", "none"}, "page") == "page";
  out.base = section->number("base", 0, 1, 0);
  out.size = section->number("size", 1, 10'000, 50);
  out.max_pages = section->number("max_pages", 1, 20'000, 400);
  section->finish();
  return out;
}

// --- the fields ---

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
  Substring out;
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

StatusTable read_status(Section section) {
  StatusTable out;
  const auto check = [&section](std::string_view key, const std::string& word) {
    if (!is_word(status_words, word)) {
      section.fail_key(
          key, fmt::format("\"{}\" is no status: use one of {}", word, fmt::join(status_words, ", ")));
    }
  };
  out.otherwise = section.text("otherwise", "unknown");
  check("otherwise", out.otherwise);
  Section words = section.required_section("words");
  out.words = words.words();
  for (const auto& [key, word] : out.words) {
    if (!is_word(status_words, word)) {
      words.fail_key(key,
                     fmt::format("\"{}\" is no status: use one of {}", word, fmt::join(status_words, ", ")));
    }
  }
  section.finish();
  return out;
}

AreaFilter read_area(Section section) {
  AreaFilter out;
  out.from = pointers(section, "from");
  if (out.from.empty()) {
    section.fail(nullptr, "`area.from` is missing: list at least one JSON pointer");
  }
  out.prefix = section.one_of("match", {"prefix", "equal"}, "prefix") == "prefix";
  out.keep_missing = section.one_of("missing", {"keep", "drop"}, "keep") == "keep";
  section.finish();
  return out;
}

// --- the mask ---

std::u32string short_text(Section& section, std::string_view key, std::u32string otherwise) {
  constexpr std::size_t limit = 4;
  if (!section.has(key)) {
    return otherwise;
  }
  std::u32string text = decode(section.text(key));
  if (text.empty() || text.size() > limit) {
    section.fail_key(key, fmt::format("`{}.{}` must have 1 to {} characters", section.name(), key, limit));
  }
  return text;
}

std::vector<std::u32string> word_list(Section& section, std::string_view key, std::size_t least) {
  std::vector<std::u32string> out;
  for (const std::string& word : section.texts(key)) {
    out.push_back(decode(word));
    if (out.back().size() < least) {
      section.fail_key(
          key, fmt::format("`{}.{}`: a word needs at least {} characters", section.name(), key, least));
    }
  }
  return out;
}

MaskRules read_mask(std::optional<Section> section) {
  MaskRules out;
  if (!section) {
    return out;
  }
  out.person_rest = short_text(*section, "person_rest", out.person_rest);
  out.latin_rest = short_text(*section, "latin_rest", out.latin_rest);
  out.nobody = short_text(*section, "nobody", out.nobody);
  out.sole_trader_in_full = section->one_of("sole_trader", {"mask", "full"}, "mask") == "full";
  out.organisation_words = word_list(*section, "organisation_words", 1);
  out.compound_surnames = word_list(*section, "compound_surnames", 2);
  section->finish();
  return out;
}

Mapping read_whole(Section root) {
  Mapping out;
  constexpr std::uint32_t schema = 1;
  if (root.number("schema", schema, schema, 0) != schema) {
    root.fail(nullptr, "`schema` is missing: add `schema = 1`");
  }
  out.name = root.text("name");
  out.utc_offset = root.text("utc_offset", "+08:00");
  if (out.utc_offset == "Z" || !hall::parse_instant("2000-01-01T00:00:00" + out.utc_offset)) {
    root.fail_key("utc_offset", "`utc_offset` must look like \"+08:00\"");
  }
  out.request = read_request(root.required_section("request"));
  out.answer = read_shape(root.required_section("answer"));
  out.paging = read_paging(root.section("paging"));
  read_fields(root.required_section("field"), out);
  out.status = read_status(root.required_section("status"));
  if (auto area = root.section("area")) {
    out.area = read_area(*area);
  }
  out.mask = read_mask(root.section("mask"));
  root.finish();
  return out;
}

}  // namespace

std::optional<Pointer> parse_pointer(std::string_view text) {
  Pointer out;
  if (!text.empty() && text.front() != '/') {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '/') {
      out.emplace_back();
    } else if (text[i] != '~') {
      out.back().push_back(text[i]);
    } else if (i + 1 < text.size() && (text[i + 1] == '0' || text[i + 1] == '1')) {
      out.back().push_back(text[++i] == '0' ? '~' : '/');
    } else {
      return std::nullopt;
    }
  }
  return out;
}

Mapping parse_mapping(const std::string& text, const std::string& path) {
  try {
    const toml::table table = toml::parse(text, path);
    return read_whole(Section(path, table, ""));
  } catch (const toml::parse_error& error) {
    fail_at(path, error.source().begin, fmt::format("not TOML: {}", error.description()));
  }
}

Mapping read_mapping(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    fail_at(path, {1, 1}, fmt::format("the mapping cannot be read: {}", std::strerror(errno)));
  }
  return parse_mapping(text.str(), path);
}

}  // namespace lobby::feed
