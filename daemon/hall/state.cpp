#include "daemon/hall/state.hpp"

#include <algorithm>

#include "daemon/hall/lookup.hpp"

namespace lobby::hall {

const Ticket* State::find(TicketId id) const {
  if (tickets.empty() || id < tickets.front().id || id > tickets.back().id) {
    return nullptr;
  }
  // Ids have no gaps within a day, so the place follows from the id; a journal that has one is still read.
  const std::uint64_t place = id.value - tickets.front().id.value;
  if (place < tickets.size() && tickets[place].id == id) {
    return &tickets[place];
  }
  const auto it = std::lower_bound(tickets.begin(), tickets.end(), id,
                                   [](const Ticket& ticket, TicketId wanted) { return ticket.id < wanted; });
  return it != tickets.end() && it->id == id ? &*it : nullptr;
}

Ticket* State::find(TicketId id) {
  return const_cast<Ticket*>(static_cast<const State&>(*this).find(id));
}

const ServiceState* State::find(const ServiceId& id) const {
  return find_in(services, id);
}
const WindowRecord* State::find(const WindowId& id) const {
  return find_in(windows, id);
}
const DeviceRecord* State::find(const DeviceId& id) const {
  return find_in(devices, id);
}

std::string State::number_of(const Ticket& ticket) const {
  const bool known = ticket.series < series.size();
  return number_text(known ? std::string_view{series[ticket.series].prefix} : std::string_view{}, ticket.n);
}

bool State::is_used(std::string_view number) const {
  return std::any_of(series.begin(), series.end(), [&](const Series& one) {
    const auto n = digits_behind(one.prefix, number);
    return n && one.used.contains(*n);
  });
}

}  // namespace lobby::hall
