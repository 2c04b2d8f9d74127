#include <algorithm>

#include "daemon/hall/deciding.hpp"
#include "daemon/hall/lanes.hpp"

namespace lobby::hall::deciding {

namespace {

TicketCalled called(const State& state, const Ticket& ticket, const Place& place,
                    std::vector<std::uint32_t> round) {
  return TicketCalled{AboutTicketAtWindow{about(state, ticket), place.window->id}, std::move(round), {}};
}

std::vector<std::uint32_t> round_of(const Place& place) {
  return place.record == nullptr ? std::vector<std::uint32_t>{} : place.record->round;
}

/// The service of a ticket, as the site has it now; nullptr when the site was changed under it.
const Service* service_of(const Asked& asked, const Ticket& ticket) {
  const bool known = ticket.service < asked.state.services.size();
  return known ? asked.site.find(asked.state.services[ticket.service].id) : nullptr;
}

std::optional<Refusal> refuse_at_window(const Asked& asked, const Ticket& ticket, const Window& window) {
  const Service* service = service_of(asked, ticket);
  if (service == nullptr) {
    return refuse(Refused::not_served_here,
                  "the service of ticket " + asked.state.number_of(ticket) + " is no longer in the site");
  }
  return refuse_unless_served(window, *service);
}

/// Somebody works there: open, not paused, and still one of the site's windows.
bool is_manned(const Asked& asked, const WindowRecord& record) {
  return record.state != WindowState::closed && record.state != WindowState::paused &&
         asked.site.find(record.id) != nullptr;
}

/// A ticket that was named is known, and the window is there for it.
std::optional<Refusal> refuse_named(const Place& place, const WindowId& window, const Ticket* ticket,
                                    TicketId named) {
  if (place.window == nullptr) {
    return refuse_unknown(window);
  }
  return ticket == nullptr ? refuse_unknown(named) : refuse_unless(place, window, Need::idle);
}

}  // namespace

Decision on(const Asked& asked, const CallNext& command) {
  const Place place = place_of(asked, command.window);
  const bool finishes = command.finish_first && place.window != nullptr &&
                        !refuse_unless(place, command.window, Need::person).has_value();
  if (!finishes) {
    if (auto refusal = refuse_unless(place, command.window, Need::idle)) {
      return *std::move(refusal);
    }
  }
  auto next = pick_next(asked.state, asked.site, *place.window, asked.now);
  if (!finishes && !next) {
    return refuse(Refused::nothing_waiting, "nobody waits for window `" + command.window.value + "`");
  }
  Draft draft(asked);
  if (finishes) {
    add_finish(draft, asked, place,
               FinishService{.window = command.window, .case_no = {}, .notice_slip_no = {}});
  }
  if (next) {
    draft.add(called(asked.state, *next->ticket, place, std::move(next->round)));
  }
  return draft.done();
}

Decision on(const Asked& asked, const CallTicket& command) {
  const Place place = place_of(asked, command.window);
  const Ticket* ticket = asked.state.find(command.ticket);
  if (auto refusal = refuse_named(place, command.window, ticket, command.ticket)) {
    return *std::move(refusal);
  }
  if (auto refusal = refuse_at_window(asked, *ticket, *place.window)) {
    return *std::move(refusal);
  }
  if (ticket->state != TicketState::waiting) {
    return refuse_state(asked.state, *ticket);
  }
  if (ticket->only != no_ix && asked.state.windows[ticket->only].id != command.window &&
      is_manned(asked, asked.state.windows[ticket->only])) {
    return refuse(Refused::not_served_here, "ticket " + asked.state.number_of(*ticket) +
                                                " waits for window `" +
                                                asked.state.windows[ticket->only].id.value + "`");
  }
  return one(asked, called(asked.state, *ticket, place, round_of(place)));
}

Decision on(const Asked& asked, const ResumeHeld& command) {
  const Place place = place_of(asked, command.window);
  const Ticket* ticket = asked.state.find(command.ticket);
  if (auto refusal = refuse_named(place, command.window, ticket, command.ticket)) {
    return *std::move(refusal);
  }
  if (ticket->state != TicketState::held) {
    return refuse_state(asked.state, *ticket);
  }
  const WindowId& from = asked.state.windows[ticket->window].id;
  // Who left the papers, or waits for something made there, goes on where they are while somebody is there.
  const bool elsewhere = from != command.window;
  if (ticket->hold != HoldKind::away && elsewhere && is_manned(asked, asked.state.windows[ticket->window])) {
    return refuse(Refused::not_served_here,
                  "ticket " + asked.state.number_of(*ticket) + " is held at window `" + from.value + "`");
  }
  if (elsewhere) {
    if (auto refusal = refuse_at_window(asked, *ticket, *place.window)) {
      return *std::move(refusal);
    }
  }
  return one(asked, TicketResumed{AboutTicketAtWindow{about(asked.state, *ticket), command.window}});
}

Decision on(const Asked& asked, const CollectLicence& command) {
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::idle)) {
    return *std::move(refusal);
  }
  if (auto refusal = refuse_without_day(asked)) {
    return *std::move(refusal);
  }
  const auto& served = place.window->services;
  const auto which = std::find_if(served.begin(), served.end(), [&](const ServiceId& id) {
    const Service* service = asked.site.find(id);
    return service != nullptr && service->kind == ServiceKind::collect;
  });
  if (which == served.end()) {
    return refuse(Refused::not_served_here, "window `" + command.window.value + "` hands out no licences");
  }
  const Service& service = *asked.site.find(*which);
  const auto n = next_number(asked.state, service);
  if (!n) {
    return refuse(Refused::number_range_exhausted,
                  "service `" + service.id.value + "` has used every number of today");
  }
  TicketIssued issued;
  issued.ticket = asked.state.next_ticket;
  issued.number = number_text(service.prefix, *n);
  issued.service = service.id;
  issued.prefix = service.prefix;
  issued.n = *n;
  issued.case_tail = command.case_tail;
  TicketCalled call;
  static_cast<AboutTicket&>(call) = issued;
  call.window = command.window;
  call.round = round_of(place);
  call.case_tail = command.case_tail;
  Draft draft(asked);
  draft.add(std::move(issued));
  draft.add(std::move(call));
  return draft.done();
}

Decision on(const Asked& asked, const RecallTicket& command) {
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::called)) {
    return *std::move(refusal);
  }
  const Rules& rules = asked.site.rules;
  if (place.ticket->recalls >= rules.recall_limit) {
    return refuse(Refused::recall_limit, "ticket " + asked.state.number_of(*place.ticket) + " was called " +
                                             std::to_string(place.ticket->recalls) +
                                             " times again; that is all the hall allows");
  }
  const std::int64_t since_ms = asked.context.now.utc_ms - place.record->last_call_ms;
  if (since_ms >= 0 && since_ms < std::int64_t{rules.recall_least_s} * 1000) {
    return refuse(Refused::recall_too_soon,
                  "the last call was less than " + std::to_string(rules.recall_least_s) + " s ago");
  }
  return one(asked, TicketRecalled{about(asked.state, place), place.ticket->recalls + 1U});
}

}  // namespace lobby::hall::deciding
