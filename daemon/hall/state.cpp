#include "daemon/hall/state.hpp"

#include <algorithm>
#include <limits>

#include "daemon/hall/lookup.hpp"

namespace lobby::hall {

void Pace::add(std::int64_t ms) {
  // Long enough to tell a slow service from a slow customer, short enough to follow a day.
  constexpr std::uint32_t memory = 24;
  constexpr std::int64_t most_ms = 24LL * 60 * 60 * 1000;
  ms = std::clamp<std::int64_t>(ms, 0, most_ms);
  constexpr std::uint32_t enough_to_judge = 8;
  if (count >= enough_to_judge) {
    ms = std::min(ms, 4 * std::int64_t{mean_ms});
  }
  count = count == std::numeric_limits<std::uint32_t>::max() ? count : count + 1;
  const std::int64_t weight = std::min(count, memory);
  mean_ms = static_cast<std::uint32_t>(mean_ms + (ms - mean_ms) / weight);
}

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

const BoardText* State::find(DraftId id) const {
  const auto it =
      std::find_if(texts.begin(), texts.end(), [&](const BoardText& one) { return one.draft == id; });
  return it == texts.end() ? nullptr : &*it;
}

const Evaluation* State::find(EvaluationId id) const {
  const auto it =
      std::lower_bound(evaluations.begin(), evaluations.end(), id,
                       [](const Evaluation& one, EvaluationId wanted) { return one.evaluation < wanted; });
  return it != evaluations.end() && it->evaluation == id ? &*it : nullptr;
}

const Appointment* State::find(AppointmentId id) const {
  return find_in(appointments, id);
}

std::span<const ServiceIx> State::steps_of(TicketId id) const {
  const auto it = std::lower_bound(routes.begin(), routes.end(), id,
                                   [](const Route& route, TicketId wanted) { return route.ticket < wanted; });
  return it != routes.end() && it->ticket == id ? std::span<const ServiceIx>(it->steps)
                                                : std::span<const ServiceIx>();
}

std::string_view State::language_of(const Ticket& ticket) const {
  return ticket.language < languages.size() ? std::string_view(languages[ticket.language])
                                            : std::string_view();
}

const Line* State::line_of(const Ticket& ticket) const {
  if (ticket.only < windows.size()) {
    return &windows[ticket.only].line;
  }
  return ticket.service < services.size() ? &services[ticket.service].lane(ticket.lane) : nullptr;
}

Line* State::line_of(const Ticket& ticket) {
  return const_cast<Line*>(static_cast<const State&>(*this).line_of(ticket));
}

void State::join_line(const Ticket& ticket) {
  if (Line* line = line_of(ticket)) {
    line->insert(entry_of(ticket));
  }
}

void State::leave_line(const Ticket& ticket) {
  if (Line* line = line_of(ticket)) {
    line->erase(entry_of(ticket));
  }
}

std::size_t ServiceState::waiting() const {
  std::size_t all = 0;
  for (const Line& line : lanes) {
    all += line.size();
  }
  return all;
}

bool is_over(TicketState state) {
  switch (state) {
    case TicketState::waiting:
    case TicketState::called:
    case TicketState::serving:
    case TicketState::held:
      return false;
    default:
      return true;
  }
}

std::uint32_t seconds_between(std::int64_t from_ms, std::int64_t to_ms) {
  // Unsigned: the distance of two moments fits, however far apart they are.
  const auto distance = static_cast<std::uint64_t>(to_ms) - static_cast<std::uint64_t>(from_ms);
  constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
  return to_ms <= from_ms ? 0 : static_cast<std::uint32_t>(std::min(distance / 1000, most));
}

}  // namespace lobby::hall
