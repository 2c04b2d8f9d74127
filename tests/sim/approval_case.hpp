#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/sim/approval_people.hpp"

namespace lobby::sim {

/// An interval in which the clock of a case stood (特别程序): RFC 3339 or days; `to` empty: it stands still.
struct ClockStop {
  std::string from, to;
};

/// One approval case as the provincial system keeps it: names raw, everything in the canonical words (facts
/// of the domain); each shape writes it in its own. Texts; empty: not known.
struct ApprovalCase {
  std::string id, case_no, query_code, region_code;
  std::string matter_code, matter_name, dept_code, dept_name;
  std::string kind;  ///< instant promised forward joint other
  Applicant applicant;
  std::string applied_at, accepted_at, due_promised, due_statutory, finished_at, updated_at;
  std::string promised_limit, statutory_limit;  ///< "5 workday", "20 day", "4 hour", "immediate"
  std::string stage_name, stage_due;
  std::string status;  ///< a canonical word, or a word that only this system knows
  std::string light;   ///< green yellow red grey
  std::string card;    ///< warning yellow red
  std::vector<ClockStop> stops;
  std::string stop_limit;
  std::uint64_t return_count = 0;
  std::string queue_ticket, window_no;
  std::uint64_t version = 0;  ///< of its last change, of the whole book
  bool deleted = false;
};

/// A limit, taken apart: 5 and "workday". "immediate" has no number; n is 0 when there is no limit.
struct Limit {
  int n = 0;
  std::string unit;
};
Limit parse_limit(const std::string& text);

}  // namespace lobby::sim
