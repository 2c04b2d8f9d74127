#include <algorithm>
#include <limits>

#include "daemon/hall/fold.hpp"

namespace lobby::hall {

namespace {

std::uint16_t saturated(std::uint32_t count) {
  return static_cast<std::uint16_t>(
      std::min<std::uint32_t>(count, std::numeric_limits<std::uint16_t>::max()));
}

}  // namespace

void Fold::operator()(const TicketIssued& body) {
  const SeriesIx series_place = series(body.prefix);
  if (series_place != no_ix) {
    state_.series[series_place].used.insert(body.n);
  }
  if (!state_.tickets.empty() && body.ticket <= state_.tickets.back().id) {
    return;
  }
  state_.next_ticket = std::max(state_.next_ticket, TicketId{body.ticket.value + 1});
  Ticket ticket;
  ticket.id = body.ticket;
  ticket.issued_ms = event_.at.utc_ms;
  ticket.n = body.n;
  ticket.ahead_at_issue = body.ahead;
  ticket.series = series_place;
  ticket.service = service(body.service);
  ticket.kiosk = body.kiosk ? kiosk(*body.kiosk) : no_ix;
  ticket.printer = body.printer ? printer(*body.printer) : no_ix;
  ticket.lane = body.lane;
  ticket.print_due = body.printer.has_value();
  ticket.language = body.language;
  if (ServiceState* one = service_of(ticket)) {
    one->waiting.push_back(ticket.id);
    ++one->issued;
  }
  state_.tickets.push_back(std::move(ticket));
}

void Fold::print_became(const AboutPrint& body, PrintState state) {
  Ticket* ticket = state_.find(body.ticket);
  if (ticket == nullptr) {
    return;
  }
  ticket->print = state;
  ticket->print_due = false;
  ticket->printer = printer(body.printer);
}

void Fold::operator()(const TicketPrintStarted& body) {
  print_became(body, PrintState::sending);
}
void Fold::operator()(const TicketPrinted& body) {
  print_became(body, PrintState::printed);
}
void Fold::operator()(const TicketSent& body) {
  print_became(body, PrintState::sent);
}
void Fold::operator()(const TicketUnprinted& body) {
  print_became(body, PrintState::failed);
}
void Fold::operator()(const TicketPrintUnknown& body) {
  print_became(body, PrintState::unknown);
}

void Fold::operator()(const TicketReprinted& body) {
  if (Ticket* ticket = state_.find(body.ticket)) {
    ticket->copies = saturated(body.copy);
    ticket->printer = printer(body.printer);
    ticket->print_due = true;
  }
}

void Fold::operator()(const TicketCancelled& body) {
  if (Ticket* ticket = state_.find(body.ticket)) {
    move(*ticket, TicketState::cancelled);
    ticket->ended_ms = event_.at.utc_ms;
  }
}

void Fold::operator()(const TicketExpired& body) {
  if (Ticket* ticket = state_.find(body.ticket)) {
    move(*ticket, TicketState::expired);
    ticket->ended_ms = event_.at.utc_ms;
  }
}

void Fold::move(Ticket& ticket, TicketState next) {
  ServiceState* one = service_of(ticket);
  if (ticket.state == TicketState::waiting && next != TicketState::waiting && one != nullptr) {
    const auto it = std::find(one->waiting.begin(), one->waiting.end(), ticket.id);
    if (it != one->waiting.end()) {
      one->waiting.erase(it);
    }
  }
  leave_window(ticket);
  ticket.state = next;
}

void Fold::leave_window(Ticket& ticket) {
  if (ticket.window >= state_.windows.size() || state_.windows[ticket.window].ticket != ticket.id) {
    return;
  }
  WindowRecord& place = state_.windows[ticket.window];
  place.ticket = {};
  place.call_seq = 0;
  (place.state == WindowState::paused ? place.before_pause : place.state) = WindowState::idle;
}

}  // namespace lobby::hall
