#include "daemon/hall/case_judging.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lobby::hall {
namespace {

bool is_refusal(std::string_view status) {
  return status == "rejected" || status == "not_accepted" || status == "returned";
}

std::string public_status(const CaseRow& row, const ApprovalRules& rules) {
  if (row.suppressed || row.status == "void") {
    return {};
  }
  return is_refusal(row.status) && !rules.name_refusals ? "finished" : row.status;
}

/// What a source wrote that is no time or limit counts as nothing.
CaseTimes times_of(const CaseRow& row) {
  CaseTimes times;
  times.status = parse_word<CaseStatus>(row.status).value_or(CaseStatus::unknown);
  times.applied = parse_when(row.applied_at);
  times.accepted = parse_when(row.accepted_at);
  times.finished = parse_when(row.finished_at);
  times.due_promised = parse_when(row.due_promised);
  times.due_statutory = parse_when(row.due_statutory);
  times.stage_due = parse_when(row.stage_due);
  times.promised = parse_limit(row.promised_limit).value_or(Limit{});
  times.statutory = parse_limit(row.statutory_limit).value_or(Limit{});
  times.stops = parse_stops(row.stops).value_or(std::vector<Stop>{});
  times.stop_limit = parse_limit(row.stop_limit).value_or(Limit{});
  times.light = parse_word<Light>(row.light);
  if (!row.card.empty()) {
    times.card = parse_word<Card>(row.card);
  }
  return times;
}

bool is_running(CaseStatus status, const ClockRules& rules) {
  const ClockPhase phase = phase_of(status, rules.forwarded_stops);
  return phase == ClockPhase::running || phase == ClockPhase::stopped;
}

/// As the public words of a procedure are in use; an unmapped status is one that goes on.
constexpr std::array<std::pair<std::string_view, std::string_view>, 18> wordings{
    {{"submitted", "已提交"},
     {"pre_rejected", "请补充材料"},
     {"received", "已接件"},
     {"correcting", "待补正"},
     {"not_accepted", "不予受理"},
     {"accepted", "已受理"},
     {"reviewing", "审核中"},
     {"approving", "审批中"},
     {"suspended", "特别程序中"},
     {"forwarded", "已转报上级"},
     {"extended", "延期办理"},
     {"approved", "已办结"},
     {"rejected", "已办结"},
     {"finished", "已办结"},
     {"returned", "已退件"},
     {"withdrawn", "申请人撤回"},
     {"deemed", "超时默认同意"},
     {"unknown", "办理中"}}};

}  // namespace

std::string_view public_wording(std::string_view status) {
  for (const auto& [word, text] : wordings) {
    if (word == status) {
      return text;
    }
  }
  return {};
}

CaseJudge::CaseJudge(ApprovalRules rules, Calendar calendar)
    : rules_(std::move(rules)),
      calendar_(std::move(calendar)),
      clock_(WorkingDays(calendar_), rules_.clock) {}

void CaseJudge::judge(CaseRow& row, Instant now) const {
  row.shown_status = public_status(row, rules_);
  CaseTimes times = times_of(row);
  const Verdict verdict = clock_.judge(times, now, false);
  // Grey says nothing that is not in the status; the source's own grey stays.
  const bool says = verdict.light != Light::grey || verdict.light_source == LightSource::upstream;
  row.shown_light = says || is_running(times.status, rules_.clock) ? to_text(verdict.light) : "";
  row.shown_card = to_text(verdict.card);
  row.light_source = row.shown_light.empty() ? "" : to_text(verdict.light_source);
  row.overdue_days = static_cast<std::uint32_t>(std::max(verdict.overdue_days, 0));
  row.estimated = verdict.estimated;
  row.mismatch = verdict.mismatch;
  if (times.due_promised) {
    times.due_promised = times.due_statutory = std::nullopt;
    const auto own = clock_.judge(times, now, false).due_promised;
    row.own_due = own ? to_text(*own) : "";
  } else {
    row.own_due = verdict.due_promised ? to_text(*verdict.due_promised) : "";
  }
  const auto& change = row.overdue_days != 0 ? verdict.next_change : verdict.next_turn;
  row.judge_at = change ? change->utc_ms : 0;
}

std::string CaseJudge::rules_text() const {
  const ClockRules& clock = rules_.clock;
  std::string out = rules_.name_refusals ? "named" : "unnamed";
  for (const int number :
       {static_cast<int>(clock.rounding), static_cast<int>(clock.yellow_days), clock.forwarded_stops ? 1 : 0,
        clock.stage_warns ? 1 : 0, static_cast<int>(clock.notify_days), static_cast<int>(clock.red_card_days),
        static_cast<int>(clock.stop_red_days)}) {
    out += " " + std::to_string(number);
  }
  for (const WorkSpan& span : clock.hours) {
    out += " " + std::to_string(span.from) + "-" + std::to_string(span.to);
  }
  for (const Calendar::Mark& mark : calendar_.marks()) {
    out += (mark.off ? " off " : " on ") + std::to_string(mark.date.days);
  }
  for (const int year : calendar_.years()) {
    out += " known " + std::to_string(year);
  }
  return out;
}

}  // namespace lobby::hall
