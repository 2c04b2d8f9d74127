#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "daemon/hall/decide.hpp"
#include "daemon/hall/view.hpp"

/// A small lobby for the tests of the hall: what is decided is folded in, as the daemon does it.
namespace lobby::hall::testing {

inline Instant at(std::string_view text) {
  const auto instant = parse_instant(text);
  REQUIRE(instant.has_value());
  return *instant;
}

inline Service a_service(std::string id, std::string prefix, std::uint32_t first, std::uint32_t last) {
  Service service;
  service.id = {std::move(id)};
  service.name = "服务 " + service.id.value;
  service.zone = {"north"};
  service.prefix = std::move(prefix);
  service.first = first;
  service.last = last;
  for (auto& day : service.hours) {
    day = {{9 * 60, 12 * 60}, {13 * 60 + 30, 17 * 60}};
  }
  return service;
}

inline Window a_window(std::string id, std::uint32_t number, std::vector<ServiceId> services) {
  Window window;
  window.id = {std::move(id)};
  window.number = number;
  window.name = "综合窗口";
  window.zone = {"north"};
  window.services = std::move(services);
  return window;
}

inline Site a_site() {
  Site site;
  site.name = "示范县政务服务中心";
  site.zones = {{.id = {"north"}, .name = "北厅"}};
  site.services = {a_service("social", "A", 1, 999), a_service("tax", "B", 1, 999)};
  site.windows = {a_window("w1", 1, {{"social"}}), a_window("w2", 2, {{"tax"}, {"social"}})};
  site.rules.recall_least_s = 0;
  site.kiosks = {{.id = {"k1"}, .name = "一号机", .zone = {"north"}, .printer = {"p1"}},
                 {.id = {"k2"}, .name = "二号机", .zone = {"north"}, .printer = {}}};
  return site;
}

inline IssueTicket an_issue(std::string service, std::optional<KioskId> kiosk = {}) {
  return {
      .service = {std::move(service)}, .lane = Lane::ordinary, .kiosk = std::move(kiosk), .language = "zh"};
}

class Hall {
 public:
  Site site = a_site();
  State state;
  Instant now = at("2026-11-23T09:30:00+08:00");  // a Monday
  std::string by = "clerk-1";

  /// What was decided, folded in.
  std::vector<Event> must(const Command& command) {
    const Decision decision = ask(command);
    const auto* refusal = std::get_if<Refusal>(&decision);
    REQUIRE_MESSAGE(refusal == nullptr, (refusal == nullptr ? "" : refusal->detail));
    auto events = std::get<std::vector<Event>>(decision);
    for (const Event& event : events) {
      REQUIRE(event.seq == state.seq + 1);
      apply(state, event);
    }
    return events;
  }
  /// The code of the refusal; empty when it was decided. Folds nothing in.
  std::string refused(const Command& command) {
    const Decision decision = ask(command);
    const auto* refusal = std::get_if<Refusal>(&decision);
    if (refusal != nullptr) {
      CHECK(!refusal->detail.empty());
    }
    return refusal == nullptr ? "" : std::string{to_text(refusal->code)};
  }
  void pass(int seconds) { now.utc_ms += std::int64_t{seconds} * 1000; }
  void open_day() { must(TurnDay{}); }
  void open(const std::string& window) { must(OpenWindow{.window = {window}, .clerk = {"c-" + window}}); }
  void connect(const std::string& printer) {
    must(ReportDevice{
        .device = {printer}, .kind = DeviceKind::printer, .state = DeviceState::ok, .reason = {}});
  }
  TicketId issue(const std::string& service, std::optional<KioskId> kiosk = {}) {
    const auto events = must(IssueTicket{
        .service = {service}, .lane = Lane::ordinary, .kiosk = std::move(kiosk), .language = "zh"});
    REQUIRE(events.size() == 1);
    REQUIRE(type_of(events[0]) == "TicketIssued");
    return *ticket_of(events[0]);
  }
  TicketView ticket(TicketId id) const {
    const Ticket* found = state.find(id);
    REQUIRE(found != nullptr);
    return ticket_view(site, state, *found);
  }
  WindowView window(const std::string& id) const {
    const Window* found = site.find(WindowId{id});
    REQUIRE(found != nullptr);
    return window_view(site, state, *found);
  }
  std::string number(TicketId id) const { return ticket(id).number; }

 private:
  Decision ask(const Command& command) const {
    return decide(state, site, command, Context{.now = now, .by = by});
  }
};

/// Both windows are open.
inline Hall an_open_hall() {
  Hall hall;
  hall.open_day();
  hall.open("w1");
  hall.open("w2");
  return hall;
}

inline std::vector<std::string> types(const std::vector<Event>& events) {
  std::vector<std::string> names;
  names.reserve(events.size());
  for (const Event& event : events) {
    names.emplace_back(type_of(event));
  }
  return names;
}

using Types = std::vector<std::string>;

}  // namespace lobby::hall::testing
