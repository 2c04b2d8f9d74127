#include <algorithm>
#include <limits>
#include <utility>

#include "daemon/hall/bytes.hpp"
#include "daemon/hall/state.hpp"

namespace lobby::hall {

namespace {

constexpr std::uint8_t format = 2;
constexpr std::size_t checksum_bytes = 8;
constexpr std::size_t least_ticket_bytes = 70;

}  // namespace

// Found by their arguments from walk_list(), so not in the unnamed namespace.
template <class Bytes>
void walk(Bytes& bytes, Ticket& ticket) {
  bytes(ticket.id.value);
  bytes(ticket.issued_ms);
  bytes(ticket.called_ms);
  bytes(ticket.started_ms);
  bytes(ticket.ended_ms);
  bytes(ticket.n);
  bytes(ticket.ahead_at_issue);
  bytes(ticket.series);
  bytes(ticket.service);
  bytes(ticket.window);
  bytes(ticket.kiosk);
  bytes(ticket.printer);
  bytes(ticket.recalls);
  bytes(ticket.copies);
  bytes(ticket.state);
  bytes(ticket.lane);
  bytes(ticket.print);
  bytes(ticket.print_due);
  bytes(ticket.language);
}

template <class Bytes>
void walk(Bytes& bytes, ServiceState& service) {
  bytes(service.id.value);
  walk_list(bytes, service.waiting, 8);
  bytes(service.issued);
  bytes(service.finished);
  bytes(service.no_show);
}

template <class Bytes>
void walk(Bytes& bytes, WindowRecord& window) {
  bytes(window.id.value);
  bytes(window.state);
  bytes(window.before_pause);
  bytes(window.ticket.value);
  bytes(window.last_finished.value);
  bytes(window.clerk.value);
  bytes(window.pause_reason);
  bytes(window.message);
  walk(bytes, window.back_at);
  bytes(window.call_seq);
  bytes(window.last_call_ms);
}

template <class Bytes>
void walk(Bytes& bytes, DeviceRecord& device) {
  bytes(device.id.value);
  bytes(device.kind);
  bytes(device.state);
  bytes(device.reason);
  walk(bytes, device.since);
  bytes(device.blocked);
}

template <class Bytes>
void walk(Bytes& bytes, NumberSet::Range& range) {
  bytes(range.first);
  bytes(range.last);
}

static void walk(Writer& bytes, Series& series) {
  bytes(series.prefix);
  auto ranges = series.used.ranges();
  walk_list(bytes, ranges, 8);
}

static void walk(Reader& bytes, Series& series) {
  bytes(series.prefix);
  std::vector<NumberSet::Range> ranges;
  walk_list(bytes, ranges, 8);
  if (auto used = NumberSet::from_ranges(std::move(ranges))) {
    series.used = *std::move(used);
  } else {
    bytes.fail();
  }
}

template <class Bytes>
void walk(Bytes& bytes, Call& call) {
  bytes(call.seq);
  bytes(call.ticket.value);
  bytes(call.window);
  walk(bytes, call.at);
}

template <class Bytes>
void walk(Bytes& bytes, State& state) {
  bytes(state.seq);
  walk(bytes, state.last_at);
  walk(bytes, state.date);
  walk(bytes, state.next_ticket);
  bytes(state.approvals_version);
  walk_list(bytes, state.tickets, least_ticket_bytes);
  walk_list(bytes, state.services, 20);
  walk_list(bytes, state.windows, 51);
  walk_list(bytes, state.kiosks, 4);
  walk_list(bytes, state.devices, 23);
  walk_list(bytes, state.series, 8);
  walk_list(bytes, state.lately_called, 30);
}

namespace {

bool is_place(std::uint16_t place, const auto& items) {
  return place == no_ix || place < items.size();
}

bool tickets_are_sound(const State& state) {
  constexpr std::uint64_t no_next = std::numeric_limits<std::uint64_t>::max();
  if (state.next_ticket == TicketId{} || state.next_ticket.value == no_next || state.seq == no_next) {
    return false;
  }
  TicketId before;
  for (const Ticket& ticket : state.tickets) {
    const bool places = is_place(ticket.service, state.services) && is_place(ticket.window, state.windows) &&
                        is_place(ticket.kiosk, state.kiosks) && is_place(ticket.printer, state.devices) &&
                        is_place(ticket.series, state.series);
    if (!places || ticket.id <= before || ticket.id >= state.next_ticket) {
      return false;
    }
    before = ticket.id;
  }
  return true;
}

/// Every ticket that waits stands in the queue of its service, once.
bool queues_are_sound(const State& state) {
  std::vector<bool> queued(state.tickets.size());
  for (std::size_t place = 0; place < state.services.size(); ++place) {
    for (const TicketId id : state.services[place].waiting) {
      const Ticket* ticket = state.find(id);
      if (ticket == nullptr || ticket->state != TicketState::waiting || ticket->service != place) {
        return false;
      }
      const auto index = static_cast<std::size_t>(ticket - state.tickets.data());
      if (queued[index]) {
        return false;
      }
      queued[index] = true;
    }
  }
  return true;
}

bool windows_are_sound(const State& state) {
  const auto is_ticket = [&](TicketId id) { return id == TicketId{} || state.find(id) != nullptr; };
  const auto window_is_sound = [&](const WindowRecord& window) {
    const bool is_paused = window.state == WindowState::paused;
    const WindowState state_there = is_paused ? window.before_pause : window.state;
    const bool seats = state_there == WindowState::called || state_there == WindowState::serving;
    return is_ticket(window.ticket) && is_ticket(window.last_finished) &&
           state_there != WindowState::paused && seats == (window.ticket != TicketId{});
  };
  const auto call_is_sound = [&](const Call& call) {
    return state.find(call.ticket) != nullptr && call.window < state.windows.size();
  };
  return std::all_of(state.windows.begin(), state.windows.end(), window_is_sound) &&
         state.lately_called.size() <= most_lately_called &&
         std::all_of(state.lately_called.begin(), state.lately_called.end(), call_is_sound);
}

}  // namespace

std::string encode(const State& state) {
  Writer writer(16384 + state.tickets.size() * (least_ticket_bytes + 24));
  writer(format);
  // A Writer only reads; one walk() for both directions asks for a reference that a Reader may fill.
  walk(writer, const_cast<State&>(state));
  std::string bytes = writer.take();
  Writer seal;
  seal(checksum(bytes));
  return bytes += seal.take();
}

std::optional<State> decode(std::string_view bytes) {
  if (bytes.size() <= checksum_bytes || static_cast<std::uint8_t>(bytes.front()) != format) {
    return std::nullopt;
  }
  Reader seal(bytes.substr(bytes.size() - checksum_bytes));
  bytes.remove_suffix(checksum_bytes);
  std::uint64_t sum = 0;
  seal(sum);
  if (sum != checksum(bytes)) {
    return std::nullopt;
  }
  Reader reader(bytes.substr(1));
  State state;
  walk(reader, state);
  if (!reader.done() || !tickets_are_sound(state) || !queues_are_sound(state) || !windows_are_sound(state)) {
    return std::nullopt;
  }
  return state;
}

}  // namespace lobby::hall
