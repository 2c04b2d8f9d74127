// From the bytes of a keypad to the ticket and back to the bytes of the sign.
#include <doctest/doctest.h>

#include "daemon/app/ports.hpp"
#include "tests/fakes/memory_desk.hpp"
#include "tests/fakes/virtual_line.hpp"

namespace {

using namespace lobby;
using namespace std::chrono_literals;
using hall::TicketState;

/// As firmware/wire numbers them, written down again.
namespace pad {
enum : std::uint8_t {
  call = 0x10,
  recall = 0x11,
  start = 0x12,
  finish = 0x13,
  no_show = 0x14,
  hold = 0x15,
  transfer = 0x16,
  pause = 0x17,
  help = 0x18,
  evaluate = 0x19,
  digit_7 = 7
};
}  // namespace pad

hall::Site two_windows() {
  auto site = fakes::small_site();
  auto second = site.windows[0];
  second.id = {"w2"};
  second.number = 2;
  site.windows.push_back(second);
  return site;
}

/// Window w1 with a unit at address 1, w2 with one at address 2; two people wait.
struct Wired {
  explicit Wired(hall::Site site = two_windows()) : desk(std::move(site)), calls(desk, signs) {
    line.units[1];
    line.units[2];
    devices::WindowUnits::Reports reports;
    reports.key = [this](const hall::WindowId& window, hall::KeyPress press, wire::window_unit::Key key,
                         std::function<void()> take) {
      calls.on_key(window, app::meaning_of(key), std::move(press), std::move(take));
      desk.drain();
    };
    reports.call_shown = [this](const hall::WindowId&, std::uint64_t, const hall::DeviceId&) { ++shown; };
    units.emplace(
        executor,
        std::vector<devices::UnitConfig>{{{"u1"}, "lobby-window-unit", {"line-1"}, 1, {"w1"}},
                                         {{"u2"}, "lobby-window-unit", {"line-1"}, 2, {"w2"}}},
        [this](const hall::DeviceId&) -> bus::Bus& { return line; },
        [](const hall::DeviceId&) { return std::nullopt; }, roster, std::move(reports));
    signs.units = &*units;
    desk.recorded = [this](const hall::Event& event) { calls.on_event(event); };
    give(hall::TurnDay{});
    give(hall::IssueTicket{{"s1"}, hall::Lane::ordinary, std::nullopt, ""});
    give(hall::IssueTicket{{"s1"}, hall::Lane::ordinary, std::nullopt, ""});
    give(hall::OpenWindow{{"w1"}, {"c1"}});
    give(hall::OpenWindow{{"w2"}, {"c2"}});
    executor.run_for(1s);
  }
  void give(hall::Command command) {
    desk.report(std::move(command), "");
    desk.drain();
  }
  /// A press at a unit, and the time that it takes to become something.
  void press(std::uint8_t key, std::uint8_t unit = 1) {
    line.units[unit].press(key);
    desk.advance(10'000);
    executor.run_for(1s);
    CHECK(line.units[unit].acknowledged == line.units[unit].presses);
  }
  /// A press right behind the one before.
  void type(std::uint8_t key) {
    line.units[1].press(key);
    desk.advance(200);
    executor.run_for(200ms);
  }
  /// Cells as they are on the wire, two bytes for a full-width one.
  std::string sign(std::uint8_t unit = 1) {
    std::string bytes;
    for (const std::uint16_t cell : line.units[unit].text()) {
      bytes += cell > 0xFF ? std::string{static_cast<char>(cell >> 8), static_cast<char>(cell & 0xFF)}
                           : std::string{static_cast<char>(cell)};
    }
    return bytes;
  }
  TicketState ticket(std::uint64_t id) const { return desk.state().find(hall::TicketId{id})->state; }

  struct Signs final : flows::Signs {
    void want(const hall::WindowView& window, std::uint64_t number) override { units->want(window, number); }
    void refuse(const hall::WindowId& window, hall::Refused why) override { units->refuse(window, why); }
    void ask_rating(const hall::WindowId& window) override { units->ask_rating(window); }
    devices::WindowUnits* units = nullptr;
  };
  int shown = 0;
  fakes::VirtualExecutor executor;
  fakes::VirtualLine line{executor, 7};
  devices::Roster roster{[] { return hall::Instant{1'000, 480}; }, [](const hall::ReportDevice&) {}};
  std::optional<devices::WindowUnits> units;
  fakes::MemoryDesk desk;
  Signs signs;
  flows::Calls calls;
};

}  // namespace

TEST_CASE("each key of the pad does at the window what is printed on it") {
  Wired lobby;
  lobby.press(pad::call);
  CHECK(lobby.ticket(1) == TicketState::called);
  CHECK(lobby.sign() == "A001");
  const auto shown = lobby.line.units[1].faces_written;
  lobby.press(pad::recall);
  CHECK(lobby.line.units[1].faces_written == shown + 1);
  lobby.press(pad::start);
  CHECK(lobby.ticket(1) == TicketState::serving);
  CHECK_FALSE(lobby.line.units[1].blinks());
  lobby.press(pad::pause);
  CHECK(lobby.sign() != "A001");
  lobby.press(pad::pause);
  CHECK(lobby.sign() == "A001");
  lobby.press(pad::hold);
  CHECK(lobby.ticket(1) == TicketState::held);
  CHECK(lobby.sign().starts_with('1'));
  lobby.press(pad::call);
  CHECK(lobby.ticket(2) == TicketState::called);
  lobby.press(pad::no_show);
  CHECK(lobby.ticket(2) == TicketState::no_show);
  lobby.give(hall::ResumeHeld{{"w1"}, {1}});
  lobby.press(pad::finish);
  CHECK(lobby.ticket(1) == TicketState::finished);
}

TEST_CASE("the transfer key sends the ticket where the site says") {
  auto site = two_windows();
  site.windows[0].transfer_to.window = {"w2"};
  Wired lobby(site);
  lobby.press(pad::call);
  REQUIRE(lobby.sign() == "A001");
  lobby.press(pad::transfer);
  CHECK(lobby.ticket(1) == TicketState::waiting);
  CHECK(lobby.sign().starts_with('1'));  // the window's own number
  lobby.press(pad::call);
  CHECK(lobby.sign() == "A002");  // the first does not bounce back to the window that sent it
  lobby.press(pad::call, 2);
  CHECK(lobby.sign(2) == "A001");
}

TEST_CASE("keys that make no sense here are forgotten by the unit and change nothing") {
  Wired lobby;
  lobby.press(pad::call);
  const auto events = lobby.desk.events.size();
  lobby.press(pad::transfer);  // the site names nowhere
  lobby.press(pad::digit_7);
  lobby.press(pad::call, 2);  // the second person
  lobby.press(pad::transfer, 2);
  CHECK(lobby.desk.events.size() == events + 1);
  lobby.executor.run_for(2s);
  CHECK(lobby.sign() == "A001");
  CHECK(lobby.sign(2) == "A002");
}

TEST_CASE("the help key calls a colleague, also to a window that is closed, and pressed again it does not") {
  Wired lobby;
  const auto shown = lobby.sign();
  lobby.press(pad::help);
  CHECK(std::holds_alternative<hall::HelpCalled>(lobby.desk.events.back().body));
  CHECK(lobby.sign() == shown);  // it is nobody's business in front of the window
  lobby.press(pad::help);
  CHECK(std::holds_alternative<hall::HelpEnded>(lobby.desk.events.back().body));
  CHECK_FALSE(hall::window_view(lobby.desk.site(), lobby.desk.state(), lobby.desk.site().windows[0]).help_at);
}

TEST_CASE("a refusal stands on the sign for two seconds, with a beep, and then what is") {
  Wired lobby;
  lobby.press(pad::call);
  lobby.press(pad::finish);
  lobby.press(pad::call);
  lobby.press(pad::finish);
  const auto idle = lobby.sign();
  lobby.type(pad::call);
  // GB2312 of 无人等候, written out.
  CHECK(lobby.sign() == std::string("\xCE\xDE\xC8\xCB\xB5\xC8\xBA\xF2"));
  CHECK(lobby.line.units[1].beeped == std::vector<std::uint16_t>{15});
  lobby.executor.run_for(1500ms);
  CHECK(lobby.sign() != idle);
  lobby.executor.run_for(500ms);
  CHECK(lobby.sign() == idle);
}

TEST_CASE("a refusal hides nothing that is newer, and does not count the call twice that it stood before") {
  Wired lobby;
  lobby.type(pad::recall);  // nobody was called
  const auto refused = lobby.sign();
  lobby.type(pad::call);
  CHECK(lobby.sign() == "A001");
  CHECK(lobby.sign() != refused);
  CHECK(lobby.shown == 1);
  lobby.type(pad::recall);  // too soon
  lobby.executor.run_for(5s);
  CHECK(lobby.sign() == "A001");
  CHECK(lobby.line.units[1].blinks());
  CHECK_FALSE(lobby.line.units[1].beeps());
  CHECK(lobby.shown == 1);  // the call came back to the sign, and is no new one
}

TEST_CASE("digits name the ticket that is called, the one that is taken back, and the window it goes to") {
  Wired lobby;
  lobby.type(0);
  lobby.type(0);
  lobby.type(2);
  lobby.type(pad::call);
  CHECK(lobby.sign() == "A002");
  lobby.type(1);
  lobby.type(pad::hold);
  CHECK(lobby.ticket(2) == TicketState::held);
  CHECK(lobby.desk.state().find(hall::TicketId{2})->hold == hall::HoldKind::with_papers);
  lobby.type(2);
  lobby.type(pad::recall);
  CHECK(lobby.sign() == "A002");
  lobby.type(2);
  lobby.type(pad::transfer);
  CHECK(lobby.ticket(2) == TicketState::waiting);
  lobby.press(pad::call, 2);
  CHECK(lobby.sign(2) == "A001");
  lobby.press(pad::call, 2);
  CHECK(lobby.sign(2) == "A002");
}

TEST_CASE("digits are forgotten: after five seconds, and by the key that follows") {
  Wired lobby;
  lobby.type(2);
  lobby.press(pad::call);  // ten seconds later
  CHECK(lobby.sign() == "A001");
  lobby.type(pad::finish);
  lobby.type(9);
  lobby.type(pad::call);  // there is no 9
  CHECK(lobby.ticket(2) == TicketState::waiting);
  lobby.type(pad::call);
  CHECK(lobby.sign() == "A002");
}

TEST_CASE("the key for a grade asks whoever was served, and is refused when nobody was") {
  Wired lobby;
  lobby.type(pad::evaluate);
  lobby.executor.run_for(3s);
  lobby.press(pad::call);
  lobby.press(pad::finish);
  const auto idle = lobby.sign();
  lobby.type(pad::evaluate);
  CHECK(lobby.line.units[1].dots.size() == 64);  // 您 and 价 are no glyphs of the unit
  lobby.executor.run_for(2s);
  CHECK(lobby.sign() == idle);
}

TEST_CASE("when the daemon falls silent a sign shows the window's number and 暂停") {
  Wired lobby;
  CHECK(lobby.line.units[1].rest ==
        std::vector<std::uint16_t>{30, 1, '1', 0xBAC5, 0xD4DD, 0xCDA3, 0, 0, 0, 0});
  CHECK(lobby.line.units[2].rest[2] == '2');
}
