#include "daemon/hall/case_clock.hpp"

#include <utility>

#include "daemon/hall/case_verdict.hpp"

namespace lobby::hall {

namespace {

Verdict shown(Verdict verdict, bool stale) {
  if (stale) {
    verdict.light = Light::grey;
    verdict.light_source = LightSource::own;
    verdict.severe = false;
  }
  return verdict;
}

Verdict without_counters(Verdict verdict) {
  verdict.used = verdict.left = std::nullopt;
  verdict.overdue_days = 0;
  return verdict;
}

}  // namespace

CaseClock::CaseClock(WorkingDays days, ClockRules rules) : days_(std::move(days)), rules_(std::move(rules)) {
  rules_.hours = usable_hours(std::move(rules_.hours));
}

Verdict CaseClock::judge(const CaseTimes& times, Instant now, bool stale) const {
  const CaseVerdict one(days_, rules_, times, now.offset_min);
  Verdict verdict = shown(one.at(now), stale);
  const Verdict bare = verdict;
  const Verdict lasting = without_counters(bare);
  for (const Instant at : one.turns(now)) {
    const Verdict then = shown(one.at(at), stale);
    if (!verdict.next_change && then != bare) {
      verdict.next_change = at;
    }
    if (without_counters(then) != lasting) {
      verdict.next_turn = at;
      break;
    }
  }
  return verdict;
}

}  // namespace lobby::hall
