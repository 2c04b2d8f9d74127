#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/hall/ids.hpp"
#include "daemon/hall/time.hpp"
#include "daemon/hall/words.hpp"

/// What happened, past tense. The journal keeps events, the API streams them, state is their fold.
///
/// Every body has `type`, its name in the journal, and `fields(self, f)`, which calls `f(name, member)` for
/// each member in the order of the journal line. One codec (journal/event_json) serves them all; a member of
/// type std::optional, or an empty string, is left out of the line. Fields may be added, never renamed.
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
  static void fields(auto& self, auto&& f) {
    AboutTicket::fields(self, f);
    f("prefix", self.prefix);
    f("n", self.n);
    f("lane", self.lane);
    f("ahead", self.ahead);
    f("kiosk", self.kiosk);
    f("printer", self.printer);
    f("language", self.language);
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
struct TicketCalled : AboutTicketAtWindow {
  static constexpr std::string_view type = "TicketCalled";
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
struct ServiceStarted : AboutTicketAtWindow {
  static constexpr std::string_view type = "ServiceStarted";
};
struct ServiceFinished : AboutTicketAtWindow {
  static constexpr std::string_view type = "ServiceFinished";
  Outcome outcome = Outcome::on_spot;
  std::string case_no;
  std::string notice_slip_no;
  static void fields(auto& self, auto&& f) {
    AboutTicketAtWindow::fields(self, f);
    f("outcome", self.outcome);
    f("case_no", self.case_no);
    f("notice_slip_no", self.notice_slip_no);
  }
};
struct TicketNoShow : AboutTicketAtWindow {
  static constexpr std::string_view type = "TicketNoShow";
  std::string reason;
  static void fields(auto& self, auto&& f) {
    AboutTicketAtWindow::fields(self, f);
    f("reason", self.reason);
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
  static void fields(auto& self, auto&& f) {
    AboutWindow::fields(self, f);
    f("clerk", self.clerk);
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

// --- the day ---
/// Carries what crosses midnight, so that a day's state is the fold from here on.
struct DayOpened {
  static constexpr std::string_view type = "DayOpened";
  Date date;
  TicketId next_ticket;  ///< the first id of the day
  static void fields(auto& self, auto&& f) {
    f("date", self.date);
    f("next_ticket", self.next_ticket);
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
struct ApprovalsAdvanced {
  static constexpr std::string_view type = "ApprovalsAdvanced";
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

using Body = std::variant<TicketIssued, TicketPrintStarted, TicketPrinted, TicketSent, TicketUnprinted,
                          TicketPrintUnknown, TicketReprinted, TicketCalled, TicketRecalled, CallShown,
                          ServiceStarted, ServiceFinished, TicketNoShow, TicketCancelled, TicketExpired,
                          WindowOpened, WindowClosed, WindowPaused, WindowResumed, DayOpened, DayClosed,
                          ApprovalsAdvanced, DeviceChanged, AccountChanged>;

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
