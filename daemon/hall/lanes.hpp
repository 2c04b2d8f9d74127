#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/hall/site.hpp"
#include "daemon/hall/state.hpp"

/// Whom a window calls next, and how long anyone can be passed over.
///
/// In this order: the exempt; whoever has waited `anyone_after_s`, the earliest first; the conditions of the
/// window's profile; its turns in weighted rounds. Who waits for this window alone stands among the others,
/// by lane and place; so does who waits for a paused one and is overdue. Whoever comes before a slot that is
/// booked goes when nobody else waits. Every choice but the exempt one ends for a waiting ticket: once it has
/// waited `anyone_after_s`, only tickets with an earlier place go before it, and nobody gets such a place any
/// more (deciding.hpp, place_at_once).
namespace lobby::hall {

struct Pick {
  const Ticket* ticket = nullptr;
  std::vector<std::uint32_t> round;  ///< the window's round when this ticket was called
};

/// nullopt: nobody waits whom the window may call.
std::optional<Pick> pick_next(const State& state, const Site& site, const Window& window, Instant now);

/// The first of one line whom a window may call.
struct Head {
  Line::Entry entry;
  Lane lane{};
  const Service* service = nullptr;
};
/// By which rules a window calls.
struct Caller {
  const Profile* profile = nullptr;
  std::vector<ProfileTurn> turns;
};
Caller caller_of(const Site& site, const Window& window);
/// The rules alone: which of `heads` goes next at a moment, and what the window's round becomes by it.
/// nullptr: there are none.
const Head* choose(const Site& site, const Caller& caller, std::span<const Head> heads,
                   std::vector<std::uint32_t>& round, std::int64_t now_ms);

/// The turns of a window: its profile's, or the two that the lanes rule makes (preferred lanes, all others).
std::vector<ProfileTurn> turns_of(const Site& site, const Window& window);

/// How many stand before a ticket of this lane and place in the queue of a service, by the lanes rule.
std::uint32_t ahead_of(const Site& site, const ServiceState& service, Lane lane, Line::Entry entry);

/// The promise that no order of arrivals starves a ticket, of one window.
struct WaitBound {
  std::uint32_t anyone_after_s = 0;  ///< from then on only earlier tickets go first: one call for each
  std::uint32_t round_calls = 0;  ///< and before: calls of one full round, in which each turn gets its share
  std::vector<Lane> exempt;       ///< not counted
  bool complaint_exempt = false;
};
WaitBound bound_of(const Site& site, const Window& window);

}  // namespace lobby::hall
