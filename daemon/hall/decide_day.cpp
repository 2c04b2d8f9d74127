#include "daemon/hall/deciding.hpp"
#include "daemon/hall/printing.hpp"

namespace lobby::hall::deciding {

namespace {

bool is_unfinished(const Ticket& ticket) {
  switch (ticket.state) {
    case TicketState::waiting:
    case TicketState::called:
    case TicketState::serving:
    case TicketState::held:
      return true;
    default:
      return false;
  }
}

/// No print outlives its day without an outcome in the journal.
void settle_print(Draft& draft, const State& state, const Ticket& ticket) {
  if (ticket.print == PrintState::sending) {
    draft.add(TicketPrintUnknown{
        about_print(state, ticket, printer_of(state, ticket), "the day ended before the printer answered")});
  } else if (ticket.print_due) {
    draft.add(TicketUnprinted{
        about_print(state, ticket, printer_of(state, ticket), "the day ended before it was printed")});
  }
}

TicketExpired expired(const State& state, const Ticket& ticket) {
  TicketExpired body;
  static_cast<AboutTicket&>(body) = about(state, ticket);
  const bool was_at_window = ticket.state == TicketState::called || ticket.state == TicketState::serving;
  if (was_at_window && ticket.window < state.windows.size()) {
    body.window = state.windows[ticket.window].id;
  }
  return body;
}

void close_day(Draft& draft, const State& state) {
  DayClosed figures;
  figures.date = state.date;
  figures.issued = static_cast<std::uint32_t>(state.tickets.size());
  for (const ServiceState& service : state.services) {
    figures.finished += service.finished;
    figures.no_show += service.no_show;
  }
  for (const Ticket& ticket : state.tickets) {
    settle_print(draft, state, ticket);
    if (is_unfinished(ticket)) {
      draft.add(expired(state, ticket));
      ++figures.expired;
    }
  }
  for (const WindowRecord& window : state.windows) {
    if (window.state != WindowState::closed) {
      draft.add(WindowClosed{AboutWindow{window.id}});
    }
  }
  draft.add(figures);
}

}  // namespace

Decision on(const Asked& asked, const TurnDay&) {
  if (!day_is_due(asked.state, asked.context.now)) {
    return nothing();
  }
  Draft draft(asked);
  if (asked.state.date != Date{}) {
    close_day(draft, asked.state);
  }
  draft.add(DayOpened{.date = local_date(asked.context.now), .next_ticket = asked.state.next_ticket});
  return draft.done();
}

}  // namespace lobby::hall::deciding
