#include <algorithm>

#include "daemon/hall/deciding.hpp"

namespace lobby::hall::deciding {

namespace {

bool serves(const Window& window, const ServiceId& service) {
  return std::find(window.services.begin(), window.services.end(), service) != window.services.end();
}

/// The ticket issued first among those at the heads of the queues that the window serves.
const Ticket* next_for(const State& state, const Window& window) {
  TicketId first;
  for (const ServiceState& queue : state.services) {
    if (queue.waiting.empty() || (first != TicketId{} && first < queue.waiting.front())) {
      continue;
    }
    if (serves(window, queue.id)) {
      first = queue.waiting.front();
    }
  }
  return state.find(first);
}

TicketCalled called(const State& state, const Ticket& ticket, const Window& window) {
  return TicketCalled{AboutTicketAtWindow{about(state, ticket), window.id}};
}

ServiceFinished finished(const State& state, const Place& place) {
  ServiceFinished body;
  static_cast<AboutTicketAtWindow&>(body) = about(state, place);
  return body;
}

}  // namespace

Decision on(const Asked& asked, const CallNext& command) {
  const Place place = place_of(asked, command.window);
  const bool finishes = command.finish_first && place.window != nullptr &&
                        !refuse_unless(place, command.window, Need::ticket).has_value();
  if (!finishes) {
    if (auto refusal = refuse_unless(place, command.window, Need::idle)) {
      return *std::move(refusal);
    }
  }
  const Ticket* next = next_for(asked.state, *place.window);
  if (!finishes && next == nullptr) {
    return refuse(Refused::nothing_waiting, "nobody waits for window `" + command.window.value + "`");
  }
  Draft draft(asked);
  if (finishes) {
    draft.add(finished(asked.state, place));
  }
  if (next != nullptr) {
    draft.add(called(asked.state, *next, *place.window));
  }
  return draft.done();
}

Decision on(const Asked& asked, const CallTicket& command) {
  const Place place = place_of(asked, command.window);
  if (place.window == nullptr) {
    return refuse_unknown(command.window);
  }
  const Ticket* ticket = asked.state.find(command.ticket);
  if (ticket == nullptr) {
    return refuse_unknown(command.ticket);
  }
  if (auto refusal = refuse_unless(place, command.window, Need::idle)) {
    return *std::move(refusal);
  }
  const AboutTicket named = about(asked.state, *ticket);
  if (!serves(*place.window, named.service)) {
    return refuse(Refused::not_served_here,
                  "window `" + command.window.value + "` does not serve `" + named.service.value + "`");
  }
  if (ticket->state != TicketState::waiting) {
    return refuse(Refused::wrong_state,
                  "ticket " + named.number + " is " + std::string{to_text(ticket->state)});
  }
  return one(asked, called(asked.state, *ticket, *place.window));
}

Decision on(const Asked& asked, const RecallTicket& command) {
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::called)) {
    return *std::move(refusal);
  }
  return one(asked, TicketRecalled{about(asked.state, place), place.ticket->recalls + 1U});
}

Decision on(const Asked& asked, const StartService& command) {
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::called)) {
    return *std::move(refusal);
  }
  return one(asked, ServiceStarted{about(asked.state, place)});
}

Decision on(const Asked& asked, const FinishService& command) {
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::ticket)) {
    return *std::move(refusal);
  }
  ServiceFinished body = finished(asked.state, place);
  body.outcome = command.outcome;
  body.case_no = command.case_no;
  body.notice_slip_no = command.notice_slip_no;
  return one(asked, std::move(body));
}

Decision on(const Asked& asked, const MarkNoShow& command) {
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::called)) {
    return *std::move(refusal);
  }
  return one(asked, TicketNoShow{about(asked.state, place), command.reason});
}

}  // namespace lobby::hall::deciding
