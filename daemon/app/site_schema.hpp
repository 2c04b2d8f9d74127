#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "daemon/app/toml_reader.hpp"

/// Every key that a site file or a profile may have, as data: what the reader checks by, and what
/// config/README.md is held against.
namespace lobby::app {

enum class ValueKind : std::uint8_t {
  text,     ///< for people: no control characters; min..max bytes
  word,     ///< an id or a name of a file: letters, digits, `.`, `_`, `-`; at most 64
  integer,  ///< min..max
  boolean,
  words,  ///< an array of min..max words
  texts,  ///< an array of min..max texts
  bytes   ///< an array of min..max integers 0..255
};

struct KeyRule {
  std::string_view name;
  ValueKind kind = ValueKind::text;
  bool required = false;
  std::int64_t min = 0;
  std::int64_t max = 0;
  /// `a|b|c`: nothing else is accepted, as the value or in the list of words; empty: anything of the kind
  std::string_view choices = {};
};

enum class SectionShape : std::uint8_t {
  rows,  ///< `[[window]]`: any number of tables
  table  ///< `[lanes]`: one table
};

struct SectionRule {
  std::string_view title;     ///< as a person writes it: `[[window]]`; empty for the file itself
  std::string_view key;       ///< `window`; below another section with its key before it: `profiles.when`
  std::size_t max_count = 1;  ///< rows
  std::span<const KeyRule> keys;
  SectionShape shape = SectionShape::rows;
};

const SectionRule& top_level();
std::span<const SectionRule> sections();  ///< the `[[…]]` and `[…]` of a site file, at any depth
const SectionRule& hours_section();       ///< `[hours.NAME]`
const SectionRule& printer_profile();
const SectionRule& unit_profile();
const SectionRule& sign_profile();
const SectionRule& pad_profile();
const SectionRule& ticket_template();
const SectionRule& ticket_line();  ///< `[[line]]` of a ticket template

/// Every key of `table` is known, of its type and within its range, and none that must be there is missing.
/// `also`: keys that are checked elsewhere (the sections of a site file).
void check_keys(const TomlFile& file, const toml::table& table, const SectionRule& rule,
                std::span<const SectionRule> also = {});

/// The whole shape of a site file: top level, hours, and every row of every section.
void check_site_shape(const TomlFile& file);

}  // namespace lobby::app
