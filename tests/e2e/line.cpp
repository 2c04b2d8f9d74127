#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include "tests/support/lobby.hpp"

// Sixteen units on one paced line, some of them sick: the neighbours go on, and nobody's answer is taken for
// another's.

namespace {

using namespace lobby::tests;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr int units = 16;
/// What is wrong with whom; the slow one answers 150 ms after the daemon has given up on it.
const std::map<int, const char*> sick{{3, R"({"kind":"gone"})"},
                                      {4, R"({"kind":"garbage"})"},
                                      {5, R"({"kind":"slow","ms":250})"},
                                      {6, R"({"kind":"corrupt"})"}};

/// What the log calls it.
const std::map<int, const char*> faults{
    {3, "window_unit u3 is gone: address 3 does not answer"},
    {4, "window_unit u4 is degraded: address 4 answers, but what arrives is damaged"},
    {5, "window_unit u5 is gone: address 5 answers too late"},
    {6, "window_unit u6 is degraded: address 6 answers, but what arrives is damaged"}};

void add_units(std::string& site) {
  for (int n = 4; n <= units; ++n) {
    site += fmt::format(
        "[[window]]\nid = \"w{0}\"\nnumber = {0}\nname = \"窗口\"\nzone = \"A\"\nservices = "
        "[\"social-security\"]\n"
        "[[unit]]\nid = \"u{0}\"\nprofile = \"lobby-window-unit\"\nbus = \"line-1\"\naddress = {0}\n"
        "window = \"w{0}\"\n",
        n);
  }
  // Window 3 serves somebody else's people in the village.
  replace_all(site, "services = [\"agency\"]", "services = [\"social-security\"]");
}

struct Floor {
  explicit Floor(int people) : lobby(add_units) {
    for (int n = 1; n <= units; ++n) {
      REQUIRE_MESSAGE(lobby.eventually([&] { return lobby.device_state(fmt::format("u{}", n)) == "ok"; }), n);
      REQUIRE(lobby.client("clerk")
                  .post(fmt::format("/windows/w{}/open", n), fmt::format(R"({{"clerk":"c{}"}})", n))
                  .status == 200);
    }
    for (int i = 0; i < people; ++i) {
      const auto reply =
          lobby.client("kiosk").post("/tickets", R"({"service":"social-security","kiosk":"k1"})");
      REQUIRE_MESSAGE(reply.status == 201, reply.body);
    }
  }

  std::string sign(int n) {
    return lobby.sim("GET", fmt::format("/u{}", n)).json().at("text").as_string().c_str();
  }
  /// Presses "call" and waits until the next number stands above that window.
  Milliseconds call(int n) {
    const auto number = fmt::format("A{:03}", ++called);
    presses.push_back(fmt::format("w{}", n));
    shown[n] = number;
    const auto since = std::chrono::steady_clock::now();
    REQUIRE(lobby.sim("POST", fmt::format("/u{}/key", n), R"({"key":"call"})").status == 200);
    REQUIRE_MESSAGE(lobby.eventually([&] { return sign(n) == number; }, std::chrono::milliseconds(2)),
                    n << " shows " << sign(n));
    return std::chrono::steady_clock::now() - since;
  }
  /// A call at every second healthy window; the figures are for people to read.
  void round(const std::string& what) {
    std::vector<double> took;
    for (int n = 1; n <= units; ++n) {
      if (!sick.contains(n) && (n % 2 == 0 || n == 7)) {
        took.push_back(call(n).count());
      }
    }
    std::sort(took.begin(), took.end());
    MESSAGE(what, ": key to sign of ", took.size(), " units, median ", took[took.size() / 2], " ms, worst ",
            took.back(), " ms");
  }
  std::vector<std::string> calls_in_journal() {
    std::vector<std::string> windows;
    std::istringstream lines(lobby.journal());
    for (std::string line; std::getline(lines, line);) {
      const auto event = boost::json::parse(line);
      if (event.at("type") == "TicketCalled") {
        windows.emplace_back(event.at("window").as_string().c_str());
      }
    }
    return windows;
  }
  /// What the daemon's log says of a device that is not well, line by line.
  std::vector<std::string> complaints(const std::string& device) const {
    std::vector<std::string> found;
    std::istringstream log(read_file(lobby.folder() + "/state.log"));
    for (std::string line; std::getline(log, line);) {
      const bool is_fault = line.find(" " + device + " is gone") != std::string::npos ||
                            line.find(" " + device + " is degraded") != std::string::npos;
      if (is_fault) {
        found.push_back(line);
      }
    }
    return found;
  }
  std::string reason(int n) {
    const auto devices = lobby.client("supervisor").get("/devices").json();
    for (const auto& device : devices.as_array()) {
      if (device.at("id").as_string() == fmt::format("u{}", n)) {
        return device.at("reason").is_string() ? device.at("reason").as_string().c_str() : "";
      }
    }
    return "";
  }

