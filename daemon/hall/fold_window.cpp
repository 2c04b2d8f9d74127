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

void Fold::operator()(const TicketCalled& body) {
  const WindowIx place = window(body.window);
  Ticket* ticket = state_.find(body.ticket);
  if (ticket == nullptr || place == no_ix) {
    return;
  }
  move(*ticket, TicketState::called);
  ticket->called_ms = event_.at.utc_ms;
  stand_at(place, *ticket, WindowState::called);
  show_lately(place, ticket->id);
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
  Ticket* ticket = state_.find(body.ticket);
  if (ticket == nullptr || place == no_ix) {
    return;
  }
  const std::uint64_t call = state_.windows[place].call_seq;
  move(*ticket, TicketState::serving);
  ticket->started_ms = event_.at.utc_ms;
  stand_at(place, *ticket, WindowState::serving);
  state_.windows[place].call_seq = call;
}

void Fold::operator()(const ServiceFinished& body) {
  WindowRecord* at = record(body.window);
  Ticket* ticket = state_.find(body.ticket);
  if (ticket == nullptr || at == nullptr) {
    return;
  }
  move(*ticket, TicketState::finished);
  ticket->ended_ms = event_.at.utc_ms;
  at->last_finished = ticket->id;
  if (ServiceState* one = service_of(*ticket)) {
    ++one->finished;
  }
}

void Fold::operator()(const TicketNoShow& body) {
  if (Ticket* ticket = state_.find(body.ticket)) {
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
    }
    at->clerk = body.clerk;
  }
}

void Fold::operator()(const WindowClosed& body) {
  if (WindowRecord* at = record(body.window)) {
    WindowRecord closed;
    closed.id = at->id;
    closed.last_finished = at->last_finished;
    closed.last_call_ms = at->last_call_ms;
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

void Fold::operator()(const WindowResumed& body) {
  if (WindowRecord* at = record(body.window)) {
    if (at->state == WindowState::paused) {
      at->state = std::exchange(at->before_pause, WindowState::closed);
    }
    at->pause_reason.clear();
    at->message.clear();
    at->back_at.reset();
  }
}

}  // namespace lobby::hall
