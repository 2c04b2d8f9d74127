#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/hall/decide.hpp"

/// The inside of decide(): one function per command, and the words they share.
namespace lobby::hall::deciding {

/// Everything a decision may look at.
struct Asked {
  const State& state;
  const Site& site;
  const Context& context;
  /// The time that rules go by: a clock that was set back stands still for them, so that nobody who comes
  /// then stands before those who wait.
  Instant now;
};

Decision on(const Asked& asked, const IssueTicket& command);
Decision on(const Asked& asked, const CancelTicket& command);
Decision on(const Asked& asked, const ReinstateTicket& command);
Decision on(const Asked& asked, const ReprintTicket& command);
Decision on(const Asked& asked, const SettlePrint& command);
Decision on(const Asked& asked, const OpenWindow& command);
Decision on(const Asked& asked, const TakeOverWindow& command);
Decision on(const Asked& asked, const CloseWindow& command);
Decision on(const Asked& asked, const CallNext& command);
Decision on(const Asked& asked, const CallTicket& command);
Decision on(const Asked& asked, const ResumeHeld& command);
Decision on(const Asked& asked, const CollectLicence& command);
Decision on(const Asked& asked, const RecallTicket& command);
Decision on(const Asked& asked, const StartService& command);
Decision on(const Asked& asked, const FinishService& command);
Decision on(const Asked& asked, const MarkNoShow& command);
Decision on(const Asked& asked, const HoldTicket& command);
Decision on(const Asked& asked, const TransferTicket& command);
Decision on(const Asked& asked, const RateService& command);
Decision on(const Asked& asked, const PauseWindow& command);
Decision on(const Asked& asked, const ResumeWindow& command);
Decision on(const Asked& asked, const CallHelp& command);
Decision on(const Asked& asked, const EndHelp& command);
Decision on(const Asked& asked, const BookAppointment& command);
Decision on(const Asked& asked, const CancelAppointment& command);
Decision on(const Asked& asked, const BlockApplicant& command);
Decision on(const Asked& asked, const ReportTenant& command);
Decision on(const Asked& asked, const DraftText& command);
Decision on(const Asked& asked, const ApproveText& command);
Decision on(const Asked& asked, const WithdrawText& command);
Decision on(const Asked& asked, const ShowEmergency& command);
Decision on(const Asked& asked, const ClearEmergency& command);
Decision on(const Asked& asked, const CheckBoard& command);
Decision on(const Asked& asked, const ReportCatalogue& command);
Decision on(const Asked& asked, const TurnDay& command);
Decision on(const Asked& asked, const ExpireDay& command);
Decision on(const Asked& asked, const StartPrint& command);
Decision on(const Asked& asked, const ReportPrint& command);
Decision on(const Asked& asked, const ReportCallShown& command);
Decision on(const Asked& asked, const ReportDevice& command);
Decision on(const Asked& asked, const ReportSource& command);
Decision on(const Asked& asked, const ReportPublished& command);
Decision on(const Asked& asked, const ReportAccount& command);
Decision on(const Asked& asked, const PlanEvaluation& command);
Decision on(const Asked& asked, const StartEvaluation& command);
Decision on(const Asked& asked, const StopEvaluation& command);
Decision on(const Asked& asked, const OpenUnwitnessed& command);
Decision on(const Asked& asked, const AcknowledgeAlarm& command);
Decision on(const Asked& asked, const ReportRequested& command);
Decision on(const Asked& asked, const ReportVerified& command);
Decision on(const Asked& asked, const ReportMissing& command);
Decision on(const Asked& asked, const ReportAlarm& command);
Decision on(const Asked& asked, const ReportClosed& command);

/// The events of one decision, numbered and stamped as they are added.
class Draft {
 public:
  explicit Draft(const Asked& asked) : asked_(asked) {}
  template <class B>
  void add(B body) {
    const std::uint64_t seq = asked_.state.seq + events_.size() + 1;
    events_.push_back(
        Event{.seq = seq, .at = asked_.context.now, .by = asked_.context.by, .body = std::move(body)});
  }
  Decision done() { return std::move(events_); }

