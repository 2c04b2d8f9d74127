#include "daemon/app/json_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parser.hpp>
#include <set>
#include <utility>

#include "daemon/app/toml_reader.hpp"

namespace lobby::app {
namespace {

namespace json = boost::json;

constexpr std::string_view spaces = " \t\r\n";

// Boost.JSON keeps no places: these find them again, in a text that it has found good.

std::size_t after_space(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(spaces, at), text.size());
}

/// Behind the string whose first quote stands at `at`.
std::size_t after_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    at += text[at] == '\\' ? 1U : 0U;
  }
  return at + 1;
}

/// Behind the value that begins at `at`.
std::size_t after_value(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = after_string(text, at);
    } else if (c == '{' || c == '[') {
      ++depth;
      ++at;
    } else if (c == '}' || c == ']') {
      --depth;
      ++at;
    } else if (depth > 0) {
      ++at;
      continue;
    } else {
      at = std::min(text.find_first_of(",]} \t\r\n", at), text.size());
    }
    if (depth == 0) {
      return at;
    }
  }
  return at;
}

toml::source_position position_of(std::string_view text, std::size_t at) {
  toml::source_position where{1, 1};
  for (const char c : text.substr(0, at)) {
    if (c == '\n') {
      where = {where.line + 1, 1};
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++where.column;
    }
  }
  return where;
}

json::value parse_json(std::string_view text, const std::string& name) {
  if (text.size() > JsonFile::max_bytes) {
    fail_at(
        name, {1, 1},
        fmt::format("the file is longer than {} bytes: this is not a file of one year", JsonFile::max_bytes));
  }
  json::parse_options bounds;
  bounds.max_depth = JsonFile::max_depth;
  json::parser parser({}, bounds);
  json::error_code error;
  auto read = parser.write_some(text.data(), text.size(), error);
  if (!error) {
    read = after_space(text, read);
    error = read < text.size() ? make_error_code(json::error::extra_data) : json::error_code();
  }
  if (error) {
    fail_at(name, position_of(text, read),
            fmt::format("this is not JSON ({}): correct the spelling here or just before", error.message()));
  }
  return parser.release();
}

}  // namespace

JsonFile::JsonFile(std::string text, std::string name)
    : text_(std::move(text)), name_(std::move(name)), root_(parse_json(text_, name_)) {}

JsonFile JsonFile::read(const std::string& path) {
  return {read_bytes(path, max_bytes), path};
}

JsonNode JsonFile::root() const {
  return {&root_, after_space(text_, 0)};
}

std::vector<JsonMember> JsonFile::members(JsonNode object) const {
  std::vector<JsonMember> out;
  std::set<std::string> keys;
  auto at = after_space(text_, object.at + 1);
  while (at < text_.size() && text_[at] == '"') {
    JsonMember member;
    member.key_at = at;
    at = after_string(text_, at);
    member.key = text_.substr(member.key_at + 1, at - member.key_at - 2);
    if (!keys.insert(member.key).second) {
      fail(member.key_at,
           fmt::format("the key {} stands twice: keep only one of the two", in_quotes(member.key)));
    }
    at = after_space(text_, after_space(text_, at) + 1);  // behind the colon
    member.node = {object.value->get_object().if_contains(member.key), at};
    at = after_space(text_, after_value(text_, at));
    at = after_space(text_, at + 1);  // behind the comma, or the end
    out.push_back(std::move(member));
  }
  return out;
}

std::vector<JsonNode> JsonFile::elements(JsonNode list) const {
  std::vector<JsonNode> out;
  auto at = after_space(text_, list.at + 1);
  for (const auto& value : list.value->get_array()) {
    out.push_back({&value, at});
    at = after_space(text_, after_value(text_, at));
    at = after_space(text_, at + 1);
  }
  return out;
}

void JsonFile::fail(std::size_t at, std::string_view sentence) const {
  fail_at(name_, position_of(text_, at), sentence);
}

}  // namespace lobby::app
