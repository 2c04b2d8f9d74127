#pragma once

#include <toml++/toml.h>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// TOML with exact complaints: a file, and getters that are used only after its shape was checked
/// (site_schema.hpp). Everything that is wrong is thrown as SiteError, one sentence with a position.
namespace lobby::app {

/// One parsed file. Not copied: nodes of it are pointed at while reading.
class TomlFile {
 public:
  /// Reads at most `max_bytes`. `name` is what stands before the position in a sentence.
  static constexpr std::size_t max_bytes = 1024 * 1024;
  explicit TomlFile(std::string_view text, std::string name);
  static TomlFile read(const std::string& path);

  const toml::table& root() const { return root_; }
  const std::string& name() const { return name_; }

  [[noreturn]] void fail(const toml::source_position& where, std::string_view sentence) const;
  [[noreturn]] void fail(const toml::node& where, std::string_view sentence) const;
  [[noreturn]] void fail(const toml::key& where, std::string_view sentence) const;

 private:
  std::string name_;
  toml::table root_;
};

/// Throws the sentence about a place of any file; lines, and columns in characters, count from 1.
[[noreturn]] void fail_at(const std::string& name, toml::source_position where, std::string_view sentence);
/// The bytes of a file, at most `max_bytes` and one more, which tells that it is longer.
std::string read_bytes(const std::string& path, std::size_t max_bytes);

/// The value of a key, or the table itself when the key is missing: where to point.
const toml::node& at(const toml::table& table, std::string_view key);
bool has(const toml::table& table, std::string_view key);

// Getters: the key is there with the right type, or the fallback is returned.
std::string get_text(const toml::table& table, std::string_view key, std::string_view fallback = {});
std::int64_t get_integer(const toml::table& table, std::string_view key, std::int64_t fallback);
std::uint32_t get_u32(const toml::table& table, std::string_view key, std::uint32_t fallback);
bool get_boolean(const toml::table& table, std::string_view key, bool fallback);
/// Elements of an array, none when the key is missing.
std::vector<const toml::node*> get_elements(const toml::table& table, std::string_view key);
/// Rows of `[[key]]`, none when the key is missing.
std::vector<const toml::table*> get_rows(const toml::table& table, std::string_view key);
/// The text of an element that is known to be one.
std::string text_of(const toml::node& node);

/// The code point that well-formed `utf8` begins with, and how many bytes it takes.
struct CodePoint {
  char32_t value = 0;
  std::size_t size = 1;
};
CodePoint first_of(std::string_view utf8);
/// Is it a control character, a line separator or a mark that turns the direction of what follows? None can
/// be seen, each can make a text read as another one.
bool is_unseen(char32_t c);
/// Is it white space, the ideographic one too?
bool is_space(char32_t c);

/// A word of the file as it may stand in a sentence: in quotes, on one line, not endless.
std::string in_quotes(std::string_view word);

}  // namespace lobby::app
