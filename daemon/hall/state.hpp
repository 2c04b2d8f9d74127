#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/hall/event.hpp"
#include "daemon/hall/numbers.hpp"

/// The state of the hall: the fold of its events and of nothing else. It starts empty, not from the site, so
/// replaying the same events gives the same bytes; a service or window appears with the first event that
/// names it.
namespace lobby::hall {

/// Places in State's own vectors: small, and stable within a day.
using ServiceIx = std::uint16_t;
using WindowIx = std::uint16_t;
using KioskIx = std::uint16_t;
using DeviceIx = std::uint16_t;
using SeriesIx = std::uint16_t;
inline constexpr std::uint16_t no_ix = 0xffff;

/// One person's place, from issue to end. Kept small: a provincial day has 100,000 of them.
struct Ticket {
  TicketId id;
  std::int64_t issued_ms = 0, called_ms = 0, started_ms = 0, ended_ms = 0;  ///< UTC; 0 = not yet
  std::uint32_t n = 0;
  std::uint32_t ahead_at_issue = 0;
  SeriesIx series = no_ix;  ///< whose prefix stands before `n`
  ServiceIx service = no_ix;
  WindowIx window = no_ix;  ///< where it is, or was last
  KioskIx kiosk = no_ix;
  DeviceIx printer = no_ix;
  std::uint16_t recalls = 0;
  std::uint16_t copies = 0;  ///< reprints asked for
  TicketState state = TicketState::waiting;
  Lane lane = Lane::ordinary;
  PrintState print = PrintState::none;
  bool print_due = false;  ///< an original or a copy waits to be sent to its printer
  std::string language;
};

struct ServiceState {
  ServiceId id;
  std::deque<TicketId> waiting;  ///< in the order of calling
  std::uint32_t issued = 0, finished = 0, no_show = 0;
};

struct WindowRecord {
  WindowId id;
  WindowState state = WindowState::closed;
  WindowState before_pause = WindowState::closed;
  TicketId ticket;  ///< 0: none
  TicketId last_finished;
  ClerkId clerk;
  std::string pause_reason, message;
  std::optional<Instant> back_at;
  std::uint64_t call_seq = 0;  ///< journal number of the call or recall of `ticket`; 0: none
  std::int64_t last_call_ms = 0;
};

constexpr std::size_t most_lately_called = 20;

struct Call {
  std::uint64_t seq = 0;
  TicketId ticket;
  WindowIx window = no_ix;
  Instant at;
};

struct DeviceRecord {
  DeviceId id;
  DeviceKind kind{};
  DeviceState state{};
  std::string reason;
  Instant since;
  bool blocked = false;  ///< it is there and cannot do its work
};

class State {
 public:
  std::uint64_t seq = 0;  ///< of the last event folded in
  Instant last_at;        ///< the latest time of any event: a clock that goes back does not move it
  Date date;              ///< the business day; 0 before the first DayOpened
  TicketId next_ticket{1};
  std::uint64_t approvals_version = 0;
  std::vector<Ticket> tickets;  ///< today's, by ascending id without gaps
  std::vector<ServiceState> services;
  std::vector<WindowRecord> windows;
  std::vector<KioskId> kiosks;
  std::vector<DeviceRecord> devices;
  std::vector<Series> series;      ///< numbers used today, by prefix
  std::deque<Call> lately_called;  ///< newest first, at most `most_lately_called`

  const Ticket* find(TicketId id) const;
  Ticket* find(TicketId id);
  const ServiceState* find(const ServiceId& id) const;
  const WindowRecord* find(const WindowId& id) const;
  const DeviceRecord* find(const DeviceId& id) const;
  /// The number as printed: `A017`.
  std::string number_of(const Ticket& ticket) const;
  /// Does a ticket of today bear this number, whatever its prefix?
  bool is_used(std::string_view number) const;
};

/// Folds one event in. Events must come in order: `event.seq == state.seq + 1`. Never refuses: what the
/// journal holds has happened; an event that names something unknown makes it known.
void apply(State& state, const Event& event);

/// The whole state as bytes, equal for equal states, and back. decode() returns nullopt for bytes of another
/// version or damaged bytes, never half a state.
std::string encode(const State& state);
std::optional<State> decode(std::string_view bytes);

}  // namespace lobby::hall
