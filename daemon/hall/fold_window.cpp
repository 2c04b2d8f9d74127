#include <algorithm>
#include <limits>
#include <utility>

#include "daemon/hall/fold.hpp"

namespace lobby::hall {

void Fold::stand_at(WindowIx place, Ticket& ticket, WindowState state) {
  ticket.window = place;
  WindowRecord& at = state_.windows[place];
  at.ticket = ticket.id;
  (at.state == WindowState::paused ? at.before_pause : at.state) = state;
}

void Fold::show_lately(WindowIx place, TicketId ticket) {
  auto& calls = state_.lately_called;
  std::erase_if(calls, [&](const Call& call) { return call.ticket == ticket; });
  calls.push_front({.seq = event_.seq, .ticket = ticket, .window = place, .at = event_.at});
  if (calls.size() > most_lately_called) {
    calls.pop_back();
  }
  state_.windows[place].call_seq = event_.seq;
  state_.windows[place].last_call_ms = event_.at.utc_ms;
}

Ticket* Fold::call_to_window(const AboutTicketAtWindow& body) {
  const WindowIx place = window(body.window);
  Ticket* ticket = state_.find(body.ticket);
  if (ticket == nullptr || place == no_ix) {
    return nullptr;
  }
  count_gap(place, *ticket);
  move(*ticket, TicketState::called);
  ticket->recalls = 0;
  stand_at(place, *ticket, WindowState::called);
  state_.windows[place].came_ms = event_.at.utc_ms;
  show_lately(place, ticket->id);
  return ticket;
}

void Fold::operator()(const TicketCalled& body) {
  if (Ticket* ticket = call_to_window(body)) {
    ticket->waited_s = seconds_between(ticket->since_ms, event_.at.utc_ms);
    ticket->only = ticket->avoid = no_ix;
    state_.windows[ticket->window].round = body.round;
    state_.windows[ticket->window].case_tail = body.case_tail;
  }
}

void Fold::operator()(const TicketResumed& body) {
  call_to_window(body);
}

void Fold::operator()(const TicketRecalled& body) {
  const WindowIx place = window(body.window);
  Ticket* ticket = state_.find(body.ticket);
  if (ticket == nullptr || place == no_ix) {
    return;
  }
  const std::uint32_t most = std::numeric_limits<std::uint16_t>::max();
  ticket->recalls = static_cast<std::uint16_t>(std::min(body.times, most));
  show_lately(place, ticket->id);
}

void Fold::operator()(const CallShown&) {}

void Fold::operator()(const ServiceStarted& body) {
  const WindowIx place = window(body.window);
  if (place == no_ix) {
    return;
  }
  WindowRecord& at = state_.windows[place];
  if (body.ticket == TicketId{}) {
    at.walk_in = service(body.service);
    at.walk_in_ms = event_.at.utc_ms;
    (at.state == WindowState::paused ? at.before_pause : at.state) = WindowState::serving;
    return;
  }
  Ticket* ticket = state_.find(body.ticket);
  if (ticket == nullptr) {
    return;
  }
  const std::uint64_t call = at.call_seq;
  std::string case_tail = std::move(at.case_tail);
  move(*ticket, TicketState::serving);
  ticket->started_ms = event_.at.utc_ms;
  stand_at(place, *ticket, WindowState::serving);
  at.call_seq = call;
  at.case_tail = std::move(case_tail);
}

/// How long a window stands idle although somebody waits for it: clerks turn pages, people walk.
void Fold::count_gap(WindowIx place, const Ticket& ticket) {
  constexpr std::int64_t longest_ms = 600'000;  // beyond that the clerk was elsewhere
  const WindowRecord& at = state_.windows[place];
  const std::int64_t gap_ms = event_.at.utc_ms - at.idle_ms;
  const bool was_waiting = ticket.state == TicketState::waiting && ticket.since_ms <= at.idle_ms;
  if (at.idle_ms != 0 && was_waiting && gap_ms >= 0 && gap_ms <= longest_ms) {
    state_.gap.add(gap_ms);
  }
}

/// The ticket is about to leave the window: by then it has taken what it takes, however it ends.
void Fold::count_stay(const Ticket& ticket) {
  if (ticket.window >= state_.windows.size() || state_.windows[ticket.window].ticket != ticket.id) {
    return;
  }
  const WindowRecord& at = state_.windows[ticket.window];
  if (ServiceState* service = service_of(ticket); service != nullptr && event_.at.utc_ms >= at.came_ms) {
    service->stay.add(event_.at.utc_ms - at.came_ms);
  }
}

void Fold::finish_walk_in(WindowRecord& at, const ServiceFinished& body) {
  at.walk_in = no_ix;
  at.walk_in_ms = 0;
  at.idle_ms = event_.at.utc_ms;
  (at.state == WindowState::paused ? at.before_pause : at.state) = WindowState::idle;
  at.last_finished = {};
  const ServiceIx which = service(body.service);
  if (which != no_ix) {
    ++state_.services[which].finished;
  }
}

/// A number that is written again for the same service stands for the last one; the longest forgotten go when
/// there are too many.
void Fold::note_slip(const ServiceFinished& body) {
  auto& all = state_.notices;
  std::erase_if(all, [&](const Notice& one) {
    return one.slip_no == body.notice_slip_no && one.service == body.service;
  });
  if (all.size() >= most_notices) {
    all.erase(all.begin());
  }
  all.push_back({.slip_no = body.notice_slip_no, .service = body.service, .until = *body.slip_until});
  if (body.ticket != TicketId{}) {
    all.back().ticket = body.ticket;
  }
}

void Fold::operator()(const ServiceFinished& body) {
  WindowRecord* at = record(body.window);
  if (at == nullptr) {
    return;
  }
  at->last_service = service(body.service);
  at->last_clerk = body.clerk.value.empty() ? at->clerk : body.clerk;
  at->rateable = true;
  if (body.outcome == Outcome::notified && !body.notice_slip_no.empty() && body.slip_until) {
    note_slip(body);
  }
  if (body.ticket == TicketId{}) {
    finish_walk_in(*at, body);
    return;
  }
  Ticket* ticket = state_.find(body.ticket);
  if (ticket == nullptr) {
    return;
  }
  count_stay(*ticket);
  move(*ticket, TicketState::finished);
  ticket->ended_ms = event_.at.utc_ms;
  ticket->notified = body.outcome == Outcome::notified;
  at->last_finished = ticket->id;
  if (ServiceState* one = service_of(*ticket)) {
    ++one->finished;
  }
}

void Fold::operator()(const ServiceRated& body) {
  if (WindowRecord* at = record(body.window)) {
    at->rateable = false;
  }
}

void Fold::operator()(const TicketNoShow& body) {
  if (Ticket* ticket = state_.find(body.ticket)) {
    count_stay(*ticket);
    move(*ticket, TicketState::no_show);
    ticket->ended_ms = event_.at.utc_ms;
    if (ServiceState* one = service_of(*ticket)) {
      ++one->no_show;
    }
  }
}

void Fold::operator()(const WindowOpened& body) {
  if (WindowRecord* at = record(body.window)) {
    if (at->state == WindowState::closed) {
      at->state = WindowState::idle;
      at->idle_ms = event_.at.utc_ms;
    }
    at->clerk = body.clerk;
  }
}

void Fold::operator()(const WindowClosed& body) {
  if (WindowRecord* at = record(body.window)) {
    WindowRecord closed;
    closed.id = at->id;
    closed.last_finished = at->last_finished;
    closed.last_service = at->last_service;
    closed.last_clerk = at->last_clerk;
    closed.rateable = at->rateable;
    closed.last_call_ms = at->last_call_ms;
    closed.help_at = at->help_at;
    closed.line = std::move(at->line);
    *at = std::move(closed);
  }
}

void Fold::operator()(const WindowPaused& body) {
  if (WindowRecord* at = record(body.window)) {
    if (at->state != WindowState::paused) {
      at->before_pause = std::exchange(at->state, WindowState::paused);
    }
    at->pause_reason = body.reason;
    at->message = body.message;
    at->back_at = body.back_at;
  }
}

void Fold::operator()(const HelpCalled& body) {
  if (WindowRecord* at = record(body.window)) {
    at->help_at = event_.at;
  }
}

void Fold::operator()(const HelpEnded& body) {
  if (WindowRecord* at = record(body.window)) {
    at->help_at.reset();
  }
}

void Fold::operator()(const WindowResumed& body) {
  if (WindowRecord* at = record(body.window)) {
    if (at->state == WindowState::paused) {
      at->state = std::exchange(at->before_pause, WindowState::closed);
      at->idle_ms = event_.at.utc_ms;
    }
    at->pause_reason.clear();
    at->message.clear();
    at->back_at.reset();
  }
}

}  // namespace lobby::hall
