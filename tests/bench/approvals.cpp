#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <vector>

#include "daemon/devices/feed_message.hpp"
#include "tests/bench/bare_cases.hpp"
#include "tests/bench/benches.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/source_house.hpp"
#include "tests/support/process.hpp"

namespace lobby::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned changed = 1'000;

/// What this process has used of the processors; a machine that others use too spends more time than that.
double processor_ms() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) / 1e6;
}

/// A case as a mapping of a real system fills it, the higher the newer; `turn` changes what it says: 0 stands
/// for the past weeks, then comes one moment of today after another.
std::string case_line(unsigned number, unsigned all, unsigned turn) {
  constexpr const char* statuses[] = {"accepted", "reviewing", "approving", "finished"};
  const unsigned day = 1 + number * 28 / all;
  hall::CaseRow row;
  row.id = fmt::format("{:08x}-4b1d-4c3e-9f00-{:012x}", number * 2654435761U, number);
  row.case_no = fmt::format("510682202602{:02}{:06}", day, number);
  row.query_code = fmt::format("{:06}", number % 1'000'000);
  row.region_code = "510682";
  row.matter_code = fmt::format("11510682008{:06}4000109{:03}", number % 300, number % 7);
  row.matter_name = "食品经营许可(小餐饮)变更";
  row.dept_code = "11510682MB1";
  row.dept_name = "什邡市行政审批局";
  row.matter_kind = "promised";
  row.applicant_type = "person";
  row.applicant_display = "张**";
  row.applicant_key = fmt::format("{:016x}{:016x}", number * 0x9e3779b97f4a7c15U, number);
  row.applied_at = fmt::format("2026-02-{:02}T09:{:02}:11+08:00", day, number % 60);
  row.accepted_at = fmt::format("2026-02-{:02}T10:{:02}:45+08:00", day, number % 60);
  row.due_promised = fmt::format("2026-03-{:02}T17:00:00+08:00", day);
  row.due_statutory = fmt::format("2026-04-{:02}T17:00:00+08:00", day);
  row.promised_limit = "20 workday";
  row.statutory_limit = "40 workday";
  row.stage_name = "受理兼审查";
  row.status = statuses[(number + turn) % 4];
  row.status_raw = fmt::format("{:02}", (number + turn) % 4);
  row.finished_at = row.status == "finished" ? "2026-03-13T15:20:00+08:00" : "";
  row.updated_at = turn == 0 ? fmt::format("2026-03-{:02}T{:02}:{:02}:{:02}+08:00", 1 + number % 14,
                                           8 + number % 9, number % 60, number % 59)
                             : fmt::format("2026-03-16T08:{:02}:{:02}+08:00", turn / 60 % 60, turn % 60);
  row.light = "green";
  row.upstream_version = std::to_string(turn);
  std::string line = R"({"kind":"case","return_count":0,"suppressed":false)";
  each_text(row, [&line](const char* name, const std::string& text) {
    line += fmt::format(",\"{}\":\"{}\"", name, text);
  });
  return line + "}";
}

void first_answer(House& house, unsigned cases) {
  std::vector<std::string> rows;
  for (unsigned i = 0; i < cases; ++i) {
    rows.push_back(case_line(i, cases, 0));
  }
  const double ms = std::chrono::duration<double, std::milli>(house.give(true, rows)).count();
  const double same = std::chrono::duration<double, std::milli>([&] {
                        rows[0] = case_line(0, cases, 1);
                        return house.give(true, rows);
                      }())
                          .count();
  fmt::print(
      "{} cases           the first answer {:.0f} ms, one that says the same but for a case {:.0f} ms\n",
      cases, ms, same);
}

/// What lobbyd does with "nothing new", beside reading such a line.
void nothing_new(House& house, int count) {
  const std::string line =
      R"({"kind":"fresh","what":"cases","age_ms":12,"rows":0,"skipped":0,"unknown_status":0,"bad_values":0,)"
      R"("clock_off_s":0})";
  Figures whole;
  Figures bare;
  for (int i = 0; i < count; ++i) {
    const auto begin = Clock::now();
    house.script->events.line(line);
    house.loop.io.poll();
    whole.add(Clock::now() - begin);
    const auto parse = Clock::now();
    if (!devices::feed_lines::parse(line)) {
      throw std::runtime_error("a fresh line is not read");
    }
    bare.add(Clock::now() - parse);
  }
  fmt::print(
      "nothing new            p50 {:.4f} ms  p99 {:.4f} ms = {:.1f} x the bare line's p50 of {:.4f} ms (aim "
      "< "
      "1 "
      "ms)\n",
      whole.percentile(50), whole.percentile(99), whole.percentile(50) / bare.percentile(50),
      bare.percentile(50));
}

/// Polls in which 1,000 cases moved, `which` of them.
void poll(House& house, BareCases& bare, const char* name, unsigned all, int polls,
          const std::function<unsigned(unsigned turn, unsigned i)>& which) {
  Figures floor;
  Figures whole;
  double used_ms = 0;
  for (int n = 0; n < polls; ++n) {
    const unsigned turn = ++house.turn;
    std::vector<std::string> rows;
    for (unsigned i = 0; i < changed; ++i) {
      rows.push_back(case_line(which(turn, i), all, turn));
    }
    const double before = processor_ms();
    whole.add(house.give(false, rows));
    used_ms += processor_ms() - before;
    floor.add(bare.follow());
    if (bare.rows() != changed) {
      throw std::runtime_error(fmt::format("{} rows were kept of {}", bare.rows(), changed));
    }
  }
  fmt::print(
      "1,000 of {} move    p50 {:.1f} ms  worst {:.1f} ms, {:.1f} ms of processor = {:.2f} x one bare SQLite "
      "transaction of {:.1f} ms (aim < 50 ms with 200,000 cases)\n",
      name, whole.percentile(50), whole.percentile(100), used_ms / polls,
      whole.percentile(50) / floor.percentile(50), floor.percentile(50));
}

}  // namespace

void approvals(int cases, int polls) {
  const tests::TemporaryFolder folder;
  House house(folder.path());
  const auto all = static_cast<unsigned>(cases);
  first_answer(house, all);
  BareCases bare(folder.path() + "/approvals.db", folder.path());
  poll(house, bare, "the newest", all, polls, [&](unsigned turn, unsigned i) {
    const unsigned newest = std::min(all, 5 * changed);
    return all - newest + (turn * 7919 + i * (newest / changed)) % newest;
  });
  poll(house, bare, "any", all, polls,
       [&](unsigned turn, unsigned i) { return (turn * 7919 + i * (all / changed)) % all; });
  nothing_new(house, polls * 100);
}

}  // namespace lobby::bench
