#include <doctest/doctest.h>
#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <random>
#include <sstream>

#include "tests/support/lobby.hpp"

// A clerk's key and kill -9: no press is taken twice, none is lost.

namespace {

using namespace lobby::tests;

/// A window with people waiting, its keypad on a slow line: between a record and its acknowledgement there is
/// time to die.
struct Hall {
  explicit Hall(int people) {
    for (const auto* id : {"p1", "line-1", "u1", "u2", "u3"}) {
      REQUIRE_MESSAGE(lobby.eventually([&] { return lobby.device_state(id) == "ok"; }), id);
    }
    for (int i = 0; i < people; ++i) {
      const auto reply =
          lobby.client("kiosk").post("/tickets", R"({"service":"social-security","kiosk":"k1"})");
      REQUIRE_MESSAGE(reply.status == 201, reply.body);
    }
    REQUIRE(lobby.client("clerk").post("/windows/w1/open", R"({"clerk":"c1"})").status == 200);
    REQUIRE(lobby.sim("POST", "/line-1/fault", R"({"kind":"slow","ms":40})").status == 200);
  }
  void press() { REQUIRE(lobby.sim("POST", "/u1/key", R"({"key":"call"})").status == 200); }
  std::uint64_t of_unit(const char* what) {
    return lobby.sim("GET", "/u1").json().at(what).to_number<std::uint64_t>();
  }
  bool all_acknowledged() { return of_unit("key_ack") == of_unit("key_count"); }
  /// The tickets that were called, in order.
  std::vector<std::uint64_t> called() {
    std::vector<std::uint64_t> tickets;
    std::istringstream lines(lobby.journal());
    for (std::string line; std::getline(lines, line);) {
      const auto event = boost::json::parse(line);
      if (event.at("type") == "TicketCalled") {
        tickets.push_back(event.at("ticket").to_number<std::uint64_t>());
      }
    }
    return tickets;
  }
  WholeLobby lobby;
};

std::vector<std::uint64_t> first_tickets(std::size_t count) {
  std::vector<std::uint64_t> tickets(count);
  for (std::size_t i = 0; i < count; ++i) {
    tickets[i] = i + 1;
  }
  return tickets;
}

}  // namespace

TEST_CASE("kill -9 around a key press: it calls one person, never two, never nobody") {
  const int rounds = std::getenv("LOBBY_LONG") != nullptr ? 100 : 12;
  const auto* given = std::getenv("LOBBY_SEED");
  const auto seed = given != nullptr ? static_cast<std::uint32_t>(std::atoi(given)) : std::random_device{}();
  MESSAGE("LOBBY_SEED=", seed, ", rounds ", rounds);
  std::mt19937 random(seed);
  Hall hall(rounds);
  int untold = 0;
  for (std::size_t press = 1; press <= static_cast<std::size_t>(rounds); ++press) {
    hall.press();
    if (press % 3 != 0) {
      REQUIRE(hall.lobby.eventually([&] { return hall.called().size() >= press; }));
    } else {  // at any instant
      const auto heard = hall.of_unit("requests") + random() % 6;
      REQUIRE(hall.lobby.eventually([&] { return hall.of_unit("requests") >= heard; }));
    }
    hall.lobby.stop_daemon(SIGKILL);
    untold += hall.all_acknowledged() ? 0 : 1;
    hall.lobby.start_daemon();
    REQUIRE(hall.lobby.eventually([&] { return hall.all_acknowledged(); }));
    REQUIRE(hall.called() == first_tickets(press));
  }
  CHECK(untold > 0);  // or this has shown nothing
}

TEST_CASE("of the presses made while nobody listened one is taken, the others are dropped and counted") {
  Hall hall(6);
  const auto press_thrice = [&] {
    for (int i = 0; i < 3; ++i) {
      hall.press();
    }
  };
  SUBCASE("the daemon was dead") {
    hall.lobby.stop_daemon(SIGKILL);
    press_thrice();
    hall.lobby.start_daemon();
  }
  SUBCASE("the line was away") {
    hall.press();
    REQUIRE(hall.lobby.eventually([&] { return hall.called().size() == 1 && hall.all_acknowledged(); }));
    REQUIRE(hall.lobby.sim("POST", "/line-1/fault", R"({"kind":"gone"})").status == 200);
    REQUIRE(hall.lobby.eventually([&] { return hall.lobby.device_state("u1") == "gone"; }));
    const auto since = std::chrono::steady_clock::now();
    const auto is_long = [&] { return std::chrono::steady_clock::now() - since > std::chrono::seconds(3); };
    REQUIRE(hall.lobby.eventually(is_long));
    press_thrice();
    REQUIRE(hall.lobby.sim("DELETE", "/line-1/fault", R"({"kind":"gone"})").status == 200);
  }
  const auto before = hall.of_unit("key_count") - 3;
  REQUIRE(hall.lobby.eventually([&] { return hall.all_acknowledged(); }));
  CHECK(hall.called() == first_tickets(before + 1));
  const auto devices = hall.lobby.client("supervisor").get("/devices").body;
  CHECK(devices.find("dropped 2") != std::string::npos);
  CHECK(devices.find("2 key presses were dropped") != std::string::npos);
}
