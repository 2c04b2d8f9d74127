#include <algorithm>
#include <limits>
#include <utility>

#include "daemon/hall/bytes.hpp"
#include "daemon/hall/evaluation_bytes.hpp"
#include "daemon/hall/state.hpp"

namespace lobby::hall {

namespace {

constexpr std::uint8_t format = 10;
constexpr std::size_t checksum_bytes = 8;
constexpr std::size_t least_ticket_bytes = 102;

}  // namespace

// Found by their arguments from walk_list(), so not in the unnamed namespace.
template <class Bytes>
void walk(Bytes& bytes, std::uint16_t& value) {
  bytes(value);
}

template <class Bytes>
void walk(Bytes& bytes, std::uint32_t& value) {
  bytes(value);
}

template <class Bytes>
void walk(Bytes& bytes, Ticket& ticket) {
  bytes(ticket.id.value);
  bytes(ticket.issued_ms);
  bytes(ticket.place_ms);
  bytes(ticket.since_ms);
  bytes(ticket.started_ms);
  bytes(ticket.ended_ms);
  bytes(ticket.applicant.value);
  bytes(ticket.n);
  bytes(ticket.ahead_at_issue);
  bytes(ticket.waited_s);
  bytes(ticket.served_s);
  bytes(ticket.series);
  bytes(ticket.service);
  bytes(ticket.window);
  bytes(ticket.package);
  bytes(ticket.only);
  bytes(ticket.avoid);
  bytes(ticket.kiosk);
  bytes(ticket.printer);
  bytes(ticket.recalls);
  bytes(ticket.copies);
  bytes(ticket.booked_minute);
  bytes(ticket.reinstated);
  bytes(ticket.state);
  bytes(ticket.lane);
  bytes(ticket.print);
  bytes(ticket.hold);
  bytes(ticket.print_due);
  bytes(ticket.notified);
  bytes(ticket.language);
}

template <class Bytes>
void walk(Bytes& bytes, std::string& text) {
  bytes(text);
}

template <class Bytes>
void walk(Bytes& bytes, Route& route) {
  bytes(route.ticket.value);
  walk_list(bytes, route.steps, 2);
}

template <class Bytes>
void walk(Bytes& bytes, Pace& pace) {
  bytes(pace.count);
  bytes(pace.mean_ms);
}

/// Who waits follows from the tickets.
template <class Bytes>
void walk(Bytes& bytes, ServiceState& service) {
  bytes(service.id.value);
  bytes(service.issued);
  bytes(service.finished);
  bytes(service.no_show);
  bytes(service.slot);
  bytes(service.slot_issued);
  walk(bytes, service.stay);
  bytes(service.tenant_waiting);
  bytes(service.tenant_called);
  bytes(service.tenant_window);
}

template <class Bytes>
void walk(Bytes& bytes, WindowRecord& window) {
  bytes(window.id.value);
  bytes(window.state);
  bytes(window.before_pause);
  bytes(window.ticket.value);
  bytes(window.last_finished.value);
  bytes(window.walk_in);
  bytes(window.walk_in_ms);
  bytes(window.last_service);
  bytes(window.last_clerk.value);
  bytes(window.rateable);
  walk_list(bytes, window.round, 4);
  bytes(window.clerk.value);
  bytes(window.pause_reason);
  bytes(window.message);
  walk(bytes, window.back_at);
  bytes(window.call_seq);
  bytes(window.last_call_ms);
  bytes(window.came_ms);
  bytes(window.case_tail);
  bytes(window.idle_ms);
  walk(bytes, window.help_at);
}

template <class Bytes>
void walk(Bytes& bytes, Appointment& booked) {
  bytes(booked.id.value);
  bytes(booked.code);
  bytes(booked.service.value);
  walk(bytes, booked.date);
  bytes(booked.minute);
  bytes(booked.applicant.value);
  bytes(booked.used);
}

template <class Bytes>
void walk(Bytes& bytes, Notice& notice) {
  bytes(notice.slip_no);
  bytes(notice.service.value);
  walk(bytes, notice.until);
  std::uint64_t ticket = notice.ticket.value_or(TicketId{}).value;
  bytes(ticket);
  notice.ticket = ticket == 0 ? std::nullopt : std::optional(TicketId{ticket});
}

template <class Bytes>
void walk(Bytes& bytes, CatalogueWatch::Check& check) {
  bytes(check.board.value);
  bytes(check.by);
  walk(bytes, check.at);
}

template <class Bytes>
void walk(Bytes& bytes, CatalogueWatch& catalogue) {
  bytes(catalogue.mark);
  walk(bytes, catalogue.site_moved);
  walk(bytes, catalogue.above_moved);
  walk_list(bytes, catalogue.checks, 16);
}

template <class Bytes>
void walk(Bytes& bytes, BoardText& text) {
  bytes(text.draft.value);
  bytes(text.board.value);
  bytes(text.text);
  walk(bytes, text.until);
  bytes(text.by);
  bytes(text.approved_by);
  walk(bytes, text.approved_at);
}

template <class Bytes>
void walk(Bytes& bytes, std::optional<Emergency>& emergency) {
  bool present = emergency.has_value();
  bytes(present);
  if (!present) {
    emergency.reset();
    return;
  }
  Emergency value = emergency.value_or(Emergency{});
  bytes(value.text);
  walk_list(bytes, value.zones, 4);
  bytes(value.by);
  walk(bytes, value.since);
  emergency = std::move(value);
}

template <class Bytes>
void walk(Bytes& bytes, Block& block) {
  bytes(block.applicant.value);
  walk(bytes, block.until);
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
  bytes(state.day_closed);
  walk(bytes, state.next_ticket);
  walk(bytes, state.next_appointment);
  walk(bytes, state.gap);
  walk_list(bytes, state.tickets, least_ticket_bytes);
  walk_list(bytes, state.services, 44);
  walk_list(bytes, state.windows, 88);
  walk_list(bytes, state.kiosks, 4);
  walk_list(bytes, state.languages, 4);
  walk_list(bytes, state.routes, 12);
  walk_list(bytes, state.devices, 23);
  walk_list(bytes, state.series, 8);
  walk_list(bytes, state.lately_called, 30);
  walk_list(bytes, state.appointments, 33);
  walk_list(bytes, state.notices, 12);
  walk_list(bytes, state.blocks, 12);
  walk(bytes, state.next_draft);
  walk_list(bytes, state.texts, 36);
  walk(bytes, state.emergency);
  bytes(state.publications);
  walk(bytes, state.catalogue);
  walk(bytes, state.next_evaluation);
  walk(bytes, state.next_alarm);
  walk_list(bytes, state.evaluations, least_evaluation_bytes);
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
                        is_place(ticket.series, state.series) && is_place(ticket.package, state.services) &&
                        is_place(ticket.only, state.windows) && is_place(ticket.avoid, state.windows) &&
                        (ticket.language == no_language || ticket.language < state.languages.size()) &&
                        (ticket.booked_minute == no_minute || ticket.booked_minute < 24 * 60);
    if (!places || ticket.id <= before || ticket.id >= state.next_ticket) {
      return false;
    }
    before = ticket.id;
  }
  return true;
}

