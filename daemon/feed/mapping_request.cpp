#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "daemon/feed/mapping_parts.hpp"

namespace lobby::feed::parts {
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

}  // namespace

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

AnswerShape read_answer_shape(Section section) {
  AnswerShape out;
  out.unwrap = pointers(section, "unwrap");
  out.success = read_success(section);
  out.message = pointers(section, "message");
  out.auth_failed = section.texts("auth_failed");
  out.failure_codes = section.texts("failure_codes");
  out.items = required_pointer(section, "items");
  out.total = optional_pointer(section, "total");
  out.cursor = optional_pointer(section, "cursor");
  out.deleted = optional_pointer(section, "deleted");
  section.finish();
  return out;
}

}  // namespace lobby::feed::parts
