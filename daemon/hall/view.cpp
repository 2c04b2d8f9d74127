#include "daemon/hall/view.hpp"

#include <algorithm>

#include "daemon/hall/lanes.hpp"

namespace lobby::hall {

namespace {

template <class T>
const T* at_place(const std::vector<T>& items, std::size_t place) {
  return place < items.size() ? &items[place] : nullptr;
}

ServiceId service_id(const State& state, const Ticket& ticket) {
  const ServiceState* service = at_place(state.services, ticket.service);
  return service == nullptr ? ServiceId{} : service->id;
}

/// Of somebody who takes a ticket now.
std::optional<std::uint32_t> newcomer_wait(const Site& site, const Estimates& estimates,
                                           const Service* service, Lane lane) {
  if (service == nullptr) {
    return std::nullopt;
  }
  const auto place = static_cast<std::size_t>(service - site.services.data());
  const auto* lanes = at_place(estimates.newcomers, place);
  return lanes == nullptr ? std::nullopt : (*lanes)[static_cast<std::size_t>(lane)];
}

ServiceView service_view(const Site& site, const State& state, const Service& service, Instant now) {
  ServiceView view;
  view.id = service.id;
  view.name = service.name;
  view.zone = service.zone;
  view.prefix = service.prefix;
  view.kind = service.kind;
  view.open = !state.day_closed && is_open(site, service, now);
  const int opening = view.open || state.day_closed ? -1 : next_opening(site, service, now);
  if (opening >= 0) {
    view.opens_at = opening;
  }
  if (const ServiceState* queue = state.find(service.id)) {
    const bool tenant = service.kind == ServiceKind::tenant;
    view.waiting = tenant ? queue->tenant_waiting : static_cast<std::uint32_t>(queue->waiting());
    view.tenant_called = queue->tenant_called;
    view.tenant_window = queue->tenant_window;
    view.issued = queue->issued;
  }
  view.limit = service.last < service.first ? 0 : service.last - service.first + 1;
  if (service.quota_day != 0) {
    view.limit = std::min(view.limit, service.quota_day);
  }
  return view;
}

std::vector<CallView> lately_called(const Site& site, const State& state) {
  std::vector<CallView> calls;
  for (const Call& call : state.lately_called) {
    const Ticket* ticket = state.find(call.ticket);
    const WindowRecord* record = at_place(state.windows, call.window);
    if (ticket == nullptr || record == nullptr) {
      continue;
    }
    const Window* window = site.find(record->id);
    calls.push_back({.ticket = call.ticket,
                     .number = state.number_of(*ticket),
                     .window = record->id,
                     .window_number = window == nullptr ? 0 : window->number,
                     .at = call.at});
  }
  return calls;
}

std::uint32_t waiting_before(const Site& site, const State& state, const Ticket& ticket) {
  if (ticket.state != TicketState::waiting) {
    return 0;
  }
  const ServiceState* service = at_place(state.services, ticket.service);
  if (const WindowRecord* only = at_place(state.windows, ticket.only)) {
    return static_cast<std::uint32_t>(only->line.before(entry_of(ticket)));
  }
  return service == nullptr ? 0 : ahead_of(site, *service, ticket.lane, entry_of(ticket));
}

void estimate(TicketView& view, const Site& site, const Ticket& ticket, const Estimates& estimates) {
  if (const Estimates::Wait* wait = estimates.of(ticket.id)) {
    view.estimate_s = wait->seconds;
    if (const Window* window = at_place(site.windows, wait->window)) {
      view.expected_window = window->id;
    }
  } else if (estimates.at && ticket.place_ms >= estimates.at->utc_ms && ticket.only == no_ix) {
    view.estimate_s = newcomer_wait(site, estimates, site.find(view.service), ticket.lane);
  }
}

}  // namespace

HallView hall_view(const Site& site, const State& state, Instant now, const Estimates* estimates) {
  HallView view;
  view.name = site.name;
  view.business_date = state.date;
  view.seq = state.seq;
  for (const Service& service : site.services) {
    ServiceView& one = view.services.emplace_back(service_view(site, state, service, now));
    if (estimates != nullptr && one.open) {
      one.estimate_s = newcomer_wait(site, *estimates, &service, Lane::ordinary);
    }
    view.open = view.open || one.open;
  }
  for (const Window& window : site.windows) {
    view.windows.push_back(window_view(site, state, window));
  }
  view.lately_called = lately_called(site, state);
  return view;
}

WindowView window_view(const Site&, const State& state, const Window& window) {
  WindowView view;
  view.id = window.id;
  view.number = window.number;
  view.name = window.name;
  view.zone = window.zone;
  view.services = window.services;
  const WindowRecord* record = state.find(window.id);
  if (record == nullptr) {
    return view;
  }
  view.state = record->state;
  view.clerk = record->clerk;
  view.message = record->message;
  view.case_tail = record->case_tail;
  view.back_at = record->back_at;
  view.help_at = record->help_at;
  if (const ServiceState* walk_in = at_place(state.services, record->walk_in)) {
    view.walk_in = walk_in->id;
  }
  if (const Ticket* ticket = state.find(record->ticket)) {
    view.ticket = TicketAtWindow{.id = ticket->id,
                                 .number = state.number_of(*ticket),
                                 .service = service_id(state, *ticket),
                                 .lane = ticket->lane};
  }
  return view;
}

TicketView ticket_view(const Site& site, const State& state, const Ticket& ticket,
                       const Estimates* estimates) {
  TicketView view;
  view.id = ticket.id;
  view.number = state.number_of(ticket);
  view.service = service_id(state, ticket);
  view.lane = ticket.lane;
  view.state = ticket.state;
  if (const WindowRecord* record = at_place(state.windows, ticket.window)) {
    view.window = record->id;
  }
  view.issued_at = {.utc_ms = ticket.issued_ms, .offset_min = state.last_at.offset_min};
  view.ahead = waiting_before(site, state, ticket);
  if (estimates != nullptr && ticket.state == TicketState::waiting) {
    estimate(view, site, ticket, *estimates);
  }
  if (ticket.state == TicketState::held) {
    view.hold = ticket.hold;
  }
  for (const ServiceIx step : state.steps_of(ticket.id)) {
    view.steps.push_back(state.services[step].id);
  }
  view.print = ticket.print;
  if (const DeviceRecord* printer = at_place(state.devices, ticket.printer)) {
    view.printer = printer->id;
  }
  view.copies = ticket.copies;
  return view;
}

}  // namespace lobby::hall
