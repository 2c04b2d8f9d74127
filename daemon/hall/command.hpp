#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "daemon/hall/ids.hpp"
#include "daemon/hall/time.hpp"
#include "daemon/hall/words.hpp"

/// What someone asks of the hall, and what the world reports to it. Imperative; the hall answers each with
/// events or with a refusal (see decide.hpp).
namespace lobby::hall {

// --- people ---
struct IssueTicket {
  ServiceId service;
  Lane lane = Lane::ordinary;
  std::optional<KioskId> kiosk;
  std::string language;
};
struct CancelTicket {
  TicketId ticket;
};
/// Asks for a further copy, marked 重打, at `printer`, or where the original went when empty.
struct ReprintTicket {
  TicketId ticket;
  std::optional<DeviceId> printer;
};
/// A person says what became of an unknown print.
struct SettlePrint {
  TicketId ticket;
  bool printed = false;
};
struct OpenWindow {
  WindowId window;
  ClerkId clerk;
};
struct CloseWindow {
  WindowId window;
};
/// `finish_first`: at a keypad, finish the ticket that is being served in the same decision.
struct CallNext {
  WindowId window;
  bool finish_first = false;
};
struct CallTicket {
  WindowId window;
  TicketId ticket;
};
struct RecallTicket {
  WindowId window;
};
struct StartService {
  WindowId window;
};
struct FinishService {
  WindowId window;
  Outcome outcome = Outcome::on_spot;
  std::string case_no;
  std::string notice_slip_no;
};
struct MarkNoShow {
  WindowId window;
  std::string reason;
};
struct PauseWindow {
  WindowId window;
  std::string reason;
  std::string message;
  std::optional<Instant> back_at;
};
struct ResumeWindow {
  WindowId window;
};

// --- the clock ---
/// Opens the business day of the given time: expires what is left, closes windows. No-op unless day_is_due().
struct TurnDay {};

// --- the world reports ---
/// The first byte of the ticket (or of a copy) is about to leave for this printer.
struct StartPrint {
  TicketId ticket;
  DeviceId printer;
};
/// What became of the print: printed, sent, failed or unknown; anything else is refused.
struct ReportPrint {
  TicketId ticket;
  DeviceId printer;
  PrintState state = PrintState::unknown;
  std::string reason;
};
/// A sign shows the call with journal number `call`.
struct ReportCallShown {
  WindowId window;
  std::uint64_t call = 0;
  DeviceId device;
};
struct ReportDevice {
  DeviceId device;
  DeviceKind kind{};
  DeviceState state{};
  std::string reason;
  bool blocked = false;  ///< it is there and cannot do its work: a printer without paper
};
/// The approval cases move: counts of one batch; the rows travel beside the event (journal.hpp) and carry its
/// version.
struct ReportApprovals {
  DeviceId feed;
  std::uint32_t added = 0, changed = 0, removed = 0, total = 0;
};
struct ReportAccount {
  std::string account;
  std::string change;
};  ///< change: added, changed, removed

using Command = std::variant<IssueTicket, CancelTicket, ReprintTicket, SettlePrint, OpenWindow, CloseWindow,
                             CallNext, CallTicket, RecallTicket, StartService, FinishService, MarkNoShow,
                             PauseWindow, ResumeWindow, TurnDay, StartPrint, ReportPrint, ReportCallShown,
                             ReportDevice, ReportApprovals, ReportAccount>;

}  // namespace lobby::hall
