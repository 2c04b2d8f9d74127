#include "daemon/flows/call.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/memory_desk.hpp"

namespace {

using namespace lobby;
using flows::Key;
using hall::WindowState;

struct ShownSigns final : flows::Signs {
  void want(const hall::WindowView& window, std::uint64_t call) override {
    view = window;
    shown_call = call;
  }
  void refuse(const hall::WindowId& window, hall::Refused why) override {
    refused.emplace_back(window.value, why);
  }
  void ask_rating(const hall::WindowId& window) override { asked.push_back(window.value); }
  std::vector<std::pair<std::string, hall::Refused>> refused;
  std::vector<std::string> asked;
  hall::WindowView view;
  std::uint64_t shown_call = 0;
};

struct CallHall {
  explicit CallHall(hall::Site site = fakes::small_site()) : desk(std::move(site)) {
    desk.recorded = [this](const hall::Event& event) { calls.on_event(event); };
    give(hall::TurnDay{});
    give(hall::ReportDevice{{"p1"}, hall::DeviceKind::printer, hall::DeviceState::ok, ""});
    give(hall::IssueTicket{{"s1"}, hall::Lane::ordinary, std::nullopt, ""});
    give(hall::IssueTicket{{"s1"}, hall::Lane::ordinary, std::nullopt, ""});
    give(hall::OpenWindow{{"w1"}, {"c1"}});
  }
  void give(hall::Command command) {
    desk.report(std::move(command), "");
    desk.drain();
  }
  int press(Key key) {
    int taken = 0;
    calls.on_key({"w1"}, key, {{"u1"}, 7, ++presses}, [&] { ++taken; });
    desk.drain();
    return taken;
  }
  std::uint16_t presses = 0;
  fakes::MemoryDesk desk;
  ShownSigns signs;
  flows::Calls calls{desk, signs};
};

}  // namespace

TEST_CASE("a key calls, the sign shows the call, the unit may forget the key once it is recorded") {
  CallHall hall;
  bool taken = false;
  hall.calls.on_key({"w1"}, Key::call, {{"u1"}, 7, 1}, [&] { taken = true; });
  CHECK_FALSE(taken);
  hall.desk.drain();
  CHECK(taken);
  CHECK(hall.signs.view.state == WindowState::called);
  REQUIRE(hall.signs.view.ticket);
  CHECK(hall.signs.view.ticket->number == "A001");
  CHECK(hall.signs.shown_call == hall.desk.events.back().seq);
  CHECK(hall.desk.events.back().by == "u1");
}

TEST_CASE("a call that a sign shows is recorded once, an outdated one never") {
  CallHall hall;
  hall.press(Key::call);
  const auto call = hall.signs.shown_call;
  hall.calls.on_shown({"w1"}, call, {"u1"});
  hall.desk.drain();
  CHECK(hall.desk.types().back() == "CallShown");
  hall.desk.time.utc_ms += 60'000;
  hall.press(Key::recall);
  CHECK(hall.signs.shown_call > call);
  const auto events = hall.desk.events.size();
  hall.calls.on_shown({"w1"}, call, {"u1"});
  hall.desk.drain();
  CHECK(hall.desk.events.size() == events);
}

TEST_CASE("call next at a keypad finishes the ticket that is there, if the site says so") {
  CallHall hall;
  hall.press(Key::call);
  hall.press(Key::start);
  CHECK(hall.signs.view.state == WindowState::serving);
  CHECK(hall.signs.shown_call == 0);
  hall.press(Key::call);
  REQUIRE(hall.signs.view.ticket);
  CHECK(hall.signs.view.ticket->number == "A002");
}

TEST_CASE("the transfer key sends the ticket where the site says, and is refused where it says nothing") {
  auto site = fakes::small_site();
  auto second = site.services[0];
  second.id = {"s2"};
  second.prefix = "B";
  site.services.push_back(second);
  SUBCASE("to another service, behind whoever waits there") {
    site.windows[0].transfer_to.service = {"s2"};
    CallHall hall(site);
    hall.give(hall::IssueTicket{{"s2"}, hall::Lane::ordinary, std::nullopt, ""});
    hall.press(Key::call);
    CHECK(hall.press(Key::transfer) == 1);
    const auto& sent = hall.desk.state().tickets[0];
    CHECK(sent.state == hall::TicketState::waiting);
    CHECK(hall::ticket_view(site, hall.desk.state(), sent).service == hall::ServiceId{"s2"});
    CHECK(hall::ticket_view(site, hall.desk.state(), sent).ahead == 1);
    CHECK(hall.signs.view.state == WindowState::idle);
  }
  SUBCASE("to another window, and nobody else has it") {
    auto window = site.windows[0];
    window.id = {"w2"};
    window.number = 2;
    site.windows.push_back(window);
    site.windows[0].transfer_to.window = {"w2"};
    CallHall hall(site);
    hall.press(Key::call);
    const auto before = hall.desk.events.size();
    CHECK(hall.press(Key::transfer) == 1);
    CHECK(hall.desk.events.size() == before);  // w2 is closed
    hall.give(hall::OpenWindow{{"w2"}, {"c2"}});
    CHECK(hall.press(Key::transfer) == 1);
    hall.give(hall::CallNext{{"w2"}, false});
    const auto* there = site.find(hall::WindowId{"w2"});
    CHECK(hall::window_view(site, hall.desk.state(), *there).ticket->number == "A001");
  }
  SUBCASE("to nowhere") {
    CallHall hall(site);
    hall.press(Key::call);
    const auto before = hall.desk.events.size();
    CHECK(hall.press(Key::transfer) == 1);  // the unit may forget it
    CHECK(hall.desk.events.size() == before);
    CHECK(hall.desk.presses.size() == 2);  // and a crash repeats nothing
    CHECK(hall.signs.view.state == WindowState::called);
  }
}

TEST_CASE("the hold key sets the ticket aside and frees the window") {
  CallHall hall;
  hall.press(Key::call);
  CHECK(hall.press(Key::hold) == 1);
  CHECK(hall.desk.types().back() == "TicketHeld");
  CHECK(hall.signs.view.state == WindowState::idle);
}

TEST_CASE(
    "the pause key pauses and resumes; keys without a meaning and refused keys are taken all the same") {
  CallHall hall;
  CHECK(hall.press(Key::pause) == 1);
  CHECK(hall.signs.view.state == WindowState::paused);
  CHECK(hall.press(Key::call) == 1);
  CHECK(hall.signs.view.state == WindowState::paused);
  CHECK(hall.press(Key::pause) == 1);
  CHECK(hall.signs.view.state == WindowState::idle);
  CHECK(hall.press(Key::other) == 1);
  hall.desk.disk_fails = true;
  CHECK(hall.press(Key::call) == 1);
  CHECK(hall.signs.view.state == WindowState::idle);
}

TEST_CASE("a press is recorded with what it did, also when that was refused, but not by a disk that fails") {
  CallHall hall;
  hall.press(Key::call);
  hall.press(Key::pause);
  hall.press(Key::no_show);  // nobody can be missing while the window is paused
  using Presses = std::vector<hall::KeyPress>;
  CHECK(hall.desk.presses == Presses{{{"u1"}, 7, 1}, {{"u1"}, 7, 2}, {{"u1"}, 7, 3}});
  hall.desk.disk_fails = true;
  hall.press(Key::call);
  CHECK(hall.desk.presses.size() == 3);
}