  WholeLobby lobby;
  int called = 0;
  std::vector<std::string> presses;
  std::map<int, std::string> shown;
};

}  // namespace

TEST_CASE("the neighbours of a dead, a babbling, a late and a spoilt unit go on, also with another adapter") {
  Floor floor(60);
  auto& lobby = floor.lobby;
  floor.round("all are well");
  for (const auto& [n, fault] : sick) {
    REQUIRE(lobby.sim("POST", fmt::format("/u{}/fault", n), fault).status == 200);
  }
  for (const auto& [n, fault] : sick) {
    CHECK_MESSAGE(lobby.eventually([&] {
      const auto state = lobby.device_state(fmt::format("u{}", n));
      return state == "gone" || state == "degraded";
    }),
                  n);
  }
  floor.round("four are sick");
  for (const auto& [n, fault] : sick) {
    const auto said = floor.complaints(fmt::format("u{}", n));
    REQUIRE_MESSAGE(said.size() == 1, n);
    // What babbles may begin with a silence.
    const bool is_named = said[0].find(faults.at(n)) != std::string::npos ||
                          (n == 4 && said[0].find("window_unit u4 is gone: address 4") != std::string::npos);
    CHECK_MESSAGE(is_named, said[0]);
  }
  for (int n = 1; n <= units; ++n) {
    const auto state = lobby.device_state(fmt::format("u{}", n));
    CHECK_MESSAGE((state == "ok") == !sick.contains(n), n << " is " << state << ": " << floor.reason(n));
  }

  REQUIRE(lobby.sim("POST", "/line-1/fault", R"({"kind":"gone"})").status == 200);
  REQUIRE(lobby.eventually([&] { return lobby.device_state("line-1") == "gone"; }));
  CHECK(lobby.eventually([&] { return !floor.complaints("line-1").empty(); }));
  const auto said_of_line = floor.complaints("line-1");
  CHECK(std::set(said_of_line.begin(), said_of_line.end()).size() == said_of_line.size());
  const auto adapter = lobby.sim("GET", "/line-1").json().at("adapter");
  const auto since = std::chrono::steady_clock::now();
  REQUIRE(lobby.sim("DELETE", "/line-1/fault?kind=gone").status == 200);
  floor.call(1);
  MESSAGE("from the replug to a call's number on the sign: ",
          Milliseconds(std::chrono::steady_clock::now() - since).count(), " ms");
  CHECK(lobby.sim("GET", "/line-1").json().at("adapter") != adapter);
  floor.round("behind another adapter");

  for (const auto& [n, fault] : sick) {
    REQUIRE(lobby.sim("DELETE", fmt::format("/u{}/fault", n)).status == 200);
  }
  for (int n = 1; n <= units; ++n) {
    CHECK_MESSAGE(lobby.eventually([&] { return lobby.device_state(fmt::format("u{}", n)) == "ok"; }), n);
    const auto expected = floor.shown.contains(n) ? floor.shown[n] : fmt::format("{}号窗口", n);
    CHECK_MESSAGE(lobby.eventually([&] { return floor.sign(n) == expected; }),
                  n << " shows " << floor.sign(n));
  }
  CHECK(floor.calls_in_journal() == floor.presses);
}

TEST_CASE("over a line that loses, doubles and spoils frames every key calls once, in order") {
  Floor floor(40);
  REQUIRE(floor.lobby.sim("POST", "/line-1/fault", R"({"kind":"noise","per_mille":50})").status == 200);
  for (int round = 0; round < 3; ++round) {
    for (const int n : {1, 2, 9, 16}) {
      floor.call(n);
    }
  }
  const auto line = floor.lobby.sim("GET", "/line-1").json();
  MESSAGE(line.at("frames").to_number<int>(), " frames, noise ", boost::json::serialize(line.at("noise")));
  CHECK(line.at("noise").at("spoilt").to_number<int>() > 0);
  CHECK(floor.calls_in_journal() == floor.presses);
}
