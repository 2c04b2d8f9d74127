#include "daemon/app/toml_reader.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "daemon/app/site_file.hpp"

namespace lobby::app {
namespace {

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '+' || c == '.';
}

std::string_view line_of(std::string_view text, std::uint32_t line) {
  for (std::uint32_t i = 1; i < line; ++i) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) {
      return {};
    }
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

/// toml++ notices a key that stands twice, or a number that is too big, only behind it; the reader is shown
/// the word itself.
toml::source_position start_of_word(std::string_view text, toml::source_position where) {
  const auto line = line_of(text, where.line);
  if (where.column < 2 || where.column - 1 > line.size()) {
    return where;
  }
  for (const char c : line.substr(0, where.column - 1)) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      return where;  // columns are characters, not bytes: leave it where it was noticed
    }
  }
  std::size_t end = where.column - 1;
  while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t' || line[end - 1] == '=')) {
    --end;
  }
  std::size_t begin = end;
  while (begin > 0 && is_word_character(line[begin - 1])) {
    --begin;
  }
  if (begin < end) {
    where.column = static_cast<toml::source_index>(begin + 1);
  }
  return where;
}

std::string one_line(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto [value, size] = first_of(text);
    if (is_unseen(value)) {
      out += value < 0x80 ? fmt::format("\\x{:02X}", static_cast<unsigned>(value))
                          : fmt::format("\\u{:04X}", static_cast<unsigned>(value));
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return out;
}

}  // namespace

void fail_at(const std::string& name, toml::source_position where, std::string_view sentence) {
  // A node that toml++ made implicitly (`a.b.c = 1`) has no place of its own.
  const auto line = std::max<toml::source_index>(where.line, 1);
  const auto column = std::max<toml::source_index>(where.column, 1);
  throw SiteError(fmt::format("{}:{}:{}: {}", name, line, column, sentence));
}

namespace {

/// Bytes of the UTF-8 character that `text` begins with; 0 when it begins with none.
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
  if (byte(0) < 0x80) {
    return 1;
  }
  if (byte(0) >= 0xC2 && byte(0) <= 0xDF) {
    return continues(1) ? 2 : 0;
  }
  if ((byte(0) & 0xF0) == 0xE0) {
    const bool fits = continues(1) && continues(2) && !(byte(0) == 0xE0 && byte(1) < 0xA0) &&
                      !(byte(0) == 0xED && byte(1) >= 0xA0);
    return fits ? 3 : 0;
  }
  if (byte(0) >= 0xF0 && byte(0) <= 0xF4) {
    const bool fits = continues(1) && continues(2) && continues(3) && !(byte(0) == 0xF0 && byte(1) < 0x90) &&
                      !(byte(0) == 0xF4 && byte(1) >= 0x90);
    return fits ? 4 : 0;
  }
  return 0;
}

/// The usual slip is an editor that saves Chinese as GBK: say so, and where.
void check_encoding(std::string_view text, const std::string& name) {
  toml::source_position where{1, 1};
  while (!text.empty()) {
    const auto size = character_size(text);
    if (size == 0) {
      fail_at(name, where,
              fmt::format("byte 0x{:02X} is not UTF-8: save the file as UTF-8, this is not TOML otherwise",
                          static_cast<unsigned char>(text.front())));
    }
    if (text.front() == '\n') {
      where = {where.line + 1, 1};
    } else {
      ++where.column;
    }
    text.remove_prefix(size);
  }
}

toml::table parse(std::string_view text, const std::string& name) {
  if (text.size() > TomlFile::max_bytes) {
    fail_at(name, {1, 1},
            fmt::format("the file is longer than {} bytes: split it or take out what does not belong here",
                        TomlFile::max_bytes));
  }
  check_encoding(text, name);
  try {
    return toml::parse(text, std::string_view(name));
  } catch (const toml::parse_error& error) {
    auto where = error.source().begin;
    const bool twice = error.description().find("cannot redefine") != std::string_view::npos;
    if (twice || error.description().find("not representable") != std::string_view::npos) {
      where = start_of_word(text, where);
    }
    fail_at(name, where,
            fmt::format("this is not TOML ({}): {}", one_line(error.description()),
                        twice ? "keep only one of the two" : "correct the spelling here or just before"));
  }
}

}  // namespace

