#include <algorithm>

#include "daemon/hall/case_verdict.hpp"

namespace lobby::hall {

namespace {

/// A due moment is the last one in time.
Instant just_after(Instant at) {
  return {at.utc_ms + 1, at.offset_min};
}

void add_if(std::vector<Instant>& out, const std::optional<Instant>& at) {
  if (at) {
    out.push_back(*at);
  }
}

}  // namespace

std::vector<Instant> CaseVerdict::turns(Instant now) const {
  std::vector<Instant> out;
  if (phase_ == ClockPhase::ended) {
    return out;
  }
  for (const auto* due : {&promised_, &statutory_, &stage_, &notify_}) {
    if (*due) {
      out.push_back(just_after((*due)->at));
    }
  }
  if (phase_ != ClockPhase::not_started) {
    add_stop_turns(out);
    add_counter_turns(out, now);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  out.erase(out.begin(), std::upper_bound(out.begin(), out.end(), now));
  return out;
}

void CaseVerdict::add_stop_turns(std::vector<Instant>& out) const {
  for (const Stop& stop : times_.stops) {
    out.push_back(clock_.early(stop.from));
    if (stop.to) {
      out.push_back(clock_.early(*stop.to));
    }
    if (times_.status == CaseStatus::suspended) {
      if (const auto deadlines = stop_deadlines(stop)) {
        out.push_back(just_after(deadlines->first));
        out.push_back(just_after(deadlines->second));
      }
    }
  }
}

void CaseVerdict::add_counter_turns(std::vector<Instant>& out, Instant now) const {
  const WorkingDays& days = clock_.days();
  const Date today = clock_.day_of(now);
  out.push_back(clock_.start_of(days.next_estimated(today)));
  if (accepted_ && today < accepted_day_) {
    out.push_back(clock_.start_of(days.next_estimated(accepted_day_)));
  }
  if (const auto& due = *measure().due) {
    out.push_back(clock_.start_of(days.last_estimated(due->day)));
  }
  if (is_whole_days()) {
    add_day_turns(out, now);
  } else {
    add_ms_turns(out, now);
  }
}

void CaseVerdict::add_day_turns(std::vector<Instant>& out, Instant now) const {
  const auto add_day = [&](Date from, std::int32_t n) {
    if (const auto day = running_.nth_day(from, n)) {
      out.push_back(clock_.start_of(*day));
    }
  };
  const Date today = clock_.day_of(now);
  const Date from = accepted_ ? std::max(today, accepted_day_) : today;
  // The second one too: on the first day over and the one after it the same is said.
  for (const Date start : {today, from}) {
    add_day(start, 1);
    add_day(start, 2);
  }
  if (const auto& due = *measure().due) {
    const std::int32_t until_yellow = running_.days(from, due->day) - rules_.yellow_days;
    if (until_yellow > 0) {
      add_day(from, until_yellow);
    }
    if (rules_.red_card_days > 0) {
      add_day(due->day, rules_.red_card_days);
    }
  }
}

void CaseVerdict::add_ms_turns(std::vector<Instant>& out, Instant now) const {
  const std::int64_t per_day = clock_.ms_per_day();
  if (accepted_) {
    const std::int64_t used = std::max(0, full_days(running_.ms(*accepted_, now)));
    add_if(out, running_.reach(*accepted_, (used + 1) * per_day));
  }
  const auto& due = *measure().due;
  if (!due) {
    return;
  }
  if (now > due->at) {
    const std::int64_t over = std::max(1, full_days(running_.ms(due->at, now) + per_day - 1));
    add_if(out, running_.reach(due->at, over * per_day + 1));
  } else {
    // Down to the next full day, and down to where it is yellow.
    const Instant from = accepted_ ? std::max(now, *accepted_) : now;
    const std::int64_t rest = std::max<std::int64_t>(0, running_.ms(from, due->at));
    add_if(out, running_.reach(from, rest - (rest - 1) / per_day * per_day));
    add_if(out, running_.reach(from, rest - rules_.yellow_days * per_day));
  }
  if (rules_.red_card_days > 0) {
    add_if(out, running_.reach(due->at, (rules_.red_card_days - 1) * per_day + 1));
  }
}

}  // namespace lobby::hall
