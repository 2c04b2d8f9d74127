#include "drivers/bus/unit_records.hpp"

#include <algorithm>

namespace lobby::bus {

using link::Duration;
using link::MonoTime;
using link::Status;

UnitRecords::UnitRecords(Duration late) : late_(late) {
  forget();
}

void UnitRecords::forget() {
  for (Unit& unit : units_) {
    unit = Unit{unit.counts, std::min(unit.failures, suspect_after), 0, late_, {}, false, {}};
  }
  suspects_from_ = {};
}

Duration UnitRecords::late_of(const Exchange& exchange) const {
  const Unit& unit = units_[exchange.address.value];
  return unit.silences >= dead_after ? Duration::zero() : unit.late;
}

MonoTime UnitRecords::not_before(const Exchange& exchange) const {
  const Unit& unit = units_[exchange.address.value];
  const bool may_answer =
      exchange.kind != Exchange::Kind::broadcast && unit.silences > 0 && !unit.was_waited_for;
  return may_answer ? unit.silent_at + unit.late : MonoTime{};
}

bool UnitRecords::is_welcome(const Exchange& exchange, MonoTime now) const {
  const Unit& unit = units_[exchange.address.value];
  return exchange.kind == Exchange::Kind::broadcast || exchange.is_probe || unit.failures < suspect_after ||
         (now >= suspects_from_ && now >= unit.rests_until);
}

void UnitRecords::record(const Exchange& exchange, const Heard& heard, MonoTime began, MonoTime now) {
  const Status status = heard.reply.status;
  if (exchange.kind == Exchange::Kind::broadcast || status == Status::gone) {
    return;
  }
  Unit& unit = units_[exchange.address.value];
  count(unit.counts, status);
  // A unit of which nothing but rubbish is heard bears no witness against others.
  if (heard.was_stray && unit.failures == 0) {
    blame(began);
  }
  const bool has_failed = status == Status::timeout || status == Status::corrupt;
  const bool is_silent = status == Status::timeout && !heard.was_late;
  unit.was_waited_for = late_of(exchange) > Duration::zero() || late_ == Duration::zero();
  if (exchange.is_probe && is_silent) {
    unit.silent_at = now;
    return;
  }
  unit.failures = has_failed ? unit.failures + 1 : 0;
  unit.silences = is_silent ? unit.silences + 1 : 0;
  unit.silent_at = is_silent ? now : unit.silent_at;
  if (!has_failed) {
    unit.late = late_;
  }
  if (unit.failures >= suspect_after) {
    suspects_from_ = now + patience * (now - began);
    unit.rests_until = now + rest(unit.failures, now - began);
  }
}

/// As long as the failure took, twice that, and so on: on a bad line a good unit fails several times, too.
Duration UnitRecords::rest(int failures, Duration cost) {
  constexpr int most_doublings = 10;
  const auto growing = cost * (1 << std::min(failures - suspect_after, most_doublings));
  const double dear = std::chrono::duration<double>(cost) / (2 * std::chrono::duration<double>(dearest));
  return std::min({growing, std::chrono::duration_cast<Duration>(dear * cost), longest_rest});
}

/// Somebody spoke out of turn: who was silent shortly before? The dead are waited for again, the living
/// longer.
void UnitRecords::blame(MonoTime now) {
  for (Unit& unit : units_) {
    if (unit.silent_at == MonoTime{} || unit.silent_at + longest_late < now) {
      continue;
    }
    if (unit.was_waited_for) {
      unit.late = std::min(2 * unit.late, longest_late);
    }
    unit.silences = 0;
  }
}

void UnitRecords::count(UnitCounts& counts, Status status) {
  counts.asked += 1;
  counts.answered += status == Status::ok || status == Status::refused ? 1 : 0;
  counts.refused += status == Status::refused ? 1 : 0;
  counts.timeouts += status == Status::timeout ? 1 : 0;
  counts.corrupt += status == Status::corrupt ? 1 : 0;
}

}  // namespace lobby::bus
