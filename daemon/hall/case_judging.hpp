#pragma once

#include <cstdint>
#include <string>

#include "daemon/hall/approval.hpp"
#include "daemon/hall/calendar.hpp"
#include "daemon/hall/case_clock.hpp"

namespace lobby::hall {

/// What a hall decides of approval cases.
struct ApprovalRules {
  bool name_refusals = false;    ///< 不予受理, 不予许可 and 退件 are told as such; else 已办结
  std::uint32_t shrunk_by = 30;  ///< percent of rows an answer may lack before it is held back
  std::uint32_t confirmations = 5;  ///< answers in a row that then make it believed
  ClockRules clock;
};

/// What a board says of a status: 审核中, 已办结 …; empty for one that no board shows.
std::string_view public_wording(std::string_view status);

/// Judges cases by the rules of one hall.
class CaseJudge {
 public:
  CaseJudge(ApprovalRules rules, Calendar calendar);
  /// Fills what is ours in a row: what the public is told, light and card, our own count of its time.
  void judge(CaseRow& row, Instant now) const;
  /// Changes when the rules do: rows that were judged by others are to be judged again.
  std::string rules_text() const;

 private:
  ApprovalRules rules_;
  Calendar calendar_;
  CaseClock clock_;
};

}  // namespace lobby::hall