 private:
  const Asked& asked_;
  std::vector<Event> events_;
};

template <class B>
Decision one(const Asked& asked, B body) {
  Draft draft(asked);
  draft.add(std::move(body));
  return draft.done();
}

inline Decision nothing() {
  return std::vector<Event>{};
}
inline Refusal refuse(Refused code, std::string detail) {
  return {.code = code, .detail = std::move(detail)};
}
Refusal refuse_unknown(const TicketId& ticket);
Refusal refuse_unknown(const WindowId& window);
Refusal refuse_unknown(const ServiceId& service);
Refusal refuse_state(const State& state, const Ticket& ticket);
/// A day must have been opened, and not be over, before anything begins in it.
std::optional<Refusal> refuse_without_day(const Asked& asked);

AboutTicket about(const State& state, const Ticket& ticket);

/// A window as a command finds it.
struct Place {
  const Window* window = nullptr;        ///< nullptr: the site has none of this name
  const WindowRecord* record = nullptr;  ///< nullptr: not opened today
  WindowState state = WindowState::closed;
  const Ticket* ticket = nullptr;
  bool walk_in = false;  ///< somebody without a ticket is served
};
Place place_of(const Asked& asked, const WindowId& id);

/// What a command needs of its window; the rows of the window table.
enum class Need : std::uint8_t {
  idle,            ///< to call somebody
  called,          ///< the ticket at it was called and has not begun
  ticket,          ///< called or serving
  person,          ///< the same, or somebody without a ticket
  open,            ///< anything but closed or paused
  paused,          ///< to resume
  closed,          ///< to open
  without_ticket,  ///< open or paused, nobody at it
};
std::optional<Refusal> refuse_unless(const Place& place, const WindowId& id, Need need);

AboutTicketAtWindow about(const State& state, const Place& place);

/// The service that the ticket was asked for: a package, or the one it waits for.
inline ServiceIx asked_for_of(const Ticket& ticket) {
  return ticket.package != no_ix ? ticket.package : ticket.service;
}
/// Why the person gets no further ticket of the service: an agent has a cap, others one of it where the site
/// says so. Nobody who did not say who they are is refused.
std::optional<Refusal> refuse_another(const Asked& asked, ApplicantKey applicant, const ServiceId& asked_for,
                                      Lane lane);

/// May the window have tickets of the service? Why not, in the words of the contract.
std::optional<Refusal> refuse_unless_served(const Window& window, const Service& service);
/// The next free number of the service; nullopt when its band is used up.
std::optional<std::uint32_t> next_number(const State& state, const Service& service);
/// The events of a finish at a place that meets Need::person: the service, and where the ticket goes on.
void add_finish(Draft& draft, const Asked& asked, const Place& place, const FinishService& command);
/// How long a newcomer waits, in the crudest way that compares: people per open window.
double pressure(const Asked& asked, const ServiceId& id);
/// 套餐: of steps in any order the one with the shortest wait; of none: nullptr.
const ServiceId* shortest(const Asked& asked, const std::vector<ServiceId>& steps);
/// Closes a window; who waits for it alone goes back to the queue of its service.
void add_close(Draft& draft, const Asked& asked, const WindowRecord& record);
/// Where a ticket comes to stand in the line at the given place.
Instant place_in(const Asked& asked, const Line& line, QueuePlace place, const Ticket& ticket);
/// A place as of one who has waited just long enough to go before anyone: before all but those who have
/// waited for longer. Were it before them too, whoever keeps coming could starve them.
Instant place_at_once(const Asked& asked);
/// First in a line that begins at `front_ms`, or now where nobody waits; before nobody who is overdue.
Instant place_first(const Asked& asked, std::optional<std::int64_t> front_ms);

}  // namespace lobby::hall::deciding
