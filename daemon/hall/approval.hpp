#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/hall/time.hpp"

/// Approval cases as the hall shows them: masked before they reach the daemon, kept in a table of their own
/// outside the fold.
namespace lobby::hall {

struct CaseRow {
  std::string id;  ///< upstream key
  std::string case_no;
  std::string query_code;  ///< never shown
  std::string matter_name;
  std::string dept_name;
  std::string applicant_type;     ///< person, org, unknown
  std::string applicant_display;  ///< masked
  std::string status;             ///< canonical word: accepted, reviewing, finished …
  std::string status_raw;
  std::string light;        ///< green, yellow, red, grey
  std::string accepted_at;  ///< RFC 3339 or date as given; empty = unknown
  std::string due_promised;
  std::string finished_at;
  std::string updated_at;
  std::uint64_t version = 0;  ///< of the batch that last changed it
  friend bool operator==(const CaseRow&, const CaseRow&) = default;
};

struct CaseQuery {
  std::optional<std::uint64_t> since;  ///< only rows of later versions
  std::string status, light;           ///< empty = any
  std::uint32_t limit = 200;
};

struct CasePage {
  std::optional<Instant> as_of;  ///< last successful pull; nullopt = never
  bool stale = true;
  std::uint64_t version = 0;
  std::vector<CaseRow> cases;
};

}  // namespace lobby::hall
