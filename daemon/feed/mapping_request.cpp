#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <iterator>
#include <utility>
#include <variant>

#include "daemon/feed/mapping_parts.hpp"
#include "daemon/feed/xml.hpp"

namespace lobby::feed::parts {
namespace {

namespace json = boost::json;

Pointer pointer_of(const Section& section, const toml::node& node, std::string_view key) {
  const auto* text = node.as_string();
  const auto pointer = text != nullptr ? parse_pointer(text->get()) : std::nullopt;
  if (pointer && is_of_experts(text->get())) {
    section.fail(&node, experts_sentence);
  }
  if (!pointer) {
    section.fail(&node,
                 fmt::format("`{}.{}` must be a JSON pointer such as \"/custom/code\"", section.name(), key));
  }
  return *pointer;
}

void check_template(const Section& section, const toml::node& node, std::string_view text) {
  constexpr std::string_view known[] = {"token",  "area", "page", "page_size",
                                        "cursor", "date", "days", "year"};
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    const auto word = text.substr(open + 1, close == std::string_view::npos ? close : close - open - 1);
    if (close == std::string_view::npos ||
        std::find(std::begin(known), std::end(known), word) == std::end(known)) {
      section.fail(&node,
                   fmt::format("unknown placeholder `{{{}}}`: use one of {{token}}, {{area}}, {{page}}, "
                               "{{page_size}}, {{cursor}}, {{date}}, {{days}}, {{year}}",
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

/// A whole XML document with placeholders in its texts and attributes.
std::string read_xml(Section& section) {
  constexpr std::size_t longest = 16 * 1024;
  std::string text = section.text("xml");
  check_template(section, *section.table().get("xml"), text);
  if (text.size() > longest || std::holds_alternative<JsonFault>(parse_xml(text))) {
    section.fail_key("xml", fmt::format("`{}` must be a whole XML document of at most 16 KiB: close each "
                                        "element, write &amp; for & and no <!DOCTYPE",
                                        section.path_of("xml")));
  }
  return text;
}

bool holds_cursor(std::string_view text) {
  return text.find("{cursor}") != std::string_view::npos;
}

std::map<std::string, std::string> read_templates(Section& request, std::string_view key,
                                                  std::map<std::string, std::string> base) {
  auto section = request.section(key);
  if (!section) {
    return base;
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

std::vector<Success> read_success(Section& answer, std::vector<Success> base) {
  const toml::array* list = answer.array("success");
  if (list == nullptr) {
    return base;
  }
  std::vector<Success> out;
  for (std::size_t i = 0; i < list->size(); ++i) {
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

bool is_of_experts(std::string_view text) {
  constexpr std::string_view words[] = {"expert", "zhuanjia", "pingwei", "专家", "评委"};
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::any_of(std::begin(words), std::end(words),
                     [&lower](std::string_view word) { return lower.find(word) != std::string::npos; });
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

std::string read_path(Section& section) {
  constexpr std::size_t longest = 500;
  std::string path = section.text("path", "");
  if (path.empty()) {
    return path;
  }
  const bool visible = std::all_of(path.begin(), path.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (!path.starts_with('/') || !visible || path.size() > longest ||
      path.find_first_of("#\"<>\\^`|") != std::string::npos) {
    section.fail_key("path", fmt::format("`{}` must look like \"/cases\"", section.path_of("path")));
  }
  check_template(section, *section.table().get("path"), path);
  return path;
}

bool asks_for_cursor(const Request& request) {
  const auto any = [](const auto& templates) {
    return std::any_of(templates.begin(), templates.end(),
                       [](const auto& pair) { return holds_cursor(pair.second); });
  };
  return holds_cursor(json::serialize(request.body)) || holds_cursor(request.xml) || any(request.query) ||
         any(request.headers);
}

Request read_request(Section section, Request base) {
  Request out = std::move(base);
  out.post = section.one_of("method", {"POST", "GET"}, out.post ? "POST" : "GET") == "POST";
  out.numbers_as_strings = section.flag("numbers_as_strings", out.numbers_as_strings);
  if (!out.post) {
    out.body = nullptr;
    out.xml.clear();
  }
  for (const char* const key : {"body", "xml"}) {
    if (section.has(key) && !out.post) {
      section.fail_key(key, "a GET has no body: use [request.query]");
    }
  }
  if (section.has("body") && section.has("xml")) {
    section.fail_key("xml", "a request has one body: take `body` or `xml` out");
  }
  if (auto body = section.section("body")) {
    out.body = read_template(section, body->table());
    out.xml.clear();
  }
  if (section.has("xml")) {
    out.xml = read_xml(section);
    out.body = nullptr;
  }
  out.query = read_templates(section, "query", std::move(out.query));
  out.headers = read_templates(section, "headers", std::move(out.headers));
  section.finish();
  return out;
}

AnswerShape read_answer_shape(Section section, AnswerShape base) {
  AnswerShape out = std::move(base);
  const auto list_of_pointers = [&section](std::string_view key, std::vector<Pointer>& value) {
    value = section.has(key) ? pointers(section, key) : std::move(value);
    static_cast<void>(section.node(key));
  };
  const auto list_of_texts = [&section](std::string_view key, std::vector<std::string>& value) {
    value = section.has(key) ? section.texts(key) : std::move(value);
    static_cast<void>(section.node(key));
  };
  const auto pointer = [&section](std::string_view key, std::optional<Pointer>& value) {
    if (auto own = optional_pointer(section, key)) {
      value = std::move(own);
    }
  };
  out.xml = section.one_of("format", {"json", "xml"}, out.xml ? "xml" : "json") == "xml";
  list_of_pointers("unwrap", out.unwrap);
  out.success = read_success(section, std::move(out.success));
  list_of_pointers("message", out.message);
  list_of_texts("auth_failed", out.auth_failed);
  list_of_texts("failure_codes", out.failure_codes);
  list_of_texts("outdated_codes", out.outdated_codes);
  if (auto items = optional_pointer(section, "items")) {
    out.items = *std::move(items);
  }
  pointer("total", out.total);
  pointer("cursor", out.cursor);
  pointer("has_more", out.has_more);
  pointer("server_time", out.server_time);
  pointer("deleted", out.deleted);
  section.finish();
  return out;
}

}  // namespace lobby::feed::parts
