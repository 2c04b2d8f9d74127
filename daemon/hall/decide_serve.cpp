#include <algorithm>

#include "daemon/hall/deciding.hpp"

namespace lobby::hall::deciding {

namespace {

std::uint32_t served_so_far(const Asked& asked, const Ticket& ticket) {
  // Where nobody presses `start`, serving begins with the call.
  const std::int64_t since_ms =
      ticket.started_ms != 0 ? ticket.started_ms : asked.state.windows[ticket.window].came_ms;
  return ticket.served_s + seconds_between(since_ms, asked.context.now.utc_ms);
}

ServiceFinished finish_of(const Asked& asked, const Place& place) {
  ServiceFinished body;
  body.clerk = place.record->clerk;
  if (place.ticket != nullptr) {
    static_cast<AboutTicketAtWindow&>(body) = about(asked.state, place);
    body.waited_s = place.ticket->waited_s;
    body.served_s = served_so_far(asked, *place.ticket);
    return body;
  }
  body.service = asked.state.services[place.record->walk_in].id;
  body.window = place.window->id;
  body.served_s = seconds_between(place.record->walk_in_ms, asked.context.now.utc_ms);
  return body;
}

/// 套餐: where the ticket goes on, or nullptr when this was its last step.
const ServiceId* next_step(const Asked& asked, const Ticket& ticket) {
  const auto steps = asked.state.steps_of(ticket.id);
  if (steps.empty()) {
    return nullptr;
  }
  const auto id_of = [&](ServiceIx place) { return &asked.state.services[place].id; };
  const Service* package =
      ticket.package < asked.state.services.size() ? asked.site.find(*id_of(ticket.package)) : nullptr;
  if (package == nullptr || !package->steps_in_any_order) {
    return id_of(steps.front());
  }
  const auto best = std::min_element(steps.begin(), steps.end(), [&](ServiceIx a, ServiceIx b) {
    return pressure(asked, *id_of(a)) < pressure(asked, *id_of(b));
  });
  return id_of(*best);
}

std::optional<Refusal> refuse_target(const Asked& asked, const Place& place, const TransferTicket& command) {
  const ServiceId here = about(asked.state, *place.ticket).service;
  if (command.to_service) {
    const Service* service = asked.site.find(*command.to_service);
    if (service == nullptr) {
      return refuse_unknown(*command.to_service);
    }
    if (service->kind == ServiceKind::tenant) {
      return refuse(Refused::not_served_here, "the queue of `" + service->id.value + "` is a tenant's");
    }
    if (!service->steps.empty()) {
      return refuse(
          Refused::not_served_here,
          "`" + service->id.value + "` is a package, which no window calls; transfer to one of its steps");
    }
    if (service->id == here) {
      return refuse(Refused::wrong_state, "the ticket is of service `" + here.value +
                                              "` already; transfer it to a window, or hold it");
    }
    return std::nullopt;
  }
  const Place target = place_of(asked, *command.to_window);
  if (target.window == nullptr) {
    return refuse_unknown(*command.to_window);
  }
  if (target.window->id == command.window) {
    return refuse(Refused::wrong_state, "the ticket is at window `" + command.window.value + "` already");
  }
  if (target.state == WindowState::closed) {
    return refuse(Refused::window_closed, "window `" + target.window->id.value + "` is closed");
  }
  const Service* service = asked.site.find(here);
  return service == nullptr ? std::nullopt : refuse_unless_served(*target.window, *service);
}

/// The line that the ticket will stand in.
const Line& line_at(const Asked& asked, const Ticket& ticket, const TransferTicket& command) {
  static const Line nobody;
  if (command.to_window) {
    const WindowRecord* record = asked.state.find(*command.to_window);
    return record == nullptr ? nobody : record->line;
  }
  const ServiceState* queue = asked.state.find(*command.to_service);
  return queue == nullptr ? nobody : queue->lane(ticket.lane);
}

/// Before whoever waits for the window alone, and before those of its own lane and service, who may be called
/// there as well.
Instant head_at_window(const Asked& asked, const Ticket& ticket, const WindowId& id) {
  std::optional<std::int64_t> front_ms;
  const WindowRecord* record = asked.state.find(id);
  const Line* own = record == nullptr ? nullptr : &record->line;
  for (const Line* line : {own, &asked.state.services[ticket.service].lane(ticket.lane)}) {
    if (line != nullptr && !line->empty()) {
      const std::int64_t first_ms = line->entries().front().place_ms;
      front_ms = std::min(front_ms.value_or(first_ms), first_ms);
    }
  }
  return place_first(asked, front_ms);
}

}  // namespace

void add_finish(Draft& draft, const Asked& asked, const Place& place, const FinishService& command) {
  ServiceFinished body = finish_of(asked, place);
  body.outcome = command.outcome;
  body.case_no = command.case_no;
  body.notice_slip_no = command.notice_slip_no;
  if (command.outcome == Outcome::notified && !command.notice_slip_no.empty()) {
    const Date today = local_date(asked.context.now);
    body.slip_until = Date{today.days + static_cast<std::int32_t>(asked.site.rules.notified_days)};
  }
  // When the day is over nobody calls at the next step any more.
  const bool ends = place.ticket == nullptr || command.outcome == Outcome::notified || asked.state.day_closed;
  const ServiceId* next = ends ? nullptr : next_step(asked, *place.ticket);
  if (next == nullptr) {
    draft.add(std::move(body));
    return;
  }
  TicketTransferred onward;
  static_cast<AboutTicketAtWindow&>(onward) = body;
  onward.to_service = *next;
  onward.place = QueuePlace::keep;
  onward.queued_at = asked.context.now;
  onward.queued_at.utc_ms = place.ticket->place_ms;
  onward.next_step = true;
  draft.add(std::move(body));
  draft.add(std::move(onward));
}

Decision on(const Asked& asked, const StartService& command) {
  const Place place = place_of(asked, command.window);
  if (!command.service) {
    if (auto refusal = refuse_unless(place, command.window, Need::called)) {
      return *std::move(refusal);
    }
    return one(asked, ServiceStarted{about(asked.state, place)});
  }
  if (auto refusal = refuse_unless(place, command.window, Need::idle)) {
    return *std::move(refusal);
  }
  const Service* service = asked.site.find(*command.service);
  if (service == nullptr) {
    return refuse_unknown(*command.service);
  }
  if (auto refusal = refuse_unless_served(*place.window, *service)) {
    return *std::move(refusal);
  }
  ServiceStarted body;
  body.service = service->id;
  body.window = command.window;
  return one(asked, std::move(body));
}

Decision on(const Asked& asked, const FinishService& command) {
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::person)) {
    return *std::move(refusal);
  }
  Draft draft(asked);
  add_finish(draft, asked, place, command);
  return draft.done();
}

