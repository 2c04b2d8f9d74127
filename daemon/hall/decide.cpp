#include "daemon/hall/decide.hpp"

#include <algorithm>

#include "daemon/hall/deciding.hpp"

namespace lobby::hall {

namespace {

constexpr std::uint64_t behind_ms = 2 * 60'000;

}  // namespace

Decision decide(const State& state, const Site& site, const Command& command, const Context& context) {
  Instant now = context.now;
  now.utc_ms = std::max(now.utc_ms, state.last_at.utc_ms);
  const deciding::Asked asked{.state = state, .site = site, .context = context, .now = now};
  return std::visit([&](const auto& one) { return deciding::on(asked, one); }, command);
}

bool day_is_due(const State& state, Instant now) {
  return state.date < local_date(now) && state.last_at.utc_ms <= now.utc_ms;
}

bool expiry_is_due(const State& state, const Site& site, Instant now) {
  return site.rules.expire_at_min >= 0 && !state.day_closed && state.date == local_date(now) &&
         local_minute(now) >= site.rules.expire_at_min && state.last_at.utc_ms <= now.utc_ms;
}

bool clock_is_behind(const State& state, Instant now) {
  // Unsigned: the distance of two moments fits, however far apart they are.
  const auto ahead =
      static_cast<std::uint64_t>(state.last_at.utc_ms) - static_cast<std::uint64_t>(now.utc_ms);
  return now.utc_ms < state.last_at.utc_ms && ahead > behind_ms;
}

namespace deciding {

Refusal refuse_unknown(const TicketId& ticket) {
  return refuse(Refused::unknown_ticket, "there is no ticket " + std::to_string(ticket.value) + " today");
}

Refusal refuse_unknown(const WindowId& window) {
  return refuse(Refused::unknown_window, "there is no window `" + window.value + "`");
}

Refusal refuse_unknown(const ServiceId& service) {
  return refuse(Refused::unknown_service, "there is no service `" + service.value + "`");
}

Refusal refuse_state(const State& state, const Ticket& ticket) {
  return refuse(Refused::wrong_state,
                "ticket " + state.number_of(ticket) + " is " + std::string{to_text(ticket.state)});
}

std::optional<Refusal> refuse_unless_served(const Window& window, const Service& service) {
  if (serves(window, service)) {
    return std::nullopt;
  }
  const std::string words = "window `" + window.id.value + "` does not serve `" + service.id.value + "`";
  if (service.kind == ServiceKind::joint) {
    return refuse(Refused::joint_only, words + ": it is handled at windows of the joint category `" +
                                           service.joint_category + "` only");
  }
  return refuse(Refused::not_served_here, words);
}

Instant place_first(const Asked& asked, std::optional<std::int64_t> front_ms) {
  Instant at = asked.now;
  const std::int64_t overdue_ms = at.utc_ms - std::int64_t{asked.site.lanes.anyone_after_s} * 1000;
  at.utc_ms = std::max(overdue_ms, front_ms ? std::min(at.utc_ms, *front_ms - 1) : at.utc_ms);
  return at;
}

Instant place_in(const Asked& asked, const Line& line, QueuePlace place, const Ticket& ticket) {
  Instant at = asked.now;
  const auto all = line.entries();
  switch (place) {
    case QueuePlace::keep:
      at.utc_ms = ticket.place_ms;
      break;
    case QueuePlace::head:
      return place_first(asked, all.empty() ? std::nullopt : std::optional(all.front().place_ms));
    case QueuePlace::tail:
      at.utc_ms = all.empty() ? at.utc_ms : std::max(at.utc_ms, all.back().place_ms + 1);
      break;
  }
  return at;
}

Instant place_at_once(const Asked& asked) {
  Instant at = asked.now;
  at.utc_ms -= std::int64_t{asked.site.lanes.anyone_after_s} * 1000;
  return at;
}

std::optional<Refusal> refuse_without_day(const Asked& asked) {
  if (asked.state.date == Date{} || day_is_due(asked.state, asked.context.now)) {
    return refuse(Refused::wrong_state, "the business day has not been opened");
  }
  return std::nullopt;
}

AboutTicket about(const State& state, const Ticket& ticket) {
  const bool known = ticket.service < state.services.size();
  return {.ticket = ticket.id,
          .number = state.number_of(ticket),
          .service = known ? state.services[ticket.service].id : ServiceId{}};
}

}  // namespace deciding

}  // namespace lobby::hall
