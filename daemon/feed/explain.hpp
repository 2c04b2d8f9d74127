#pragma once

#include <string>
#include <string_view>

#include "daemon/feed/rows.hpp"

namespace lobby::feed {

/// What becomes of an answer, for the people who write a mapping: lines of text, masked like all that leaves
/// this program, codes for inquiries left out.
struct Explained {
  bool readable = false;
  std::string text;
};

/// Of a body that is UTF-8.
Explained explain(const Mapping& mapping, What what, const Scope& scope, std::string_view body);

/// What is told of one answer, or of the answers of a whole pull.
struct Overview {
  std::size_t items = 0, mapped = 0, removed = 0, outside = 0, skipped = 0;
  std::optional<std::uint64_t> total;  ///< what the system says it has
  bool partial = false;                ///< only what moved
  std::string hint;                    ///< of how it would go on
  Findings findings;
  std::vector<Row> rows;  ///< all, or the first of them
};
std::string explain(const Resource& resource, const Overview& overview);
/// Of something that brought no answer.
std::string explain(What what, std::string_view kind, std::string_view reason);

}  // namespace lobby::feed