bool routes_are_sound(const State& state) {
  TicketId before;
  for (const Route& route : state.routes) {
    const bool steps =
        !route.steps.empty() && std::all_of(route.steps.begin(), route.steps.end(),
                                            [&](ServiceIx step) { return step < state.services.size(); });
    if (!steps || route.ticket <= before || state.find(route.ticket) == nullptr) {
      return false;
    }
    before = route.ticket;
  }
  return true;
}

bool evaluations_are_sound(const State& state) {
  EvaluationId before;
  for (const Evaluation& one : state.evaluations) {
    if (one.evaluation <= before || one.evaluation >= state.next_evaluation) {
      return false;
    }
    before = one.evaluation;
  }
  return state.next_alarm != AlarmId{};
}

/// Puts everybody where they stand: lines and the index of people follow from the tickets.
void stand_up(State& state) {
  for (const Ticket& ticket : state.tickets) {
    if (ticket.state == TicketState::waiting) {
      state.join_line(ticket);
    }
    if (ticket.applicant != ApplicantKey{} && !is_over(ticket.state)) {
      state.people.emplace_back(ticket.applicant, ticket.id);
    }
  }
  std::sort(state.people.begin(), state.people.end());
}

bool windows_are_sound(const State& state) {
  const auto is_ticket = [&](TicketId id) { return id == TicketId{} || state.find(id) != nullptr; };
  const auto window_is_sound = [&](const WindowRecord& window) {
    const bool is_paused = window.state == WindowState::paused;
    const WindowState state_there = is_paused ? window.before_pause : window.state;
    const bool seats = state_there == WindowState::called || state_there == WindowState::serving;
    return is_ticket(window.ticket) && is_ticket(window.last_finished) &&
           state_there != WindowState::paused && is_place(window.walk_in, state.services) &&
           is_place(window.last_service, state.services) &&
           (window.walk_in == no_ix ||
            (state_there == WindowState::serving && window.ticket == TicketId{})) &&
           seats == (window.ticket != TicketId{} || window.walk_in != no_ix);
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
  if (!reader.done() || !tickets_are_sound(state) || !routes_are_sound(state) || !windows_are_sound(state) ||
      !evaluations_are_sound(state)) {
    return std::nullopt;
  }
  stand_up(state);
  return state;
}

}  // namespace lobby::hall
