#include <doctest/doctest.h>
#include <fmt/format.h>

#include <boost/json.hpp>
#include <csignal>
#include <map>
#include <sstream>
#include <vector>

#include "tests/e2e/modbus_master.hpp"
#include "tests/e2e/unifont.hpp"
#include "tests/support/lobby.hpp"

// lobbyd, the line and the image that ships, in an emulator: keys go in at the MCU's key chain, and what the
// sign shows is what comes out at its sign chain. Only outcomes are asserted: a machine that stands still for
// a second makes retries, not faults.

namespace {

using namespace lobby::tests;

/// The village with these units in the emulator, and `more` native ones.
struct Hall {
  explicit Hall(const std::string& emulated, int more = 0)
      : lobby([more](std::string& site) { edit(site, more); },
              {"--firmware", LOBBY_BIN_DIR "/../firmware", "--emulate", emulated}),
        units(3 + more) {
    for (int n = 1; n <= units; ++n) {
      REQUIRE_MESSAGE(lobby.eventually([&] { return lobby.device_state(fmt::format("u{}", n)) == "ok"; }), n);
      REQUIRE(lobby.client("clerk")
                  .post(fmt::format("/windows/w{}/open", n), fmt::format(R"({{"clerk":"c{}"}})", n))
                  .status == 200);
    }
    for (int i = 0; i < 9; ++i) {
      const auto reply =
          lobby.client("kiosk").post("/tickets", R"({"service":"social-security","kiosk":"k1"})");
      REQUIRE_MESSAGE(reply.status == 201, reply.body);
    }
  }
  static void edit(std::string& site, int more) {
    // An emulated unit hears in bursts: it needs more silence between two frames than a real one.
    replace_all(site, "parity = \"none\"\n", "parity = \"none\"\ngap_us = 8000\n");
    replace_all(site, "services = [\"agency\"]", "services = [\"social-security\"]");
    site +=
        "[[panel]]\nid = \"b1\"\nprotocol = \"lobby_panel\"\nbus = \"line-1\"\naddress = 9\nkiosk = \"k1\"\n"
        "buttons = [\"social-security\", \"-\", \"medical\"]\n";
    for (int n = 4; n < 4 + more; ++n) {
      site += fmt::format(
          "[[window]]\nid = \"w{0}\"\nnumber = {0}\nname = \"窗口\"\nzone = \"A\"\nservices = "
          "[\"social-security\"]\n"
          "[[unit]]\nid = \"u{0}\"\nprofile = \"lobby-window-unit\"\nbus = \"line-1\"\naddress = {0}\n"
          "window = \"w{0}\"\n",
          n);
    }
  }

  void press(int n, const std::string& key) { press_at(fmt::format("u{}", n), key); }
  void press_at(const std::string& id, const std::string& key) {
    REQUIRE(lobby.sim("POST", "/" + id + "/key", fmt::format(R"({{"key":"{}"}})", key)).status == 200);
    // A key that is still down when its unit is reset is pressed in the next life, too.
    REQUIRE(lobby.eventually([&] {
      const auto device = lobby.sim("GET", "/" + id).json();
      const auto* idle = device.as_object().if_contains("keys_idle");
      return idle == nullptr || idle->as_bool();
    }));
  }
  boost::json::object unit(int n) { return lobby.sim("GET", fmt::format("/u{}", n)).json().as_object(); }
  Dots sign(int n) { return dots_of(unit(n).at("dots").as_array()); }
  /// Does the text stand there, dot by dot? Where on the sign is not asked.
  bool shows(int n, const std::string& text) { return cropped(sign(n)) == cropped(unifont(text)); }
  bool comes_to_show(int n, const std::string& text) {
    return lobby.eventually([&] { return shows(n, text); });
  }
  std::string seen(int n) { return picture_of(sign(n)); }
  /// Of this type, with a number that begins so.
  int events(std::string_view type, std::string_view number) {
    int count = 0;
    std::istringstream lines(lobby.journal());
    for (std::string line; std::getline(lines, line);) {
      const auto event = boost::json::parse(line);
      if (event.at("type").as_string() == type && event.at("number").as_string().starts_with(number)) {
        ++count;
      }
    }
    return count;
  }
  /// What the daemon says of it.
  std::string detail(int n) {
    const auto devices = lobby.client("supervisor").get("/devices").json();
    for (const auto& device : devices.as_array()) {
      if (device.at("id").as_string() == fmt::format("u{}", n)) {
        return device.at("detail").as_string().c_str();
      }
    }
    return "";
  }
  std::vector<std::string> calls() {
    std::vector<std::string> out;
    std::istringstream lines(lobby.journal());
    for (std::string line; std::getline(lines, line);) {
      const auto event = boost::json::parse(line);
      if (event.at("type") == "TicketCalled") {
        out.push_back(std::string(event.at("window").as_string()) + " " +
                      std::string(event.at("number").as_string()));
      }
    }
    return out;
  }

  WholeLobby lobby;
  int units;
};

}  // namespace

TEST_CASE("a key at the MCU calls, and the number's dots come out of it") {
  Hall hall("u1");
  CHECK_MESSAGE(hall.comes_to_show(1, "1号窗口"), hall.seen(1));
  hall.press(1, "call");
  REQUIRE(hall.lobby.eventually([&] { return hall.calls().size() == 1; }));
  CHECK_MESSAGE(hall.comes_to_show(1, "A001"), hall.seen(1));
  // One that counts when it is let go, because it may be held, and one that counts at once.
  hall.press(1, "start");
  hall.press(1, "call");
  CHECK_MESSAGE(hall.comes_to_show(1, "A002"), hall.seen(1));
  CHECK(hall.calls() == std::vector<std::string>{"w1 A001", "w1 A002"});
  CHECK(hall.unit(1).at("sign_bad_frames") == 0);
}

