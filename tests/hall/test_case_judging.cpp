#include <doctest/doctest.h>

#include <string>

#include "daemon/hall/case_judging.hpp"

namespace case_judging_tests {

namespace {

using namespace lobby::hall;

/// 2026 as the notice has it around the Spring Festival: off 15 to 23 February, worked on the 14th and 28th.
Calendar calendar() {
  std::vector<Calendar::Mark> marks;
  for (int day = 15; day <= 23; ++day) {
    marks.push_back({*parse_date("2026-02-" + std::to_string(day)), true});
  }
  marks.push_back({*parse_date("2026-02-14"), false});
  marks.push_back({*parse_date("2026-02-28"), false});
  return Calendar(std::move(marks), {2025, 2026, 2027});
}

CaseRow running(const std::string& accepted, const std::string& limit) {
  CaseRow row;
  row.status = "reviewing";
  row.accepted_at = accepted;
  row.promised_limit = limit;
  return row;
}

CaseRow judged(CaseRow row, const std::string& now, const ApprovalRules& rules = {}) {
  CaseJudge(rules, calendar()).judge(row, *parse_instant(now));
  return row;
}

}  // namespace

TEST_CASE("a case is green, yellow, red as its working days go by, and says when it will change") {
  const auto row = running("2026-02-13", "5 workday");  // due on the 27th
  auto at = judged(row, "2026-02-14T09:00:00+08:00");
  CHECK(at.shown_light == "green");
  CHECK(at.light_source == "own");
  CHECK(at.own_due == "2026-02-27T17:30:00.000+08:00");
  CHECK(at.shown_card.empty());
  REQUIRE(at.judge_at != 0);
  // Nothing changes before that moment, something does at it.
  const Instant change{at.judge_at, 480};
  CHECK(judged(row, to_text(Instant{at.judge_at - 1, 480})).shown_light == "green");
  CHECK(judged(row, to_text(change)).shown_light == "yellow");
  at = judged(row, "2026-02-27T17:00:00+08:00");
  CHECK(at.shown_light == "yellow");
  CHECK(at.shown_card == "warning");
  at = judged(row, "2026-02-28T09:00:00+08:00");
  CHECK(at.shown_light == "red");
  CHECK(at.shown_card == "yellow");
  CHECK(at.overdue_days == 1);
}

TEST_CASE("the source's light and due day win; that ours differ is noted for staff") {
  auto row = running("2026-02-13", "5 workday");
  row.light = "green";
  row.due_promised = "2026-03-06";
  const auto at = judged(row, "2026-02-28T09:00:00+08:00");
  CHECK(at.shown_light == "green");
  CHECK(at.light_source == "upstream");
  CHECK(at.mismatch);
  CHECK(at.own_due == "2026-02-27T17:30:00.000+08:00");
  row.due_promised = "2026-02-27";
  row.light = "";
  CHECK_FALSE(judged(row, "2026-02-25T09:00:00+08:00").mismatch);
}

TEST_CASE("what stands has a grey light, what has ended or not begun has none, what has no limit is grey") {
  auto row = running("2026-02-13", "5 workday");
  row.status = "suspended";
  row.stops = "2026-02-24/";
  CHECK(judged(row, "2026-03-20T09:00:00+08:00").shown_light == "grey");
  row.status = "finished";
  row.stops = "";
  row.finished_at = "2026-02-25";
  auto at = judged(row, "2026-03-20T09:00:00+08:00");
  CHECK(at.shown_light.empty());
  CHECK(at.light_source.empty());
  CHECK(at.judge_at == 0);
  row.status = "submitted";
  CHECK(judged(row, "2026-03-20T09:00:00+08:00").shown_light.empty());
  CHECK(judged(running("2026-02-13", ""), "2026-03-20T09:00:00+08:00").shown_light == "grey");
}

TEST_CASE("a year whose calendar is not there is counted by weekdays, and that is said") {
  CHECK_FALSE(judged(running("2026-12-30", "5 workday"), "2026-12-31T09:00:00+08:00").estimated);
  CHECK(judged(running("2027-12-30", "5 workday"), "2027-12-31T09:00:00+08:00").estimated);
}

TEST_CASE("the public is told of a refusal as of an end, unless the hall names refusals") {
  ApprovalRules named;
  named.name_refusals = true;
  for (const char* status : {"rejected", "not_accepted", "returned"}) {
    auto row = running("2026-02-13", "");
    row.status = status;
    CHECK(judged(row, "2026-02-28T09:00:00+08:00").shown_status == "finished");
    CHECK(judged(row, "2026-02-28T09:00:00+08:00", named).shown_status == status);
  }
}

TEST_CASE("nobody is told of what is void or suppressed") {
  auto row = running("2026-02-13", "");
  row.suppressed = true;
  CHECK(judged(row, "2026-02-28T09:00:00+08:00").shown_status.empty());
  row.suppressed = false;
  row.status = "void";
  CHECK(judged(row, "2026-02-28T09:00:00+08:00").shown_status.empty());
  row.status = "withdrawn";
  CHECK(judged(row, "2026-02-28T09:00:00+08:00").shown_status == "withdrawn");
}

TEST_CASE("times and limits that do not read count as nothing, not as something else") {
  auto row = running("yesterday", "five days");
  row.due_promised = "2026-13-40";
  row.stops = "then/now";
  row.light = "blue";
  row.status = "dreaming";
  const auto at = judged(row, "2026-02-28T09:00:00+08:00");
  CHECK(at.shown_light == "grey");
  CHECK(at.own_due.empty());
  CHECK(at.judge_at == 0);
}

TEST_CASE("every status has its wording but the one that nobody sees") {
  for (const auto word : Words<CaseStatus>::text) {
    CHECK_MESSAGE(public_wording(word).empty() == (word == "void"), word);
  }
  CHECK(public_wording("suspended") == "特别程序中");
  CHECK(public_wording("rejected") == "已办结");
}

TEST_CASE("rules that judge otherwise have another text") {
  const ApprovalRules rules;
  ApprovalRules other;
  const auto text = CaseJudge(rules, calendar()).rules_text();
  CHECK(CaseJudge(rules, {}).rules_text() != text);
  other.clock.yellow_days = 3;
  CHECK(CaseJudge(other, calendar()).rules_text() != text);
  other = rules;
  other.clock.hours = {{540, 1020}};
  CHECK(CaseJudge(other, calendar()).rules_text() != text);
  other = rules;
  other.name_refusals = true;
  CHECK(CaseJudge(other, calendar()).rules_text() != text);
  CHECK(CaseJudge(rules, calendar()).rules_text() == text);
}

}  // namespace case_judging_tests
