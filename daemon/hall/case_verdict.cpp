#include "daemon/hall/case_verdict.hpp"

#include <algorithm>

namespace lobby::hall {

namespace {

constexpr std::int64_t ms_per_hour = 3'600'000;

bool is_short(LimitUnit unit) {
  return unit == LimitUnit::hour || unit == LimitUnit::immediate;
}

}  // namespace

CaseVerdict::CaseVerdict(const WorkingDays& days, const ClockRules& rules, const CaseTimes& times,
                         std::int32_t offset_min)
    : rules_(rules),
      times_(times),
      clock_(days, rules.hours, offset_min),
      running_(clock_, times.stops),
      phase_(phase_of(times.status, rules.forwarded_stops)) {
  if (times.accepted) {
    accepted_ = clock_.late(*times.accepted);
    accepted_day_ = clock_.day_of(*times.accepted);
  }
  const auto own_promised = own_due(times.promised);
  const auto own_statutory = own_due(times.statutory);
  promised_ = times.due_promised ? told_due(times.due_promised) : own_promised;
  statutory_ = times.due_statutory ? told_due(times.due_statutory) : own_statutory;
  stage_ = told_due(times.stage_due);
  due_differs_ = differ(times.due_promised, own_promised) || differ(times.due_statutory, own_statutory);
  if (times.status == CaseStatus::received && times.applied) {
    const auto due = days.due(clock_.day_of(*times.applied), rules.notify_days);
    notify_ = Due{clock_.close_of(due.date), due.date, false, due.estimated};
  }
}

std::optional<Instant> CaseVerdict::end_of(const RunningTime& running, Limit limit, const When& from) const {
  const Date day = clock_.day_of(from);
  const auto close = [this](std::optional<Date> last) {
    return last ? std::optional(clock_.close_of(*last)) : std::nullopt;
  };
  const auto after = [&](std::int64_t ms) {
    const auto end = running.reach(clock_.late(from), ms);
    return end && rules_.rounding == Rounding::hours ? std::optional(clock_.full_hour(*end)) : end;
  };
  switch (limit.unit) {
    case LimitUnit::workday:
      return is_whole_days() ? close(running.nth_day(day, limit.n)) : after(limit.n * clock_.ms_per_day());
    case LimitUnit::day:
      return close(running.nth_calendar_day(day, limit.n));
    case LimitUnit::hour:
      return after(limit.n * ms_per_hour);
    case LimitUnit::immediate: {
      const bool today = running.is_running(day) && clock_.late(from) <= clock_.close_of(day);
      return close(today ? day : running.nth_day(day, 1));
    }
    case LimitUnit::none:
      break;
  }
  return std::nullopt;
}

Date CaseVerdict::last_day(Instant end) const {
  return clock_.day_of(Instant{end.utc_ms - 1, end.offset_min});
}

std::optional<CaseVerdict::Due> CaseVerdict::own_due(Limit limit) const {
  if (!times_.accepted || times_.status == CaseStatus::extended) {
    return std::nullopt;
  }
  const auto end = end_of(running_, limit, *times_.accepted);
  if (!end) {
    return std::nullopt;
  }
  const bool needs_hour =
      limit.unit == LimitUnit::hour || (limit.unit == LimitUnit::workday && !is_whole_days());
  const Date last = last_day(*end);
  const bool is_guess =
      clock_.days().is_estimated(accepted_day_, last) || (needs_hour && clock_.is_day(*times_.accepted));
  return Due{*end, last, false, is_guess};
}

std::optional<CaseVerdict::Due> CaseVerdict::told_due(const std::optional<When>& when) const {
  if (!when) {
    return std::nullopt;
  }
  return Due{clock_.late(*when), clock_.day_of(*when), true, false};
}

bool CaseVerdict::differ(const std::optional<When>& told, const std::optional<Due>& own) const {
  return told && own && !own->estimated && clock_.day_of(*told) != own->day;
}

CaseVerdict::Measure CaseVerdict::measure() const {
  const bool is_promised = promised_ || (times_.promised.unit != LimitUnit::none && accepted_ &&
                                         times_.status != CaseStatus::extended);
  return is_promised ? Measure{&times_.promised, &promised_} : Measure{&times_.statutory, &statutory_};
}

std::optional<Instant> CaseVerdict::reference(Instant now) const {
  Instant at = now;
  if (phase_ == ClockPhase::ended) {
    if (!times_.finished) {
      return std::nullopt;
    }
    at = clock_.early(*times_.finished);
  }
  const auto* stop = running_.standing(at);
  const bool is_untold = phase_ == ClockPhase::stopped && stop == nullptr;
  if (phase_ == ClockPhase::not_started || is_untold) {
    return std::nullopt;
  }
  return stop != nullptr ? stop->from : at;
}

std::int32_t CaseVerdict::full_days(std::int64_t ms) const {
  constexpr std::int64_t most = WorkingDays::horizon;
  return static_cast<std::int32_t>(std::clamp(ms / clock_.ms_per_day(), -most, most));
}

void CaseVerdict::count(Verdict& verdict, Instant ref) const {
  const Date ref_day = clock_.day_of(ref);
  const std::int64_t round_up = clock_.ms_per_day() - 1;
  if (accepted_) {
    verdict.used = is_whole_days() ? running_.days(accepted_day_, ref_day)
                                   : std::max(0, full_days(running_.ms(*accepted_, ref)));
  }
  const auto [limit, due] = measure();
  if (!*due) {
    if (limit->unit == LimitUnit::workday && verdict.used && times_.status != CaseStatus::extended) {
      verdict.left = limit->n - *verdict.used;
    }
    return;
  }
  const Date due_day = (*due)->day;
  if (ref > (*due)->at) {
    const std::int32_t over = is_whole_days() ? running_.days(due_day, ref_day)
                                              : full_days(running_.ms((*due)->at, ref) + round_up);
    verdict.overdue_days = std::max(1, over);
    verdict.left = -verdict.overdue_days;
  } else if (is_whole_days()) {
    verdict.left = running_.days(accepted_ ? std::max(ref_day, accepted_day_) : ref_day, due_day);
  } else {
    const Instant from = accepted_ ? std::max(ref, *accepted_) : ref;
    verdict.left = std::max(0, full_days(running_.ms(from, (*due)->at) + round_up));
  }
}

bool CaseVerdict::is_estimated(Instant ref) const {
  const WorkingDays& days = clock_.days();
  const Date ref_day = clock_.day_of(ref);
  const auto* due = measure().due;
  return (accepted_ && accepted_day_ < ref_day && days.is_estimated(accepted_day_, ref_day)) ||
         (*due && days.is_estimated(ref_day, (*due)->day));
}

CaseVerdict::Lateness CaseVerdict::lateness(Instant ref) const {
  const auto is_over = [ref](const std::optional<Due>& due) { return due && ref > due->at; };
  return {is_over(promised_), is_over(statutory_), rules_.stage_warns && is_over(stage_)};
}

Light CaseVerdict::own_light(const Verdict& verdict, const Lateness& late) const {
  if (late.promise || late.statute) {
    return Light::red;
  }
  const auto [limit, due] = measure();
  const bool is_near = *due && verdict.left && *verdict.left <= rules_.yellow_days && !is_short(limit->unit);
  if (is_near || late.stage) {
    return Light::yellow;
  }
  return *due || (stage_ && rules_.stage_warns) ? Light::green : Light::grey;
}

Card CaseVerdict::own_card(const Verdict& verdict, const Lateness& late) const {
  const bool far_over = rules_.red_card_days > 0 && verdict.overdue_days >= rules_.red_card_days;
  if (late.statute || far_over) {
    return Card::red;
  }
  return late.promise ? Card::yellow : Card::none;
}

std::optional<std::pair<Instant, Instant>> CaseVerdict::stop_deadlines(const Stop& stop) const {
  const auto end = end_of(RunningTime(clock_, {}), times_.stop_limit, stop.from);
  if (!end) {
    return std::nullopt;
  }
  const Date last = clock_.days().add(last_day(*end), std::max(0, rules_.stop_red_days)).date;
  return std::pair{*end, std::max(*end, clock_.close_of(last))};
}

Card CaseVerdict::stop_card(Instant now) const {
  const Stop* current = nullptr;
  for (const Stop& stop : times_.stops) {
    const bool covers = clock_.early(stop.from) <= now && (!stop.to || now < clock_.early(*stop.to));
    if (covers && (current == nullptr || clock_.early(current->from) < clock_.early(stop.from))) {
      current = &stop;
    }
  }
  const auto deadlines = current != nullptr ? stop_deadlines(*current) : std::nullopt;
  if (!deadlines || now <= deadlines->first) {
    return Card::none;
  }
  return now > deadlines->second ? Card::red : Card::yellow;
}

void CaseVerdict::show(Verdict& verdict, Instant now, const Lateness& late) const {
  const bool stands = running_.standing(now) != nullptr;
  Card card = own_card(verdict, late);
  if (phase_ == ClockPhase::running && !stands) {
    const Light own = own_light(verdict, late);
    verdict.light = times_.light.value_or(own);
    verdict.light_source = times_.light ? LightSource::upstream : LightSource::own;
    verdict.severe = verdict.light == Light::red && late.statute;
    verdict.mismatch = times_.light && own != Light::grey && own != *times_.light;
    if (own == Light::yellow) {
      card = std::max(card, Card::warning);
    }
  } else if (phase_ == ClockPhase::running) {
    verdict.mismatch = true;
  } else if (phase_ == ClockPhase::stopped) {
    verdict.mismatch = !times_.stops.empty() && !stands;
  }
  if (times_.status == CaseStatus::suspended) {
    card = std::max(card, stop_card(now));
  }
  verdict.card = times_.card.value_or(card);
  if (phase_ == ClockPhase::ended && verdict.card == Card::warning) {
    verdict.card = Card::none;
  }
  const bool is_settled = phase_ == ClockPhase::ended || (phase_ == ClockPhase::running && !stands);
  verdict.mismatch = verdict.mismatch || (is_settled && due_differs_);
}

Verdict CaseVerdict::at(Instant now) const {
  Verdict verdict;
  const bool stop_is_untold = phase_ == ClockPhase::stopped && running_.standing(now) == nullptr;
  const auto show_due = [&](std::optional<Instant>& out, const std::optional<Due>& due) {
    if (due && (due->is_told || !stop_is_untold)) {
      out = due->at;
      verdict.estimated = verdict.estimated || due->estimated;
    }
  };
  show_due(verdict.due_promised, promised_);
  show_due(verdict.due_statutory, statutory_);
  show_due(verdict.notify_due, notify_);
  verdict.deemed_accepted = notify_ && now > notify_->at;
  Lateness late;
  if (const auto ref = reference(now)) {
    count(verdict, *ref);
    late = lateness(*ref);
    verdict.estimated = verdict.estimated || is_estimated(*ref);
  }
  show(verdict, now, late);
  return verdict;
}

}  // namespace lobby::hall
