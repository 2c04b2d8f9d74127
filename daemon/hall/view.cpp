#include "daemon/hall/view.hpp"

#include <algorithm>

namespace lobby::hall {

namespace {

template <class Ix, class T>
const T* at_place(const std::vector<T>& items, Ix place) {
  return place < items.size() ? &items[place] : nullptr;
}

ServiceId service_id(const State& state, const Ticket& ticket) {
  const ServiceState* service = at_place(state.services, ticket.service);
  return service == nullptr ? ServiceId{} : service->id;
}

ServiceView service_view(const State& state, const Service& service, Instant now) {
  ServiceView view;
  view.id = service.id;
  view.name = service.name;
  view.zone = service.zone;
  view.prefix = service.prefix;
  view.kind = service.kind;
  view.open = is_open(service, now);
  const int opening = view.open ? -1 : next_opening(service, now);
  if (opening >= 0) {
    view.opens_at = opening;
  }
  if (const ServiceState* queue = state.find(service.id)) {
    view.waiting = static_cast<std::uint32_t>(queue->waiting.size());
    view.issued = queue->issued;
  }
  view.limit = service.last < service.first ? 0 : service.last - service.first + 1;
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

std::uint32_t waiting_before(const State& state, const Ticket& ticket) {
  const ServiceState* service = at_place(state.services, ticket.service);
  if (ticket.state != TicketState::waiting || service == nullptr) {
    return 0;
  }
  const auto& queue = service->waiting;
  return static_cast<std::uint32_t>(std::find(queue.begin(), queue.end(), ticket.id) - queue.begin());
}

}  // namespace

HallView hall_view(const Site& site, const State& state, Instant now) {
  HallView view;
  view.name = site.name;
  view.business_date = state.date;
  view.seq = state.seq;
  for (const Service& service : site.services) {
    view.services.push_back(service_view(state, service, now));
    view.open = view.open || view.services.back().open;
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
  view.back_at = record->back_at;
  if (const Ticket* ticket = state.find(record->ticket)) {
    view.ticket = TicketAtWindow{.id = ticket->id,
                                 .number = state.number_of(*ticket),
                                 .service = service_id(state, *ticket),
                                 .lane = ticket->lane};
  }
  return view;
}

TicketView ticket_view(const State& state, const Ticket& ticket) {
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
  view.ahead = waiting_before(state, ticket);
  view.print = ticket.print;
  if (const DeviceRecord* printer = at_place(state.devices, ticket.printer)) {
    view.printer = printer->id;
  }
  view.copies = ticket.copies;
  return view;
}

}  // namespace lobby::hall
