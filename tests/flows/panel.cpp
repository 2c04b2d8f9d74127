#include "daemon/flows/panel.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/memory_desk.hpp"

namespace {

using namespace lobby;
using Lit = flows::PanelLamps::Lit;

struct SeenLamps final : flows::PanelLamps {
  void want(const hall::DeviceId&, Lit wanted) override { lit = wanted; }
  void beep(const hall::DeviceId&) override { ++beeps; }
  Lit lit;
  int beeps = 0;
};

hall::Site two_services() {
  auto site = fakes::small_site();
  auto second = site.services[0];
  second.id = {"s2"};
  second.prefix = "B";
  second.quota_day = 1;
  site.services.push_back(second);
  site.windows[0].services.push_back({"s2"});
  return site;
}

/// Button 1 gives s1, button 3 gives s2, of which there is one a day; printer p1 is ready.
struct PanelHall {
  PanelHall() : desk(two_services()), buttons(desk, lamps, {panel()}) {
    desk.recorded = [this](const hall::Event& event) { buttons.on_event(event); };
    give(hall::TurnDay{});
    give(hall::ReportDevice{{"p1"}, hall::DeviceKind::printer, hall::DeviceState::ok, ""});
    buttons.start();
  }
  static flows::Panel panel() {
    flows::Panel one;
    one.id = {"panel-1"};
    one.kiosk = {"k1"};
    one.buttons[0] = hall::ServiceId{"s1"};
    one.buttons[2] = hall::ServiceId{"s2"};
    return one;
  }
  void give(hall::Command command) {
    desk.report(std::move(command), "");
    desk.drain();
  }
  /// True: the unit may forget it.
  bool press(unsigned button) {
    bool taken = false;
    buttons.on_button({"panel-1"}, button, {{"panel-1"}, 7, ++presses}, [&] { taken = true; });
    desk.drain();
    return taken;
  }
  void print(hall::TicketId ticket) {
    give(hall::StartPrint{ticket, {"p1"}});
    give(hall::ReportPrint{ticket, {"p1"}, hall::PrintState::printed, ""});
  }
  void wait(std::int64_t ms) {
    desk.advance(ms);
    buttons.tick();
  }
  std::uint16_t presses = 0;
  fakes::MemoryDesk desk;
  SeenLamps lamps;
  flows::Panels buttons;
};

}  // namespace

TEST_CASE("a button gives a ticket of its service at its kiosk, recorded with the press") {
  PanelHall hall;
  CHECK(hall.lamps.lit == Lit{0x05, 0});
  CHECK(hall.press(1));
  REQUIRE(hall.desk.state().tickets.size() == 1);
  CHECK(hall.desk.state().number_of(hall.desk.state().tickets[0]) == "A001");
  CHECK(hall.desk.presses == std::vector<hall::KeyPress>{{{"panel-1"}, 7, 1}});
  CHECK(hall.desk.events.back().by == "panel-1");
}

TEST_CASE("its lamp blinks until the paper is out, and others stay lit") {
  PanelHall hall;
  hall.press(1);
  CHECK(hall.lamps.lit == Lit{0x05, 0x01});
  hall.wait(30'000);
  CHECK(hall.lamps.lit == Lit{0x05, 0x01});
  hall.print({1});
  CHECK(hall.lamps.lit == Lit{0x05, 0});
}

TEST_CASE(
    "who presses a button that gives none today hears it, sees it blink for two seconds, and then dark") {
  PanelHall hall;
  hall.press(3);
  hall.print({1});
  CHECK(hall.lamps.lit == Lit{0x01, 0});  // the quota is used up
  CHECK(hall.press(3));
  CHECK(hall.lamps.beeps == 1);
  CHECK(hall.lamps.lit == Lit{0x05, 0x04});
  hall.wait(1'900);
  CHECK(hall.lamps.lit == Lit{0x05, 0x04});
  hall.wait(200);
  CHECK(hall.lamps.lit == Lit{0x01, 0});
}

TEST_CASE("without paper all lamps blink, a press gives no number, and a new roll ends it") {
  PanelHall hall;
  hall.give(
      hall::ReportDevice{{"p1"}, hall::DeviceKind::printer, hall::DeviceState::degraded, "paper out", true});
  CHECK(hall.lamps.lit == Lit{0x05, 0x05});
  CHECK(hall.press(1));
  CHECK(hall.desk.state().tickets.empty());
  CHECK(hall.lamps.beeps == 1);
  hall.give(hall::ReportDevice{{"p1"}, hall::DeviceKind::printer, hall::DeviceState::ok, ""});
  hall.wait(3'000);
  CHECK(hall.lamps.lit == Lit{0x05, 0});
}

TEST_CASE("a button without a service does nothing and is forgotten") {
  PanelHall hall;
  const auto events = hall.desk.events.size();
  CHECK(hall.press(2));
  CHECK(hall.press(8));
  CHECK(hall.desk.events.size() == events);
  CHECK(hall.lamps.beeps == 0);
}

TEST_CASE("a press that a full disk refuses gives no ticket later") {
  PanelHall hall;
  hall.desk.disk_fails = true;
  CHECK(hall.press(1));
  hall.desk.disk_recovers();
  hall.desk.drain();
  CHECK(hall.desk.state().tickets.empty());
  CHECK(hall.press(1));
  CHECK(hall.desk.state().tickets.size() == 1);
}