TomlFile::TomlFile(std::string_view text, std::string name)
    : name_(std::move(name)), root_(parse(text, name_)) {}

std::string read_bytes(const std::string& path, std::size_t max_bytes) {
  std::error_code ec;
  const auto kind = std::filesystem::status(path, ec).type();
  if (ec || kind != std::filesystem::file_type::regular) {
    fail_at(
        path, {1, 1},
        fmt::format("cannot be read ({}): check the path and that it is a file",
                    ec ? std::string(std::strerror(ec.value()))
                       : (kind == std::filesystem::file_type::not_found ? "no such file" : "not a file")));
  }
  std::ifstream in(path, std::ios::binary);
  std::string text(max_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in.is_open() || in.bad()) {
    fail_at(path, {1, 1}, fmt::format("cannot be read ({}): check its permissions", std::strerror(errno)));
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

TomlFile TomlFile::read(const std::string& path) {
  return TomlFile(read_bytes(path, max_bytes), path);
}

void TomlFile::fail(const toml::source_position& where, std::string_view sentence) const {
  fail_at(name_, where, sentence);
}
void TomlFile::fail(const toml::node& where, std::string_view sentence) const {
  fail_at(name_, where.source().begin, sentence);
}
void TomlFile::fail(const toml::key& where, std::string_view sentence) const {
  fail_at(name_, where.source().begin, sentence);
}

const toml::node& at(const toml::table& table, std::string_view key) {
  const auto* node = table.get(key);
  return node != nullptr ? *node : table;
}

bool has(const toml::table& table, std::string_view key) {
  return table.contains(key);
}

std::string get_text(const toml::table& table, std::string_view key, std::string_view fallback) {
  const auto* node = table.get(key);
  return node != nullptr && node->is_string() ? node->as_string()->get() : std::string(fallback);
}

std::int64_t get_integer(const toml::table& table, std::string_view key, std::int64_t fallback) {
  const auto* node = table.get(key);
  return node != nullptr && node->is_integer() ? node->as_integer()->get() : fallback;
}

std::uint32_t get_u32(const toml::table& table, std::string_view key, std::uint32_t fallback) {
  return static_cast<std::uint32_t>(get_integer(table, key, fallback));
}

bool get_boolean(const toml::table& table, std::string_view key, bool fallback) {
  const auto* node = table.get(key);
  return node != nullptr && node->is_boolean() ? node->as_boolean()->get() : fallback;
}

std::vector<const toml::node*> get_elements(const toml::table& table, std::string_view key) {
  std::vector<const toml::node*> out;
  if (const auto* node = table.get(key); node != nullptr && node->is_array()) {
    for (const auto& element : *node->as_array()) {
      out.push_back(&element);
    }
  }
  return out;
}

std::vector<const toml::table*> get_rows(const toml::table& table, std::string_view key) {
  std::vector<const toml::table*> out;
  for (const auto* element : get_elements(table, key)) {
    if (const auto* row = element->as_table()) {
      out.push_back(row);
    }
  }
  return out;
}

CodePoint first_of(std::string_view utf8) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(utf8[i]); };
  const std::size_t size = character_size(utf8);
  if (size < 2) {
    return {byte(0), 1};  // bytes that are no UTF-8 stand for themselves
  }
  char32_t value = byte(0) & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    value = value << 6 | (byte(i) & 0x3FU);
  }
  return {value, size};
}

bool is_unseen(char32_t c) {
  const bool is_control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
  const bool is_separator = c == 0x2028 || c == 0x2029 || c == 0xFEFF;
  const bool turns = c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
                     (c >= 0x2066 && c <= 0x2069);
  return is_control || is_separator || turns;
}

bool is_space(char32_t c) {
  return c == ' ' || c == '\t' || c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200B);
}

std::string text_of(const toml::node& node) {
  return node.is_string() ? node.as_string()->get() : std::string();
}

std::string in_quotes(std::string_view word) {
  constexpr std::size_t longest = 80;
  std::string text = one_line(word);
  if (text.size() > longest) {
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
      --end;
    }
    text = text.substr(0, end) + "…";
  }
  return "\"" + text + "\"";
}

}  // namespace lobby::app
