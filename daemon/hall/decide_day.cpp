#include <algorithm>
#include <iterator>

#include "daemon/hall/deciding.hpp"
#include "daemon/hall/printing.hpp"

namespace lobby::hall::deciding {

namespace {

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

bool is_at_window(const Ticket& ticket) {
  return ticket.state == TicketState::called || ticket.state == TicketState::serving;
}

TicketExpired expired(const State& state, const Ticket& ticket) {
  TicketExpired body;
  static_cast<AboutTicket&>(body) = about(state, ticket);
  if (is_at_window(ticket) && ticket.window < state.windows.size()) {
    body.window = state.windows[ticket.window].id;
  }
  return body;
}

DayClosed figures_of(const State& state) {
  DayClosed figures;
  figures.date = state.date;
  figures.issued = static_cast<std::uint32_t>(state.tickets.size());
  // Tickets, so that they add up: a package ends more than once, and who has no ticket was not issued one.
  for (const Ticket& ticket : state.tickets) {
    figures.finished += ticket.state == TicketState::finished ? 1U : 0U;
    figures.no_show += ticket.state == TicketState::no_show ? 1U : 0U;
    figures.expired += ticket.state == TicketState::expired ? 1U : 0U;
  }
  return figures;
}

/// Ends what is unfinished and closes the windows; what stands at one may stay until midnight.
void close_day(Draft& draft, const Asked& asked, bool with_windows) {
  const State& state = asked.state;
  DayClosed figures = figures_of(state);
  for (const Ticket& ticket : state.tickets) {
    settle_print(draft, state, ticket);
    if (!is_over(ticket.state) && (with_windows || !is_at_window(ticket))) {
      draft.add(expired(state, ticket));
      ++figures.expired;
    }
  }
  for (const WindowRecord& window : state.windows) {
    const bool busy = window.ticket != TicketId{} || window.walk_in != no_ix;
    if (window.state != WindowState::closed && (with_windows || !busy)) {
      draft.add(WindowClosed{AboutWindow{window.id}});
    }
  }
  if (!state.day_closed) {
    draft.add(figures);
  }
}

/// What is not closed goes on at midnight; what was closed is told of for a while.
void keep_evaluations(DayOpened& body, const Asked& asked) {
  const State& state = asked.state;
  if (state.next_evaluation != EvaluationId{1}) {
    body.next_evaluation = state.next_evaluation;
  }
  if (state.next_alarm != AlarmId{1}) {
    body.next_alarm = state.next_alarm;
  }
  std::copy_if(state.evaluations.begin(), state.evaluations.end(), std::back_inserter(body.evaluations),
               [&](const Evaluation& one) { return !is_forgotten(one, asked.now); });
}

DayOpened opened(const Asked& asked) {
  const Date today = local_date(asked.context.now);
  const State& state = asked.state;
  DayOpened body;
  body.date = today;
  body.next_ticket = state.next_ticket;
  body.next_appointment = state.next_appointment;
  const auto keep = [&](const auto& from, auto& to, auto until) {
    std::copy_if(from.begin(), from.end(), std::back_inserter(to),
                 [&](const auto& one) { return until(one) >= today; });
  };
  keep(state.appointments, body.appointments, [](const Appointment& one) { return one.date; });
  keep(state.notices, body.notices, [](const Notice& one) { return one.until; });
  keep(state.blocks, body.blocks, [](const Block& one) { return one.until; });
  body.next_draft = state.next_draft == DraftId{1} ? std::nullopt : std::optional(state.next_draft);
  std::copy_if(state.texts.begin(), state.texts.end(), std::back_inserter(body.texts),
               [&](const BoardText& text) { return !has_ended(text, asked.now); });
  body.emergency = state.emergency;
  body.publications = state.publications == 0 ? std::nullopt : std::optional(state.publications);
  if (state.catalogue != CatalogueWatch{}) {
    body.catalogue = state.catalogue;
  }
  keep_evaluations(body, asked);
  for (const ServiceState& service : state.services) {
    if (service.stay.count >= Pace::enough) {
      body.paces.push_back({.service = service.id, .mean_ms = service.stay.mean_ms});
    }
  }
  if (state.gap.count >= Pace::enough) {
    body.gap_ms = state.gap.mean_ms;
  }
  return body;
}

}  // namespace

Decision on(const Asked& asked, const TurnDay&) {
  if (!day_is_due(asked.state, asked.context.now)) {
    return nothing();
  }
  Draft draft(asked);
  if (asked.state.date != Date{}) {
    close_day(draft, asked, true);
  }
  draft.add(opened(asked));
  return draft.done();
}

Decision on(const Asked& asked, const ExpireDay&) {
  if (!expiry_is_due(asked.state, asked.site, asked.context.now)) {
    return nothing();
  }
  Draft draft(asked);
  close_day(draft, asked, false);
  return draft.done();
}

}  // namespace lobby::hall::deciding
