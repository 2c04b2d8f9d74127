#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "tests/sim/approval_matters.hpp"
#include "tests/sim/case_book.hpp"
#include "tests/sim/case_book_words.hpp"

namespace lobby::sim {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr hours closing{17};

std::string_view stage_of(std::string_view status) {
  if (status == "submitted" || status == "pre_rejected") {
    return "预审";
  }
  if (status == "received" || status == "correcting" || status == "not_accepted") {
    return "接件";
  }
  if (status == "accepted" || status == "suspended" || status == "extended") {
    return "受理兼审查";
  }
  return has_ended(status) ? "办结" : "审核兼审批";
}

/// The end of a limit that began then.
CaseBook::Wall due(const ApprovalCalendar& calendar, CaseBook::Wall from, const std::string& text) {
  const Limit limit = parse_limit(text);
  const Day day = day_of(from);
  if (limit.unit == "hour") {
    return from + hours(limit.n);
  }
  if (limit.unit == "day") {
    return midnight(day + days(limit.n)) + closing;
  }
  return midnight(limit.unit == "workday" ? calendar.after(day, limit.n) : day) + closing;
}

}  // namespace

Limit parse_limit(const std::string& text) {
  Limit limit;
  if (text == "immediate") {
    limit.unit = text;
    return limit;
  }
  const char* const end = text.data() + text.size();
  const auto [behind, error] = std::from_chars(text.data(), end, limit.n);
  if (error == std::errc() && behind != end && *behind == ' ') {
    limit.unit = std::string(behind + 1, end);
  }
  return limit;
}

void CaseBook::date(ApprovalCase& one, const Slot& slot, ApprovalDice& dice) const {
  const Wall opened = midnight(slot.day) + hours(8) + minutes(30);
  const Wall applied = std::min(opened + minutes(static_cast<int>(dice.below(25))), std::max(today_, opened));
  one.applied_at = to_rfc3339(applied);
  const std::string_view status = status_of(slot);
  const bool is_accepted = is_running(status) || status == "suspended" ||
                           (has_ended(status) && status != "not_accepted" && status != "withdrawn");
  const Wall updated{std::chrono::seconds(slot.updated_s)};
  one.finished_at = has_ended(status) ? to_rfc3339(updated) : "";
  if (!is_accepted) {
    return;
  }
  const Wall accepted = applied + minutes(static_cast<int>(dice.below(5)));
  one.accepted_at = to_rfc3339(accepted);
  const std::string& promised = one.promised_limit;
  const Wall due_at = due(calendar_, accepted, promised);
  const bool is_extended = status == "extended";
  one.due_promised = to_rfc3339(is_extended ? due(calendar_, due_at, "10 workday") : due_at);
  one.due_statutory = to_rfc3339(due(calendar_, accepted, one.statutory_limit));
  one.stage_due = has_ended(status) ? "" : to_rfc3339(due(calendar_, accepted, "2 workday"));
  const std::string next_day = to_rfc3339(midnight(calendar_.after(slot.day, 1)) + hours(9));
  if (status == "suspended") {
    one.stops.push_back({next_day, ""});
    one.stop_limit = "10 workday";
  } else if (dice.below(10) == 0) {
    one.stops.push_back({next_day, to_rfc3339(midnight(calendar_.after(slot.day, 3)) + hours(9))});
    one.stop_limit = "5 workday";
  }
}

void CaseBook::judge(ApprovalCase& one) const {
  if (one.status == "suspended" || one.status == "correcting") {
    one.light = "grey";
    return;
  }
  const std::optional<Day> promised = parse_day(one.due_promised);
  const std::optional<Day> statutory = parse_day(one.due_statutory);
  if (!is_running(one.status) || !promised || !statutory) {
    return;
  }
  const Day today = day_of(now_);
  const bool is_over = *promised < today;
  const bool is_near = *promised <= calendar_.after(today, 2);
  one.light = is_over ? "red" : is_near ? "yellow" : "green";
  one.card = *statutory < today ? "red" : is_over ? "yellow" : is_near ? "warning" : "";
}

/// From dice of its own, so that who asks only for people need not have the whole case made.
Applicant CaseBook::make_applicant(const Slot& slot) const {
  ApprovalDice dice(seed_, slot.number);
  const auto matters = approval_matters();
  const bool for_organisations = matters[dice.below(matters.size())].for_organisations;
  ApprovalDice people(seed_ + 1, slot.number);
  return lobby::sim::make_applicant(people, for_organisations);
}

ApprovalCase CaseBook::make(const Slot& slot) const {
  ApprovalDice dice(seed_, slot.number);
  const auto matters = approval_matters();
  const ApprovalMatter& matter = matters[dice.below(matters.size())];
  ApprovalCase one;
  one.id = fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", dice.roll() >> 32, dice.roll() >> 48,
                       dice.roll() >> 52, dice.roll() >> 52, dice.roll() >> 16);
  one.case_no = case_no(slot);
  one.query_code = fmt::format("{:06}", dice.below(1'000'000));
  one.region_code = area_;
  one.matter_code = matter.code;
  one.matter_name = matter.name;
  one.dept_code = matter.dept_code;
  one.dept_name = matter.dept_name;
  one.kind = matter.kind;
  one.promised_limit = matter.promised;
  one.statutory_limit = matter.statutory;
  one.applicant = make_applicant(slot);
  one.status = status_of(slot);
  one.stage_name = stage_of(one.status);
  if (slot.dated) {
    date(one, slot, dice);
  }
  judge(one);
  one.return_count = one.status == "returned" ? 2 : dice.below(15) == 0 ? 1 : 0;
  if (dice.below(2) == 0) {
    one.queue_ticket = fmt::format("A{:03}", 1 + dice.below(999));
    one.window_no = fmt::format("{}", 1 + dice.below(60));
  }
  return one;
}

}  // namespace lobby::sim