Decision on(const Asked& asked, const MarkNoShow& command) {
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::called)) {
    return *std::move(refusal);
  }
  TicketNoShow body{about(asked.state, place), command.reason, place.record->clerk, {}};
  body.waited_s = place.ticket->waited_s;
  return one(asked, std::move(body));
}

Decision on(const Asked& asked, const HoldTicket& command) {
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::ticket)) {
    return *std::move(refusal);
  }
  return one(asked, TicketHeld{about(asked.state, place), command.kind});
}

Decision on(const Asked& asked, const TransferTicket& command) {
  if (command.to_service.has_value() == command.to_window.has_value()) {
    return refuse(Refused::bad_request,
                  "a ticket is transferred to a service or to a window, to one of both");
  }
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::ticket)) {
    return *std::move(refusal);
  }
  if (asked.state.day_closed) {
    return refuse(Refused::wrong_state, "the business day is over");
  }
  if (auto refusal = refuse_target(asked, place, command)) {
    return *std::move(refusal);
  }
  TicketTransferred body;
  static_cast<AboutTicketAtWindow&>(body) = about(asked.state, place);
  body.to_service = command.to_service;
  body.to_window = command.to_window;
  body.place = command.place;
  body.queued_at =
      command.to_window && command.place == QueuePlace::head
          ? head_at_window(asked, *place.ticket, *command.to_window)
          : place_in(asked, line_at(asked, *place.ticket, command), command.place, *place.ticket);
  return one(asked, std::move(body));
}

Decision on(const Asked& asked, const RateService& command) {
  const Place place = place_of(asked, command.window);
  if (place.window == nullptr) {
    return refuse_unknown(command.window);
  }
  if (place.record == nullptr || place.record->last_service == no_ix) {
    return refuse(Refused::no_ticket_at_window,
                  "nobody was served at window `" + command.window.value + "` today");
  }
  if (!place.record->rateable) {
    return refuse(Refused::already_rated,
                  "the last service at window `" + command.window.value + "` was rated");
  }
  ServiceRated body;
  if (const Ticket* ticket = asked.state.find(place.record->last_finished)) {
    static_cast<AboutTicket&>(body) = about(asked.state, *ticket);
  }
  body.service = asked.state.services[place.record->last_service].id;
  body.window = command.window;
  body.score = command.score;
  body.via = command.via;
  body.clerk = place.record->last_clerk;
  return one(asked, std::move(body));
}

Decision on(const Asked& asked, const ReinstateTicket& command) {
  const Ticket* ticket = asked.state.find(command.ticket);
  if (ticket == nullptr) {
    return refuse_unknown(command.ticket);
  }
  if (auto refusal = refuse_without_day(asked)) {
    return *std::move(refusal);
  }
  const bool comes_back = ticket->state == TicketState::finished && ticket->notified;
  if (ticket->state != TicketState::no_show && !comes_back) {
    return refuse_state(asked.state, *ticket);
  }
  const Rules& rules = asked.site.rules;
  const std::string number = asked.state.number_of(*ticket);
  if (!comes_back && ticket->reinstated >= rules.reinstate_times) {
    return refuse(Refused::wrong_state, "ticket " + number + " was brought back before");
  }
  if (!comes_back && seconds_between(ticket->ended_ms, asked.now.utc_ms) > rules.reinstate_within_s) {
    return refuse(Refused::wrong_state, "ticket " + number + " was missed more than " +
                                            std::to_string(rules.reinstate_within_s / 60) + " minutes ago");
  }
  static const Line nobody;
  const Line& line = ticket->service < asked.state.services.size()
                         ? asked.state.services[ticket->service].lane(ticket->lane)
                         : nobody;
  TicketReinstated body{about(asked.state, *ticket), {}};
  // Who took another ticket meanwhile does not get the old one back beside it.
  const ServiceId& asked_for = asked.state.services[asked_for_of(*ticket)].id;
  if (auto refusal = refuse_another(asked, ticket->applicant, asked_for, ticket->lane)) {
    return *std::move(refusal);
  }
  body.queued_at = comes_back ? place_at_once(asked) : place_in(asked, line, rules.reinstate_place, *ticket);
  return one(asked, std::move(body));
}

}  // namespace lobby::hall::deciding
