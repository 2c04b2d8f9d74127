#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/hall/event.hpp"
#include "daemon/hall/line.hpp"
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
using LanguageIx = std::uint8_t;
inline constexpr LanguageIx no_language = 0xff;

constexpr std::size_t lane_count = Words<Lane>::text.size();

/// One person's place, from issue to end. Kept small: a provincial day has 100,000 of them.
constexpr std::uint16_t no_minute = 0xffff;

struct Ticket {
  TicketId id;
  std::int64_t issued_ms = 0;
  std::int64_t place_ms = 0;  ///< its place in the line it waits in; the time of issue unless it was moved
  std::int64_t started_ms = 0, ended_ms = 0;
  std::int64_t since_ms = 0;  ///< when it joined the line of its present step
  ApplicantKey applicant;
  std::uint32_t n = 0;
  std::uint32_t ahead_at_issue = 0;
  std::uint32_t waited_s = 0;  ///< until its first call of the present step
  std::uint32_t served_s = 0;  ///< at windows before it was last set aside
  SeriesIx series = no_ix;     ///< whose prefix stands before `n`
  ServiceIx service = no_ix;
  WindowIx window = no_ix;    ///< where it is, or was last
  ServiceIx package = no_ix;  ///< 套餐: the service that was asked for
  WindowIx only = no_ix;      ///< waits for this window alone
  WindowIx avoid = no_ix;     ///< the window that sent it away
  KioskIx kiosk = no_ix;
  DeviceIx printer = no_ix;
  std::uint16_t recalls = 0;                ///< of the present call
  std::uint16_t copies = 0;                 ///< reprints asked for
  std::uint16_t booked_minute = no_minute;  ///< where the slot of its appointment begins, since midnight
  std::uint8_t reinstated = 0;
  TicketState state = TicketState::waiting;
  Lane lane = Lane::ordinary;
  PrintState print = PrintState::none;
  HoldKind hold = HoldKind::away;
  bool print_due = false;  ///< an original or a copy waits to be sent to its printer
  bool notified = false;   ///< ended as `notified` and was not re-activated
  LanguageIx language = no_language;
};

/// 套餐: the steps that a ticket still has before it.
struct Route {
  TicketId ticket;
  std::vector<ServiceIx> steps;
};

/// A rolling mean of durations.
struct Pace {
  static constexpr std::uint32_t enough = 3;      ///< measured, to be told by
  static constexpr std::uint32_t yesterdays = 8;  ///< what a mean of yesterday counts for

  std::uint32_t count = 0;    ///< measured, and `yesterdays` for what the day began with
  std::uint32_t mean_ms = 0;  ///< of the last ones; the older, the less they weigh
  /// One that was forgotten is no measure: it counts as four times the mean at most, once there is a mean.
  void add(std::int64_t ms);
  friend bool operator==(const Pace&, const Pace&) = default;
};

struct ServiceState {
  ServiceId id;
  std::array<Line, lane_count> lanes;  ///< who waits for any window, by lane
  std::uint32_t issued = 0, finished = 0, no_show = 0;
  std::uint32_t slot = 0, slot_issued = 0;  ///< of the quota's slot that was used last
  Pace stay;                                ///< of a ticket at a window, from its call to its leaving
  std::uint32_t tenant_waiting = 0;
  std::string tenant_called, tenant_window;

  const Line& lane(Lane which) const { return lanes[static_cast<std::size_t>(which)]; }
  Line& lane(Lane which) { return lanes[static_cast<std::size_t>(which)]; }
  std::size_t waiting() const;
};

struct WindowRecord {
  WindowId id;
  WindowState state = WindowState::closed;
  WindowState before_pause = WindowState::closed;
  TicketId ticket;  ///< 0: none
  TicketId last_finished;
  ServiceIx walk_in = no_ix;         ///< serving somebody without a ticket for this service
  std::int64_t walk_in_ms = 0;       ///< since when
  ServiceIx last_service = no_ix;    ///< of whom was finished last
  ClerkId last_clerk;                ///< who finished it
  bool rateable = false;             ///< somebody was finished and has not rated
  Line line;                         ///< tickets that wait for this window alone
  std::vector<std::uint32_t> round;  ///< calls of each turn in the present round
  ClerkId clerk;
  std::string pause_reason, message;
  std::optional<Instant> back_at;
  std::uint64_t call_seq = 0;  ///< journal number of the call or recall of `ticket`; 0: none
  std::int64_t last_call_ms = 0;
  std::int64_t came_ms = 0;        ///< when `ticket` was called here
  std::string case_tail;           ///< 领证: of the case that `ticket` was made for
  std::int64_t idle_ms = 0;        ///< since when nobody is here
  std::optional<Instant> help_at;  ///< a colleague is to come, since then
};

