#pragma once

#include <optional>
#include <vector>

#include "daemon/hall/case_clock.hpp"

/// Inside of case_clock: one case being judged.
namespace lobby::hall {

class CaseVerdict {
 public:
  /// Keeps the references.
  CaseVerdict(const WorkingDays& days, const ClockRules& rules, const CaseTimes& times,
              std::int32_t offset_min);

  /// Without next_change and next_turn.
  Verdict at(Instant now) const;
  /// Later moments, ascending; among them the first at which at() is another, with and without its counters.
  std::vector<Instant> turns(Instant now) const;

 private:
  struct Due {
    Instant at;
    Date day;
    bool is_told = false;  ///< by the source
    bool estimated = false;
  };
  struct Lateness {
    bool promise = false, statute = false, stage = false;
  };
  /// What is being measured: the promise, or the statute where nothing was promised.
  struct Measure {
    const Limit* limit = nullptr;
    const std::optional<Due>* due = nullptr;
  };

  std::optional<Instant> end_of(const RunningTime& running, Limit limit, const When& from) const;
  /// Midnight ends the day before it.
  Date last_day(Instant end) const;
  std::optional<Due> own_due(Limit limit) const;
  std::optional<Due> told_due(const std::optional<When>& when) const;
  bool differ(const std::optional<When>& told, const std::optional<Due>& own) const;
  Measure measure() const;

  /// Until when time is counted: now, the end, or where the clock stopped; nullopt: nobody can tell.
  std::optional<Instant> reference(Instant now) const;
  bool is_whole_days() const { return rules_.rounding == Rounding::date; }
  std::int32_t full_days(std::int64_t ms) const;

  void count(Verdict& verdict, Instant ref) const;
  bool is_estimated(Instant ref) const;
  Lateness lateness(Instant ref) const;
  Light own_light(const Verdict& verdict, const Lateness& late) const;
  Card own_card(const Verdict& verdict, const Lateness& late) const;
  Card stop_card(Instant now) const;
  /// The two moments after which a 特别程序 that began then is a yellow and a red card.
  std::optional<std::pair<Instant, Instant>> stop_deadlines(const Stop& stop) const;
  void show(Verdict& verdict, Instant now, const Lateness& late) const;

  void add_counter_turns(std::vector<Instant>& out, Instant now) const;
  void add_day_turns(std::vector<Instant>& out, Instant now) const;
  void add_ms_turns(std::vector<Instant>& out, Instant now) const;
  void add_stop_turns(std::vector<Instant>& out) const;

  const ClockRules& rules_;
  const CaseTimes& times_;
  WorkClock clock_;
  RunningTime running_;
  ClockPhase phase_;
  std::optional<Instant> accepted_;
  Date accepted_day_;  ///< only if accepted_
  std::optional<Due> promised_, statutory_, stage_, notify_;
  bool due_differs_ = false;
};

}  // namespace lobby::hall
