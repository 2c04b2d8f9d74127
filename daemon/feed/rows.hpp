#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/feed/mapping.hpp"

namespace lobby::feed {

/// What went wrong in an answer, for the people who write a mapping. Holds words of the upstream only where
/// they can be no name.
struct Findings {
  std::map<std::string, std::uint32_t, std::less<>> bad;      ///< by field
  std::map<std::string, std::uint32_t, std::less<>> unknown;  ///< by word of a status; "" for the others
  std::map<std::string, std::uint32_t, std::less<>> skipped;  ///< by reason
};

struct Counts {
  std::uint32_t skipped = 0;         ///< rows that are no objects or have no usable id
  std::uint32_t unknown_status = 0;  ///< words that the table does not list
  std::uint32_t bad_values = 0;  ///< fields left empty or cut: a date of another form, a list where a text
                                 ///< belongs, a number of a person
  std::uint32_t outside_area = 0;
  std::uint32_t repeated = 0;  ///< rows of an id seen before: shifting pages
  friend bool operator==(const Counts&, const Counts&) = default;
};

/// A row of the upstream as lobbyd gets it.
struct Row {
  std::string id;
  std::string line;  ///< the whole masked JSON line, at most longest_line bytes, without line feed
};
inline constexpr std::size_t longest_line = 16 * 1024;

/// One answer, mapped and masked. Nothing in it tells more of a person than facts of the case allow: no raw
/// name, ID number or mobile number in any field.
struct Answer {
  std::vector<Row> rows;             ///< inside the area, in the order given; may repeat ids
  std::vector<std::string> removed;  ///< ids that the upstream calls deleted
  std::vector<std::string> outside;  ///< ids outside the area: known, not delivered
  Counts counts;
  Findings findings;
  std::size_t items = 0;                       ///< rows of the answer, whatever they were
  std::optional<std::uint64_t> total;          ///< what the upstream says it has
  bool partial = false;                        ///< only what moved since the cursor that was sent
  std::string cursor;                          ///< for the next request; empty: as before
  bool has_more = false;                       ///< ask again at once, with this cursor
  std::optional<std::int64_t> server_time_ms;  ///< since 1970, by the upstream's clock
};

/// Why an answer gives no rows. The reason is made of our words and the mapping's: no text of the upstream.
struct AnswerFault {
  enum class Kind : std::uint8_t {
    unreadable,    ///< not JSON, beyond the bounds, or without the list of rows
    unauthorised,  ///< the token is refused
    failed,        ///< the upstream says that it failed
    outdated       ///< the cursor is too old: ask without it
  } kind = Kind::unreadable;
  std::string reason;
};

/// Which rows are wanted, and how they are named.
struct Scope {
  std::string_view area;    ///< empty: every area
  std::string_view id_key;  ///< a secret: ids that tell of a person become pseudonyms by it; without it their
                            ///< rows are skipped and counted
  std::string_view applicant_key;  ///< a secret, with the year that the caller adds: applicants are known by
                                   ///< keyed sums; empty: they are not
};

/// The rows of one answer to a request for `resource`, which is one of the mapping's.
std::variant<Answer, AnswerFault> read_answer(const Mapping& mapping, const Resource& resource,
                                              const Scope& scope, std::string_view body);

}  // namespace lobby::feed
