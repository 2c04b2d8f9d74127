#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/hall/board_events.hpp"
#include "daemon/hall/evaluation.hpp"
#include "daemon/hall/ids.hpp"
#include "daemon/hall/time.hpp"
#include "daemon/hall/words.hpp"

/// What happened, past tense. The journal keeps events, the API streams them, state is their fold.
///
/// Every body has `type`, its name in the journal, and `fields(self, f)`, which calls `f(name, member)` for
/// each member in the order of the journal line. One codec (journal/event_json) serves them all; a member of
/// type std::optional, an empty string or list, `false` and a keyed hash of nobody are left out of the line.
/// Fields may be added (as such members: older lines lack them), never renamed.
namespace lobby::hall {

/// Every ticket event names its ticket in full, so that a reader needs no state.
struct AboutTicket {
  TicketId ticket;
  std::string number;
  ServiceId service;
  static void fields(auto& self, auto&& f) {
    f("ticket", self.ticket);
    f("number", self.number);
    f("service", self.service);
  }
};

struct AboutTicketAtWindow : AboutTicket {
  WindowId window;
  static void fields(auto& self, auto&& f) {
    AboutTicket::fields(self, f);
    f("window", self.window);
  }
};

struct AboutWindow {
  WindowId window;
  static void fields(auto& self, auto&& f) { f("window", self.window); }
};

struct AboutPrint : AboutTicket {
  DeviceId printer;
  std::string reason;
  static void fields(auto& self, auto&& f) {
    AboutTicket::fields(self, f);
    f("printer", self.printer);
    f("reason", self.reason);
  }
};

// --- tickets ---
struct TicketIssued : AboutTicket {
  static constexpr std::string_view type = "TicketIssued";
  std::string prefix;
  std::uint32_t n = 0;  ///< the digits of the number
  Lane lane = Lane::ordinary;
  std::uint32_t ahead = 0;  ///< people ahead at issue, as printed
  std::optional<KioskId> kiosk;
  std::optional<DeviceId> printer;  ///< where the original is to be printed
  std::string language;
  ApplicantKey applicant = {};
  std::optional<std::uint32_t> green_type = {};
  std::string granted_by = {};
  std::optional<AppointmentId> appointment = {};
  std::string notice_slip_no = {};         ///< the slip that lets this ticket go first
  std::string case_tail = {};              ///< 领证: whom the ticket was made for
  std::optional<ServiceId> package = {};   ///< 套餐: the service that was asked for
  std::vector<ServiceId> steps = {};       ///< and where the ticket goes after `service`
  std::optional<std::uint32_t> slot = {};  ///< which slot of the service's quota it took
  std::optional<Instant> queued_at = {};   ///< its place in the queue when that is not the time of issue
  static void fields(auto& self, auto&& f) {
    AboutTicket::fields(self, f);
    f("prefix", self.prefix);
    f("n", self.n);
    f("lane", self.lane);
    f("ahead", self.ahead);
    f("kiosk", self.kiosk);
    f("printer", self.printer);
    f("language", self.language);
    f("applicant", self.applicant);
    f("green_type", self.green_type);
    f("granted_by", self.granted_by);
    f("appointment", self.appointment);
    f("notice_slip_no", self.notice_slip_no);
    f("case_tail", self.case_tail);
    f("package", self.package);
    f("steps", self.steps);
    f("slot", self.slot);
    f("queued_at", self.queued_at);
  }
};
struct TicketPrintStarted : AboutPrint {
  static constexpr std::string_view type = "TicketPrintStarted";
};
struct TicketPrinted : AboutPrint {
  static constexpr std::string_view type = "TicketPrinted";
};
struct TicketSent : AboutPrint {
  static constexpr std::string_view type = "TicketSent";
};
struct TicketUnprinted : AboutPrint {
  static constexpr std::string_view type = "TicketUnprinted";
};
struct TicketPrintUnknown : AboutPrint {
  static constexpr std::string_view type = "TicketPrintUnknown";
};
/// A copy was asked for; `copy` is 1 for the first one. It is printed like an original, marked 重打.
struct TicketReprinted : AboutPrint {
  static constexpr std::string_view type = "TicketReprinted";
  std::uint32_t copy = 0;
  static void fields(auto& self, auto&& f) {
    AboutPrint::fields(self, f);
    f("copy", self.copy);
  }
};
/// Its owner took it from the printer's outlet.
struct TicketTaken : AboutPrint {
  static constexpr std::string_view type = "TicketTaken";
};
/// 未取: nobody took it, and the printer took it back.
struct TicketRetracted : AboutPrint {
  static constexpr std::string_view type = "TicketRetracted";
  bool passed_over = false;  ///< its number is not called until its owner shows up, as after a no-show
  static void fields(auto& self, auto&& f) {
    AboutPrint::fields(self, f);
    f("passed_over", self.passed_over);
  }
};
struct TicketCalled : AboutTicketAtWindow {
  static constexpr std::string_view type = "TicketCalled";
  std::vector<std::uint32_t> round = {};  ///< calls of each turn in the window's round, this one counted
  std::string case_tail = {};             ///< 领证: whose case is ready; nobody was given the number before
  static void fields(auto& self, auto&& f) {
    AboutTicketAtWindow::fields(self, f);
    f("round", self.round);
    f("case_tail", self.case_tail);
  }
};
struct TicketRecalled : AboutTicketAtWindow {
  static constexpr std::string_view type = "TicketRecalled";
  std::uint32_t times = 0;  ///< recalls of this call so far
  static void fields(auto& self, auto&& f) {
    AboutTicketAtWindow::fields(self, f);
    f("times", self.times);
  }
};
/// `call` is the journal number of the TicketCalled or TicketRecalled that the device now shows.
struct CallShown : AboutTicketAtWindow {
  static constexpr std::string_view type = "CallShown";
  std::uint64_t call = 0;
  DeviceId device;
  static void fields(auto& self, auto&& f) {
    AboutTicketAtWindow::fields(self, f);
    f("call", self.call);
    f("device", self.device);
  }
};
/// Without a ticket (id 0, no number) when somebody is served who has none.
struct ServiceStarted : AboutTicketAtWindow {
  static constexpr std::string_view type = "ServiceStarted";
};
struct ServiceFinished : AboutTicketAtWindow {
  static constexpr std::string_view type = "ServiceFinished";
  Outcome outcome = Outcome::on_spot;
  std::string case_no;
  std::string notice_slip_no;
  ClerkId clerk = {};
  std::optional<std::uint32_t> waited_s =
      {};  ///< from issue, or from the last step, to the first call; no hold
  std::optional<std::uint32_t> served_s = {};  ///< at windows, without holds
  std::optional<Date> slip_until = {};         ///< 一次性告知: the last day on which the slip goes first
  static void fields(auto& self, auto&& f) {
    AboutTicketAtWindow::fields(self, f);
    f("outcome", self.outcome);
    f("case_no", self.case_no);
    f("notice_slip_no", self.notice_slip_no);
    f("clerk", self.clerk);
    f("waited_s", self.waited_s);
    f("served_s", self.served_s);
    f("slip_until", self.slip_until);
  }
};
struct TicketNoShow : AboutTicketAtWindow {
  static constexpr std::string_view type = "TicketNoShow";
  std::string reason;
  ClerkId clerk = {};
  std::optional<std::uint32_t> waited_s = {};
  static void fields(auto& self, auto&& f) {
    AboutTicketAtWindow::fields(self, f);
    f("reason", self.reason);
    f("clerk", self.clerk);
    f("waited_s", self.waited_s);
  }
};
struct TicketHeld : AboutTicketAtWindow {
  static constexpr std::string_view type = "TicketHeld";
  HoldKind kind = HoldKind::away;
  static void fields(auto& self, auto&& f) {
    AboutTicketAtWindow::fields(self, f);
    f("kind", self.kind);
  }
};
/// A held ticket is called to a window again.
struct TicketResumed : AboutTicketAtWindow {
  static constexpr std::string_view type = "TicketResumed";
};
/// Leaves `window` for the queue of `to_service`, or for the line of `to_window` alone. `queued_at`: its
/// place there.
struct TicketTransferred : AboutTicketAtWindow {
  static constexpr std::string_view type = "TicketTransferred";
  std::optional<ServiceId> to_service;
  std::optional<WindowId> to_window;
  QueuePlace place = QueuePlace::tail;
  Instant queued_at;
  bool next_step = false;  ///< 套餐: went on to its next step by itself
  static void fields(auto& self, auto&& f) {
    AboutTicketAtWindow::fields(self, f);
    f("to_service", self.to_service);
    f("to_window", self.to_window);
    f("place", self.place);
    f("queued_at", self.queued_at);
    f("next_step", self.next_step);
  }
};
struct TicketReinstated : AboutTicket {
  static constexpr std::string_view type = "TicketReinstated";
  Instant queued_at;
  static void fields(auto& self, auto&& f) {
    AboutTicket::fields(self, f);
    f("queued_at", self.queued_at);
  }
};
/// Without a ticket (id 0) when the person served last had none.
struct ServiceRated : AboutTicketAtWindow {
  static constexpr std::string_view type = "ServiceRated";
  Score score{};
  RatedVia via{};
  ClerkId clerk;
  static void fields(auto& self, auto&& f) {
    AboutTicketAtWindow::fields(self, f);
    f("score", self.score);
    f("via", self.via);
    f("clerk", self.clerk);
  }
};
struct TicketCancelled : AboutTicket {
  static constexpr std::string_view type = "TicketCancelled";
};
/// The day ended before the ticket did; `window` when it was at one.
struct TicketExpired : AboutTicket {
  static constexpr std::string_view type = "TicketExpired";
  std::optional<WindowId> window;
  static void fields(auto& self, auto&& f) {
    AboutTicket::fields(self, f);
    f("window", self.window);
  }
};

// --- windows ---
struct WindowOpened : AboutWindow {
  static constexpr std::string_view type = "WindowOpened";
  ClerkId clerk;
  ClerkId took_over_from = {};  ///< 双岗: the window was open already
  static void fields(auto& self, auto&& f) {
    AboutWindow::fields(self, f);
    f("clerk", self.clerk);
    f("took_over_from", self.took_over_from);
  }
};
struct WindowClosed : AboutWindow {
  static constexpr std::string_view type = "WindowClosed";
};
struct WindowPaused : AboutWindow {
  static constexpr std::string_view type = "WindowPaused";
  std::string reason;
  std::string message;
  std::optional<Instant> back_at;
  static void fields(auto& self, auto&& f) {
    AboutWindow::fields(self, f);
    f("reason", self.reason);
    f("message", self.message);
    f("back_at", self.back_at);
  }
};
struct WindowResumed : AboutWindow {
  static constexpr std::string_view type = "WindowResumed";
};
struct HelpCalled : AboutWindow {
  static constexpr std::string_view type = "HelpCalled";
};
struct HelpEnded : AboutWindow {
  static constexpr std::string_view type = "HelpEnded";
};

// --- appointments, and whom the hall knows ---
/// A booking, until its day is over.
struct Appointment {
  AppointmentId id;
  std::string code;
  ServiceId service;
  Date date;
  std::uint32_t minute = 0;  ///< where the slot begins, since midnight
  ApplicantKey applicant;
  bool used = false;  ///< the person took a ticket with it
  friend bool operator==(const Appointment&, const Appointment&) = default;
  static void fields(auto& self, auto&& f) {
    f("appointment", self.id);
    f("code", self.code);
    f("service", self.service);
    f("date", self.date);
    f("minute", self.minute);
    f("applicant", self.applicant);
    f("used", self.used);
  }
};
struct AppointmentBooked : Appointment {
  static constexpr std::string_view type = "AppointmentBooked";
};
struct AppointmentCancelled {
  static constexpr std::string_view type = "AppointmentCancelled";
  AppointmentId appointment;
  static void fields(auto& self, auto&& f) { f("appointment", self.appointment); }
};
/// 一次性告知: whoever comes back with the slip by then goes first.
struct Notice {
  std::string slip_no;
  ServiceId service;
  Date until;
  std::optional<TicketId> ticket = {};  ///< which the slip was written for
  friend bool operator==(const Notice&, const Notice&) = default;
  static void fields(auto& self, auto&& f) {
    f("slip_no", self.slip_no);
    f("service", self.service);
    f("until", self.until);
    f("ticket", self.ticket);
  }
};
struct Block {
  ApplicantKey applicant;
  Date until;
  friend bool operator==(const Block&, const Block&) = default;
  static void fields(auto& self, auto&& f) {
    f("applicant", self.applicant);
    f("until", self.until);
  }
};
/// `until` before the day of the event lifts a block.
struct ApplicantBlocked : Block {
  static constexpr std::string_view type = "ApplicantBlocked";
};
struct TenantReported {
  static constexpr std::string_view type = "TenantReported";
  ServiceId service;
  std::uint32_t waiting = 0;
  std::string called, at_window;
  static void fields(auto& self, auto&& f) {
    f("service", self.service);
    f("waiting", self.waiting);
    f("called", self.called);
    f("at_window", self.at_window);
  }
};

// --- the day ---
/// How long a ticket of the service stays at a window, as it was yesterday.
struct ServicePace {
  ServiceId service;
  std::uint32_t mean_ms = 0;
  friend bool operator==(const ServicePace&, const ServicePace&) = default;
  static void fields(auto& self, auto&& f) {
    f("service", self.service);
    f("mean_ms", self.mean_ms);
  }
};
/// Carries what crosses midnight, so that a day's state is the fold from here on.
struct DayOpened {
  static constexpr std::string_view type = "DayOpened";
  Date date;
  TicketId next_ticket;  ///< the first id of the day
  std::optional<AppointmentId> next_appointment = {};
  std::vector<Appointment> appointments = {};  ///< of today and later
  std::vector<Notice> notices = {};
  std::vector<Block> blocks = {};
  std::vector<ServicePace> paces = {};       ///< what the waits are told by until the day has its own
  std::optional<std::uint32_t> gap_ms = {};  ///< of a window between two tickets
  std::optional<DraftId> next_draft = {};
  std::vector<BoardText> texts = {};
  std::optional<Emergency> emergency = {};
  std::optional<std::uint64_t> publications = {};
  std::optional<CatalogueWatch> catalogue = {};
  std::optional<EvaluationId> next_evaluation = {};
  std::optional<AlarmId> next_alarm = {};
  std::vector<Evaluation> evaluations = {};
  static void fields(auto& self, auto&& f) {
    f("date", self.date);
    f("next_ticket", self.next_ticket);
    f("next_appointment", self.next_appointment);
    f("appointments", self.appointments);
    f("notices", self.notices);
    f("blocks", self.blocks);
    f("paces", self.paces);
    f("gap_ms", self.gap_ms);
    f("next_draft", self.next_draft);
    f("texts", self.texts);
    f("emergency", self.emergency);
    f("publications", self.publications);
    f("catalogue", self.catalogue);
    f("next_evaluation", self.next_evaluation);
    f("next_alarm", self.next_alarm);
    f("evaluations", self.evaluations);
  }
};
struct DayClosed {
  static constexpr std::string_view type = "DayClosed";
  Date date;
  std::uint32_t issued = 0, finished = 0, no_show = 0, expired = 0;
  static void fields(auto& self, auto&& f) {
    f("date", self.date);
    f("issued", self.issued);
    f("finished", self.finished);
    f("no_show", self.no_show);
    f("expired", self.expired);
  }
};

// --- the rest of the lobby ---
/// Rows of a source moved (approval.hpp); what they say stands beside the journal under this version.
struct Advanced {
  DeviceId feed;
  std::uint64_t version = 0;
  std::uint32_t added = 0, changed = 0, removed = 0, total = 0;
  static void fields(auto& self, auto&& f) {
    f("feed", self.feed);
    f("version", self.version);
    f("added", self.added);
    f("changed", self.changed);
    f("removed", self.removed);
    f("total", self.total);
  }
};
struct ApprovalsAdvanced : Advanced {
  static constexpr std::string_view type = "ApprovalsAdvanced";
};
/// Openings, rooms or notices.
struct BidsAdvanced : Advanced {
  static constexpr std::string_view type = "BidsAdvanced";
};
/// What the catalogue is made of: `what` is matters, staff, alerts, calendar or appointments.
struct CatalogueAdvanced : Advanced {
  static constexpr std::string_view type = "CatalogueAdvanced";
  std::string what;
  static void fields(auto& self, auto&& f) {
    Advanced::fields(self, f);
    f("what", self.what);
  }
};
struct DeviceChanged {
  static constexpr std::string_view type = "DeviceChanged";
  DeviceId device;
  DeviceKind kind{};
  DeviceState state{};
  std::string reason;
  std::optional<bool> blocked;  ///< true: it is there and cannot do its work, as a printer without paper
  static void fields(auto& self, auto&& f) {
    f("device", self.device);
    f("kind", self.kind);
    f("state", self.state);
    f("reason", self.reason);
    f("blocked", self.blocked);
  }
};
struct AccountChanged {
  static constexpr std::string_view type = "AccountChanged";
  std::string account;
  std::string change;
  static void fields(auto& self, auto&& f) {
    f("account", self.account);
    f("change", self.change);
  }
};

using Body =
    std::variant<TicketIssued, TicketPrintStarted, TicketPrinted, TicketSent, TicketUnprinted,
                 TicketPrintUnknown, TicketReprinted, TicketCalled, TicketRecalled, CallShown, ServiceStarted,
                 ServiceFinished, TicketNoShow, TicketHeld, TicketResumed, TicketTransferred,
                 TicketReinstated, ServiceRated, TicketCancelled, TicketExpired, WindowOpened, WindowClosed,
                 WindowPaused, WindowResumed, HelpCalled, HelpEnded, AppointmentBooked, AppointmentCancelled,
                 ApplicantBlocked, TenantReported, DayOpened, DayClosed, ApprovalsAdvanced, DeviceChanged,
                 AccountChanged, TicketTaken, TicketRetracted, BidsAdvanced, CatalogueAdvanced, TextDrafted,
                 TextApproved, TextWithdrawn, EmergencyShown, EmergencyCleared, BoardPublished, BoardChecked,
                 CatalogueChanged, EvaluationPlanned, EvaluationOpened, RecordingRequested, RecordingVerified,
                 RecordingMissing, RecordingGap, AlarmRaised, AlarmAcknowledged, EvaluationUnwitnessed,
                 EvaluationInterrupted, EvaluationStopped, EvaluationClosed>;

struct Event {
  std::uint64_t seq = 0;  ///< journal number, from 1, no gaps
  Instant at;
  std::string by;  ///< account or device that asked; empty: the daemon itself
  Body body;
};

std::string_view type_of(const Event& event);
/// The ticket, window or no thing at all that the event is about.
std::optional<TicketId> ticket_of(const Event& event);
const WindowId* window_of(const Event& event);

}  // namespace lobby::hall
