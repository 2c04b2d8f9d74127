#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "daemon/feed/mapping.hpp"

/// The closed vocabularies of cases and records, and what kind of value each of their fields is.
namespace lobby::feed {

/// How a value is read, and so what of it may leave this program.
enum class FieldKind : std::uint8_t {
  text,          ///< free text: names that the row hides and numbers of persons are taken out
  remark,        ///< the same, and what looks like the name of a person in it
  contact,       ///< the same, but landlines stay: telephones of offices
  number,        ///< opaque, a number by nature: case numbers, codes
  date,          ///< through { date = … }
  clock,         ///< a time of the day: HH:mm
  word,          ///< of `words`, through { map = …, otherwise = … }
  status,        ///< of `words`, through the table [status.words]
  person,        ///< through "mask": a person unless it is clearly an organisation
  organisation,  ///< through "mask": an organisation unless it is clearly a person
  secret,        ///< a certificate number: only its keyed sum leaves
  limit,         ///< through { limit = … }: "5 workday"
  count,         ///< a whole number from 0
  price,         ///< digits with their marks and unit
  url,           ///< http or https
  flag           ///< "true" or "false"
};

struct FieldRule {
  std::string_view name;
  FieldKind kind = FieldKind::text;
  std::span<const std::string_view> words = {};
};

/// Every field that a row may have besides `id`, in the order of the line; without `stops` of cases and
/// `candidates` of notices, which have tables of their own.
std::span<const FieldRule> rules_of(What what);
/// The one of kind `status`; nullptr for none.
const FieldRule* status_rule(What what);
/// rank, name and price.
std::span<const FieldRule> candidate_rules();

inline constexpr std::array<std::string_view, 4> limit_units{"workday", "day", "hour", "immediate"};

template <class Words>
constexpr bool is_word(const Words& words, std::string_view text) {
  for (const std::string_view word : words) {
    if (word == text) {
      return true;
    }
  }
  return false;
}

}  // namespace lobby::feed
