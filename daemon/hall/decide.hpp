#pragma once

#include <string>
#include <variant>
#include <vector>

#include "daemon/hall/command.hpp"
#include "daemon/hall/event.hpp"
#include "daemon/hall/site.hpp"
#include "daemon/hall/state.hpp"

namespace lobby::hall {

/// What a decision may look at besides state and site.
struct Context {
  Instant now;
  std::string by;  ///< account or device that asks
};

struct Refusal {
  Refused code{};
  std::string detail;  ///< one sentence for the person who asked; no personal data
};

/// Events in order, numbered from state.seq + 1 and stamped with the given time; or a refusal. An empty
/// vector means: nothing to record (a report of what is known already).
using Decision = std::variant<std::vector<Event>, Refusal>;

/// Pure: same arguments, same answer. Applies nothing; the caller records the events, then folds them in.
Decision decide(const State& state, const Site& site, const Command& command, const Context& context);

/// Must TurnDay be given before any other command? True when the business date of `now` is later than the
/// state's. A clock that runs behind the last event (dead battery) never makes a day due.
bool day_is_due(const State& state, Instant now);
/// Has the site's `expire_at` passed in an open day?
bool expiry_is_due(const State& state, const Site& site, Instant now);
/// Is the clock behind the last event by more than two minutes?
bool clock_is_behind(const State& state, Instant now);

}  // namespace lobby::hall
