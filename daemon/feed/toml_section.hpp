#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

namespace lobby::feed {

/// One table of a mapping, read key by key; every fault is thrown as `FILE:LINE:COLUMN: sentence`. A key that
/// nobody asked for is a fault of finish().
class Section {
 public:
  Section(const std::string& file, const toml::table& table, std::string name)
      : file_(&file), table_(&table), name_(std::move(name)) {}

  bool has(std::string_view key) const { return table_->contains(key); }
  std::string text(std::string_view key);
  std::string text(std::string_view key, std::string otherwise);
  std::vector<std::string> texts(std::string_view key);  ///< empty when absent
  std::uint32_t number(std::string_view key, std::uint32_t least, std::uint32_t most,
                       std::uint32_t otherwise);
  bool flag(std::string_view key, bool otherwise);
  std::string one_of(std::string_view key, const std::vector<std::string>& words, std::string otherwise);
  /// Every key of the section is a word of its own.
  std::map<std::string, std::string> words();
  std::optional<Section> section(std::string_view key);
  Section required_section(std::string_view key);
  const toml::array* array(std::string_view key);
  const toml::node* node(std::string_view key);

  void finish() const;
  const toml::table& table() const { return *table_; }
  const std::string& file() const { return *file_; }
  const std::string& name() const { return name_; }
  /// The key with the name of the section: what a sentence calls it.
  std::string path_of(std::string_view key) const;
  [[noreturn]] void fail(const toml::node* at, const std::string& sentence) const;
  [[noreturn]] void fail_key(std::string_view key, const std::string& sentence) const;

 private:
  const std::string* file_;
  const toml::table* table_;
  std::string name_;
  std::set<std::string, std::less<>> known_;
};

[[noreturn]] void fail_at(const std::string& file, toml::source_position at, const std::string& sentence);

}  // namespace lobby::feed
