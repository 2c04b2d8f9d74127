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
};

Decision on(const Asked& asked, const IssueTicket& command);
Decision on(const Asked& asked, const CancelTicket& command);
Decision on(const Asked& asked, const ReprintTicket& command);
Decision on(const Asked& asked, const SettlePrint& command);
Decision on(const Asked& asked, const OpenWindow& command);
Decision on(const Asked& asked, const CloseWindow& command);
Decision on(const Asked& asked, const CallNext& command);
Decision on(const Asked& asked, const CallTicket& command);
Decision on(const Asked& asked, const RecallTicket& command);
Decision on(const Asked& asked, const StartService& command);
Decision on(const Asked& asked, const FinishService& command);
Decision on(const Asked& asked, const MarkNoShow& command);
Decision on(const Asked& asked, const PauseWindow& command);
Decision on(const Asked& asked, const ResumeWindow& command);
Decision on(const Asked& asked, const TurnDay& command);
Decision on(const Asked& asked, const StartPrint& command);
Decision on(const Asked& asked, const ReportPrint& command);
Decision on(const Asked& asked, const ReportCallShown& command);
Decision on(const Asked& asked, const ReportDevice& command);
Decision on(const Asked& asked, const ReportApprovals& command);
Decision on(const Asked& asked, const ReportAccount& command);

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
/// A day must have been opened, and not be over, before anything begins in it.
std::optional<Refusal> refuse_without_day(const Asked& asked);

AboutTicket about(const State& state, const Ticket& ticket);

/// A window as a command finds it.
struct Place {
  const Window* window = nullptr;  ///< nullptr: the site has none of this name
  WindowState state = WindowState::closed;
  const Ticket* ticket = nullptr;
};
Place place_of(const Asked& asked, const WindowId& id);

/// What a command needs of its window; the rows of the window table.
enum class Need : std::uint8_t {
  idle,            ///< to call somebody
  called,          ///< the ticket at it was called and has not begun
  ticket,          ///< called or serving
  open,            ///< anything but closed or paused
  paused,          ///< to resume
  closed,          ///< to open
  without_ticket,  ///< open or paused, nobody at it
};
std::optional<Refusal> refuse_unless(const Place& place, const WindowId& id, Need need);

AboutTicketAtWindow about(const State& state, const Place& place);

}  // namespace lobby::hall::deciding