constexpr std::size_t most_lately_called = 20;
/// What crosses midnight stands in one event, which has to be read again: no more of each than these.
constexpr std::size_t most_notices = 20'000, most_appointments = 20'000, most_blocks = 10'000;
/// Few enough to be read by people who pass.
constexpr std::size_t most_drafts = 64, most_texts_up = 64;

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
  std::uint64_t seq = 0;    ///< of the last event folded in
  Instant last_at;          ///< the latest time of any event: a clock that goes back does not move it
  Date date;                ///< the business day; 0 before the first DayOpened
  bool day_closed = false;  ///< expired: no more tickets today
  TicketId next_ticket{1};
  AppointmentId next_appointment{1};
  Pace gap;                     ///< of a window between two tickets while somebody waits for it
  std::vector<Ticket> tickets;  ///< today's, by ascending id without gaps
  std::vector<ServiceState> services;
  std::vector<WindowRecord> windows;
  std::vector<KioskId> kiosks;
  std::vector<std::string> languages;  ///< that tickets asked for today
  std::vector<Route> routes;           ///< of tickets with steps before them, by ascending id
  std::vector<DeviceRecord> devices;
  std::vector<Series> series;             ///< numbers used today, by prefix
  std::vector<Appointment> appointments;  ///< of today and later, by ascending id
  std::vector<Notice> notices;            ///< slips that go first
  std::vector<Block> blocks;              ///< by ascending key
  DraftId next_draft{1};
  std::vector<BoardText> texts;  ///< drafts and texts that are up, by ascending id; some may have ended
  std::optional<Emergency> emergency;
  std::uint64_t publications = 0;  ///< of boards, recorded so far
  CatalogueWatch catalogue;
  EvaluationId next_evaluation{1};
  AlarmId next_alarm{1};
  std::vector<Evaluation> evaluations;  ///< not closed, or closed lately, by ascending id
  /// Tickets of people who said who they are and that have not ended, by key. Follows from `tickets`.
  std::vector<std::pair<ApplicantKey, TicketId>> people;
  std::deque<Call> lately_called;  ///< newest first, at most `most_lately_called`

  const Ticket* find(TicketId id) const;
  Ticket* find(TicketId id);
  const ServiceState* find(const ServiceId& id) const;
  const WindowRecord* find(const WindowId& id) const;
  const DeviceRecord* find(const DeviceId& id) const;
  const Appointment* find(AppointmentId id) const;
  const BoardText* find(DraftId id) const;
  const Evaluation* find(EvaluationId id) const;
  /// The number as printed: `A017`.
  std::string number_of(const Ticket& ticket) const;
  /// 套餐: what the ticket still has before it; empty for most.
  std::span<const ServiceIx> steps_of(TicketId id) const;
  std::string_view language_of(const Ticket& ticket) const;
  /// The line that a waiting ticket stands in, and its entry there; for fold and decode.
  void join_line(const Ticket& ticket);
  void leave_line(const Ticket& ticket);
  const Line* line_of(const Ticket& ticket) const;
  Line* line_of(const Ticket& ticket);
  /// Does a ticket of today bear this number, whatever its prefix?
  bool is_used(std::string_view number) const;
};

inline Line::Entry entry_of(const Ticket& ticket) {
  return {.place_ms = ticket.place_ms, .ticket = ticket.id};
}
/// Has the ticket ended, one way or another?
bool is_over(TicketState state);
/// Is the text's time over? Nobody may see it any more, nor approve it.
inline bool has_ended(const BoardText& text, Instant now) {
  return text.until.utc_ms <= now.utc_ms;
}
/// Whole seconds from one moment to a later one; 0 when the clock went back between them.
std::uint32_t seconds_between(std::int64_t from_ms, std::int64_t to_ms);

/// Folds one event in. Events must come in order: `event.seq == state.seq + 1`. Never refuses: what the
/// journal holds has happened; an event that names something unknown makes it known.
void apply(State& state, const Event& event);

/// The whole state as bytes, equal for equal states, and back. decode() returns nullopt for bytes of another
/// version or damaged bytes, never half a state.
std::string encode(const State& state);
std::optional<State> decode(std::string_view bytes);

}  // namespace lobby::hall
