#include "daemon/hall/decide.hpp"

#include "daemon/hall/deciding.hpp"

namespace lobby::hall {

namespace {

constexpr std::uint64_t behind_ms = 2 * 60'000;

}  // namespace

Decision decide(const State& state, const Site& site, const Command& command, const Context& context) {
  const deciding::Asked asked{.state = state, .site = site, .context = context};
  return std::visit([&](const auto& one) { return deciding::on(asked, one); }, command);
}

bool day_is_due(const State& state, Instant now) {
  return state.date < local_date(now) && state.last_at.utc_ms <= now.utc_ms;
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