TEST_CASE("a unit that is reset in mid-call shows the call again") {
  Hall hall("u1");
  hall.press(1, "call");
  CHECK_MESSAGE(hall.comes_to_show(1, "A001"), hall.seen(1));
  REQUIRE(hall.lobby.sim("POST", "/u1/fault", R"({"kind":"power_cycle"})").status == 200);
  REQUIRE(hall.lobby.eventually([&] { return hall.unit(1).at("resets") == 1; }));
  CHECK_MESSAGE(hall.comes_to_show(1, "A001"), hall.seen(1));
  SUBCASE("its keys count again") {
    hall.press(1, "call");
    CHECK_MESSAGE(hall.comes_to_show(1, "A002"), hall.seen(1));
    CHECK(hall.calls() == std::vector<std::string>{"w1 A001", "w1 A002"});
  }
  SUBCASE("without power it is dark, and right when it has it again") {
    REQUIRE(hall.lobby.sim("POST", "/u1/fault", R"({"kind":"gone"})").status == 200);
    REQUIRE(hall.lobby.eventually([&] { return hall.lobby.device_state("u1") == "gone"; }));
    REQUIRE(hall.lobby.sim("DELETE", "/u1/fault").status == 200);
    CHECK_MESSAGE(hall.comes_to_show(1, "A001"), hall.seen(1));
    CHECK(hall.calls() == std::vector<std::string>{"w1 A001"});
  }
}

TEST_CASE("a sign whose host was killed rests within its limit, and has the present when the host is back") {
  Hall hall("u1");
  hall.press(1, "call");
  hall.press(1, "start");  // a number that is served does not blink
  const auto started = [&] { return hall.lobby.journal().find("ServiceStarted") != std::string::npos; };
  REQUIRE(hall.lobby.eventually(started));
  REQUIRE(hall.lobby.eventually([&] { return hall.detail(1).find("shows A001") != std::string::npos; }));
  REQUIRE_MESSAGE(hall.comes_to_show(1, "A001"), hall.seen(1));
  hall.lobby.stop_daemon(SIGKILL);
  {
    // A technician asks it once; then nobody does.
    ModbusMaster technician(hall.lobby.folder() + "/run/line-1");
    const auto rest = technician.read(1, 0x0180, 10);
    REQUIRE(rest.size() == 10);
    const auto asked = technician.uptime_ms(1);
    REQUIRE_MESSAGE(hall.lobby.eventually([&] { return !hall.shows(1, "A001"); }), hall.seen(1));
    const auto found = technician.read(1, 0x0010, 13);
    const auto passed = technician.uptime_ms(1) - asked;
    REQUIRE(found.size() == 13);
    CHECK(found[0x12 - 0x10] == 0);        // no face is shown
    CHECK((found[0x1C - 0x10] & 1) == 1);  // at rest
    CHECK(passed >= rest[0] * 100);
    CHECK(passed <= rest[0] * 100 + 3000);  // until it was seen here
    MESSAGE("at rest was seen ", passed, " ms of the unit's time after the last request; its limit is ",
            rest[0] * 100, " ms");
  }
  hall.lobby.start_daemon();
  CHECK_MESSAGE(hall.comes_to_show(1, "A001"), hall.seen(1));
  hall.press(1, "call");
  CHECK_MESSAGE(hall.comes_to_show(1, "A002"), hall.seen(1));
  CHECK(hall.calls() == std::vector<std::string>{"w1 A001", "w1 A002"});
}

TEST_CASE("two images and four native units share a line") {
  Hall hall("u1,u2", 3);
  std::vector<std::string> expected;
  for (const int n : {1, 3, 2, 4, 5, 6, 1, 2}) {
    const auto number = fmt::format("A{:03}", expected.size() + 1);
    expected.push_back(fmt::format("w{} {}", n, number));
    hall.press(n, "call");
    CHECK_MESSAGE(hall.comes_to_show(n, number), n << "\n" << hall.seen(n));
  }
  CHECK(hall.calls() == expected);
  for (const auto& [n, number] : std::map<int, std::string>{
           {1, "A007"}, {2, "A008"}, {3, "A002"}, {4, "A004"}, {5, "A005"}, {6, "A006"}}) {
    CHECK_MESSAGE(hall.comes_to_show(n, number), n << "\n" << hall.seen(n));
    CHECK(hall.lobby.eventually([&] { return hall.lobby.device_state(fmt::format("u{}", n)) == "ok"; }));
  }
}

TEST_CASE("a button of the panel's image gives one ticket, and its lamps say which may be pressed") {
  Hall hall("u1,b1");
  REQUIRE(hall.lobby.eventually([&] { return hall.lobby.device_state("b1") == "ok"; }));
  hall.press_at("b1", "3");
  REQUIRE(hall.lobby.eventually([&] { return hall.events("TicketIssued", "C001") == 1; }));
  hall.press_at("b1", "2");  // there is no service behind it
  hall.press_at("b1", "1");
  REQUIRE(hall.lobby.eventually([&] { return hall.events("TicketIssued", "A010") == 1; }));
  CHECK(hall.events("TicketIssued", "C") == 1);
  CHECK(hall.events("TicketIssued", "A") == 10);
  hall.press(1, "call");
  CHECK_MESSAGE(hall.comes_to_show(1, "A001"), hall.seen(1));
  hall.lobby.stop_daemon(SIGKILL);
  ModbusMaster technician(hall.lobby.folder() + "/run/line-1");
  CHECK(technician.read(9, 0x0002, 1) == std::vector<std::uint16_t>{2});  // the model
  CHECK(technician.read(9, 0x0101, 1) == std::vector<std::uint16_t>{0x0005});
}
