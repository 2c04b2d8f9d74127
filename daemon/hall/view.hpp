#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/hall/approval.hpp"
#include "daemon/hall/estimate.hpp"
#include "daemon/hall/site.hpp"
#include "daemon/hall/state.hpp"

/// What a reader of the hall sees: site and state joined into plain structs, in the API's own words.
namespace lobby::hall {

struct TicketAtWindow {
  TicketId id;
  std::string number;
  ServiceId service;
  Lane lane{};
};

struct WindowView {
  WindowId id;
  std::uint32_t number = 0;
  std::string name;
  ZoneId zone;
  WindowState state{};
  std::optional<TicketAtWindow> ticket;
  std::string case_tail;             ///< 领证: of the case that the ticket was made for; else empty
  std::optional<ServiceId> walk_in;  ///< somebody without a ticket is served for it
  ClerkId clerk;
  std::vector<ServiceId> services;
  std::string message;
  std::optional<Instant> back_at;
  std::optional<Instant> help_at;  ///< a colleague is to come, since then
};

struct ServiceView {
  ServiceId id;
  std::string name;
  ZoneId zone;
  std::string prefix;
  ServiceKind kind{};
  bool open = false;
  std::optional<int> opens_at;  ///< minutes since midnight, when closed and opening again today
  std::uint32_t waiting = 0;
  std::optional<std::uint32_t> estimate_s;  ///< wait of somebody who takes an ordinary ticket now
  std::uint32_t issued = 0;
  std::uint32_t limit = 0;                   ///< how many tickets the day has
  std::string tenant_called, tenant_window;  ///< what a tenant says of its own queue
};

struct CallView {
  TicketId ticket;
  std::string number;
  WindowId window;
  std::uint32_t window_number = 0;
  Instant at;
};

struct HallView {
  std::string name;
  Date business_date;
  bool open = false;  ///< some service issues tickets now
  std::uint64_t seq = 0;
  std::vector<ServiceView> services;
  std::vector<WindowView> windows;
  std::vector<CallView> lately_called;
};

struct TicketView {
  TicketId id;
  std::string number;
  ServiceId service;
  Lane lane{};
  TicketState state{};
  std::optional<WindowId> window;
  Instant issued_at;
  std::uint32_t ahead = 0;                  ///< waiting before it now; 0 when it does not wait
  std::optional<std::uint32_t> estimate_s;  ///< how long it will wait yet
  std::optional<WindowId> expected_window;  ///< and which window is going to call it
  PrintState print{};
  std::optional<DeviceId> printer;
  std::uint32_t copies = 0;
  std::optional<HoldKind> hold;  ///< while held
  std::vector<ServiceId> steps;  ///< 套餐: still to come
};

/// `estimates` are fresh ones, or nullptr: then no wait is told.
HallView hall_view(const Site& site, const State& state, Instant now, const Estimates* estimates = nullptr);
WindowView window_view(const Site& site, const State& state, const Window& window);
TicketView ticket_view(const Site& site, const State& state, const Ticket& ticket,
                       const Estimates* estimates = nullptr);

/// A device as GET /devices shows it. Live state of daemon/devices, not part of the fold.
struct DeviceView {
  DeviceId id;
  DeviceKind kind{};
  std::string driver;  ///< profile or protocol
  DeviceState state = DeviceState::absent;
  std::string reason;    ///< empty when ok
  bool blocked = false;  ///< it is there and cannot do its work
  Instant since;
  std::optional<Instant> last_ok;
  std::optional<WindowId> window;
  std::optional<ZoneId> zone;
  std::optional<KioskId> kiosk;
  std::optional<DeviceId> bus;
  std::optional<int> address;
  std::string detail;  ///< free text for people: counters, port
};

}  // namespace lobby::hall
