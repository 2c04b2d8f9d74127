#include <algorithm>
#include <limits>
#include <utility>

#include "daemon/hall/fold.hpp"

namespace lobby::hall {

namespace {

std::uint16_t saturated(std::uint32_t count) {
  return static_cast<std::uint16_t>(
      std::min<std::uint32_t>(count, std::numeric_limits<std::uint16_t>::max()));
}

}  // namespace

/// What the ticket was issued on does not serve twice.
void Fold::use_up(const TicketIssued& body, Ticket& ticket) {
  for (Appointment& booked : state_.appointments) {
    if (body.appointment && booked.id == *body.appointment) {
      booked.used = true;
      ticket.booked_minute = static_cast<std::uint16_t>(booked.minute);
    }
  }
  if (!body.notice_slip_no.empty()) {
    const ServiceId& asked_for = body.package ? *body.package : body.service;
    std::erase_if(state_.notices, [&](const Notice& one) {
      return one.slip_no == body.notice_slip_no && one.service == asked_for;
    });
  }
}

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
  use_up(body, ticket);
  ticket.id = body.ticket;
  ticket.issued_ms = ticket.since_ms = event_.at.utc_ms;
  ticket.place_ms = body.queued_at.value_or(event_.at).utc_ms;
  ticket.applicant = body.applicant;
  ticket.n = body.n;
  ticket.ahead_at_issue = body.ahead;
  ticket.series = series_place;
  ticket.service = service(body.service);
  ticket.kiosk = body.kiosk ? kiosk(*body.kiosk) : no_ix;
  ticket.printer = body.printer ? printer(*body.printer) : no_ix;
  ticket.lane = body.lane;
  ticket.print_due = body.printer.has_value();
  ticket.language = language(body.language);
  ticket.package = body.package ? service(*body.package) : no_ix;
  if (!body.steps.empty()) {
    Route route{.ticket = ticket.id, .steps = {}};
    for (const ServiceId& step : body.steps) {
      route.steps.push_back(service(step));
    }
    state_.routes.push_back(std::move(route));
  }
  const ServiceIx asked_for = ticket.package != no_ix ? ticket.package : ticket.service;
  if (asked_for != no_ix) {
    ServiceState* one = &state_.services[asked_for];
    ++one->issued;
    if (body.slot) {
      one->slot_issued = one->slot == *body.slot ? one->slot_issued + 1 : 1;
      one->slot = *body.slot;
    }
  }
  state_.tickets.push_back(ticket);
  state_.join_line(state_.tickets.back());
  join_people(state_.tickets.back());
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

void Fold::operator()(const TicketTaken& body) {
  print_became(body, PrintState::taken);
}

void Fold::operator()(const TicketRetracted& body) {
  print_became(body, PrintState::retracted);
  if (Ticket* ticket = body.passed_over ? state_.find(body.ticket) : nullptr) {
    move(*ticket, TicketState::no_show);
    ticket->ended_ms = event_.at.utc_ms;
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

void Fold::operator()(const TicketHeld& body) {
  Ticket* ticket = state_.find(body.ticket);
  if (ticket == nullptr) {
    return;
  }
  count_stay(*ticket);
  move(*ticket, TicketState::held);
  if (ticket->started_ms != 0) {
    ticket->served_s += seconds_between(ticket->started_ms, event_.at.utc_ms);
  }
  ticket->started_ms = 0;
  ticket->hold = body.kind;
}

/// The step to the service that the ticket stands in now is behind it.
void Fold::take_step(const Ticket& ticket) {
  const auto it = std::find_if(state_.routes.begin(), state_.routes.end(),
                               [&](const Route& route) { return route.ticket == ticket.id; });
  if (it == state_.routes.end()) {
    return;
  }
  const auto step = std::find(it->steps.begin(), it->steps.end(), ticket.service);
  it->steps.erase(step == it->steps.end() ? it->steps.begin() : step);
  if (it->steps.empty()) {
    state_.routes.erase(it);
  }
}

void Fold::operator()(const TicketTransferred& body) {
  Ticket* ticket = state_.find(body.ticket);
  if (ticket == nullptr) {
    return;
  }
  const WindowIx from = window(body.window);
  const bool was_there = from != no_ix && state_.windows[from].ticket == ticket->id;
  count_stay(*ticket);
  // Out of the line it stands in before anything that says which line that is changes.
  move(*ticket, TicketState::held);
  if (body.to_service) {
    ticket->service = service(*body.to_service);
  }
  ticket->only = body.to_window ? window(*body.to_window) : no_ix;
  if (was_there) {
    ticket->avoid = from;
  }
  ticket->place_ms = body.queued_at.utc_ms;
  ticket->since_ms = event_.at.utc_ms;
  ticket->started_ms = ticket->ended_ms = 0;
  ticket->waited_s = ticket->served_s = 0;
  ticket->recalls = 0;
  if (body.next_step) {
    take_step(*ticket);
  }
  move(*ticket, TicketState::waiting);
}

void Fold::operator()(const TicketReinstated& body) {
  Ticket* ticket = state_.find(body.ticket);
  if (ticket == nullptr) {
    return;
  }
  ServiceState* one = service_of(*ticket);
  if (ticket->state == TicketState::no_show && one != nullptr && one->no_show > 0) {
    --one->no_show;
  }
  ticket->only = no_ix;
  ticket->avoid = no_ix;
  ticket->place_ms = body.queued_at.utc_ms;
  ticket->since_ms = event_.at.utc_ms;
  ticket->started_ms = ticket->ended_ms = 0;
  ticket->waited_s = ticket->served_s = 0;
  ticket->recalls = 0;
  if (ticket->notified) {
    std::erase_if(state_.notices, [&](const Notice& slip) { return slip.ticket == body.ticket; });
  }
  ticket->notified = false;
  ticket->reinstated = static_cast<std::uint8_t>(std::min(ticket->reinstated + 1, 255));
  move(*ticket, TicketState::waiting);
}

void Fold::move(Ticket& ticket, TicketState next) {
  if (ticket.state == TicketState::waiting) {
    state_.leave_line(ticket);
  }
  leave_window(ticket);
  const bool was_over = is_over(ticket.state);
  ticket.state = next;
  if (next == TicketState::waiting) {
    state_.join_line(ticket);
  }
  if (is_over(next) && !was_over) {
    leave_people(ticket);
  } else if (!is_over(next) && was_over) {
    join_people(ticket);
  }
}

void Fold::join_people(const Ticket& ticket) {
  if (ticket.applicant != ApplicantKey{}) {
    const std::pair entry{ticket.applicant, ticket.id};
    auto& all = state_.people;
    all.insert(std::lower_bound(all.begin(), all.end(), entry), entry);
  }
}

void Fold::leave_people(const Ticket& ticket) {
  const std::pair entry{ticket.applicant, ticket.id};
  auto& all = state_.people;
  const auto it = std::lower_bound(all.begin(), all.end(), entry);
  if (it != all.end() && *it == entry) {
    all.erase(it);
  }
}

void Fold::leave_window(Ticket& ticket) {
  if (ticket.window >= state_.windows.size() || state_.windows[ticket.window].ticket != ticket.id) {
    return;
  }
  WindowRecord& place = state_.windows[ticket.window];
  place.ticket = {};
  place.call_seq = 0;
  place.case_tail.clear();
  place.idle_ms = event_.at.utc_ms;
  (place.state == WindowState::paused ? place.before_pause : place.state) = WindowState::idle;
}

}  // namespace lobby::hall
