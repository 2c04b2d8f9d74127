#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/hall/approval.hpp"
#include "daemon/hall/evaluation_commands.hpp"
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
  ApplicantKey applicant = {};                   ///< none when the person did not say who they are
  std::optional<std::uint32_t> green_type = {};  ///< 1 to 5, with lane green
  std::string granted_by = {};                   ///< who let the ticket into the green lane
  std::string appointment = {};                  ///< the code that the booking gave
  std::string notice_slip_no = {};               ///< of an earlier ticket that ended as `notified`
};
struct CancelTicket {
  TicketId ticket;
};
/// Brings a no-show back, or re-activates a ticket that ended today as `notified`.
struct ReinstateTicket {
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
/// 双岗: another clerk goes on at an open window, whatever stands there.
struct TakeOverWindow {
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
/// Calls a held ticket back to a window.
struct ResumeHeld {
  WindowId window;
  TicketId ticket;
};
/// 领证: calls whom a finished case belongs to, by the last characters of its number. Makes a ticket of the
/// window's collect service.
struct CollectLicence {
  WindowId window;
  std::string case_tail;
};
struct RecallTicket {
  WindowId window;
};
/// `service`: somebody without a ticket is served at an idle window.
struct StartService {
  WindowId window;
  std::optional<ServiceId> service = {};
};
struct HoldTicket {
  WindowId window;
  HoldKind kind = HoldKind::away;
};
/// To another service, or to a window; exactly one of both.
struct TransferTicket {
  WindowId window;
  std::optional<ServiceId> to_service = {};
  std::optional<WindowId> to_window = {};
  QueuePlace place = QueuePlace::tail;
};
/// The grade that the person last finished at the window gives.
struct RateService {
  WindowId window;
  Score score{};
  RatedVia via = RatedVia::screen;
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
/// Somebody at the window wants a colleague to come, whatever the window's state.
struct CallHelp {
  WindowId window;
};
/// Who came has dealt with it, or it was not meant.
struct EndHelp {
  WindowId window;
};

// --- appointments, and whom the hall knows ---
/// `code`: digits, drawn by whoever asks, as the hall draws no lots; where it is taken, the booking gets the
/// next one that is free. `minute`: where the slot begins, since midnight.
struct BookAppointment {
  ServiceId service;
  Date date;
  int minute = 0;
  ApplicantKey applicant;
  std::string code;
};
struct CancelAppointment {
  AppointmentId appointment;
};
/// Keeps somebody from taking tickets through the given day; a day that is over lifts it.
struct BlockApplicant {
  ApplicantKey applicant;
  Date until;
};
/// What a tenant says of its own queue.
struct ReportTenant {
  ServiceId service;
  std::uint32_t waiting = 0;
  std::string called;     ///< the number called last; empty: none
  std::string at_window;  ///< as the tenant names it
};

// --- words for the boards ---
/// Free text for a board, which somebody else approves.
struct DraftText {
  DeviceId board;
  std::string text;
  Instant until;  ///< when it goes by itself
};
/// The one who asks has read it, and answers for it beside the one who wrote it.
struct ApproveText {
  DraftId draft;
};
/// Takes a draft, or a text that is up, back.
struct WithdrawText {
  DraftId draft;
};
/// Covers every board, or those of the zones and those of no zone. A later one replaces it.
struct ShowEmergency {
  std::string text;
  std::vector<ZoneId> zones;  ///< empty: the whole hall
};
struct ClearEmergency {};
/// Whoever asks has compared what the board says by hand with the catalogue.
struct CheckBoard {
  DeviceId board;
};

// --- the clock ---
/// Opens the business day of the given time: expires what is left, closes windows. No-op unless day_is_due().
struct TurnDay {};
/// Ends what is unfinished at the site's `expire_at`; what stands at a window goes on. No-op unless
/// expiry_is_due().
struct ExpireDay {};

// --- the world reports ---
/// The first byte of the ticket (or of a copy) is about to leave for this printer.
struct StartPrint {
  TicketId ticket;
  DeviceId printer;
};
/// What became of the print: printed, sent, failed or unknown. What is learnt later: an unknown one was
/// printed after all, a printed or sent one was taken or retracted. Anything else is refused.
struct ReportPrint {
  TicketId ticket;
  DeviceId printer;
  PrintState state = PrintState::unknown;
  std::string reason;
  /// With failed: bytes had left, and the printer proved that it threw them away. A copy is due at once,
  /// marked as every copy, in the same decision; after automatic_copies of a ticket a person must look.
  bool voided = false;
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
/// Rows of a source have moved, and are written under this version (approval.hpp).
struct ReportSource {
  DeviceId feed;
  What what = What::cases;
  std::uint64_t version = 0;
  std::uint32_t added = 0, changed = 0, removed = 0, total = 0;
};
/// What these boards say of cases, bids, the catalogue, texts or an emergency is something new.
struct ReportPublished {
  std::vector<DeviceId> boards;
  std::vector<std::string> sources;  ///< what of it is new
};
/// The site's own catalogue has this mark; board_reminder.hpp.
struct ReportCatalogue {
  std::string mark;
};
struct ReportAccount {
  std::string account;
  std::string change;
};  ///< change: added, changed, removed

using Command =
    std::variant<IssueTicket, CancelTicket, ReinstateTicket, ReprintTicket, SettlePrint, OpenWindow,
                 TakeOverWindow, CloseWindow, CallNext, CallTicket, ResumeHeld, CollectLicence, RecallTicket,
                 StartService, FinishService, MarkNoShow, HoldTicket, TransferTicket, RateService,
                 PauseWindow, ResumeWindow, CallHelp, EndHelp, BookAppointment, CancelAppointment,
                 BlockApplicant, ReportTenant, DraftText, ApproveText, WithdrawText, ShowEmergency,
                 ClearEmergency, CheckBoard, ReportCatalogue, TurnDay, ExpireDay, StartPrint, ReportPrint,
                 ReportCallShown, ReportDevice, ReportSource, ReportPublished, ReportAccount, PlanEvaluation,
                 StartEvaluation, StopEvaluation, OpenUnwitnessed, AcknowledgeAlarm, ReportRequested,
                 ReportVerified, ReportMissing, ReportAlarm, ReportClosed>;

}  // namespace lobby::hall
