#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <boost/json.hpp>
#include <csignal>
#include <thread>

#include "tests/walks/steps.hpp"

// An orderly stop, from end to end: whoever asks is answered, the signs keep their closing text, and the
// sheet that is being printed is accounted for.

namespace {

using namespace lobby::tests;

const std::string closing = "暂停服务";

/// A lobby with an open window, whose sign shows its number.
void open_window(WholeLobby& lobby) {
  wait_ready(lobby);
  REQUIRE(lobby.client("clerk").post("/windows/w1/open", R"({"clerk":"c1"})").status == 200);
  REQUIRE(lobby.eventually([&] { return sign_text(lobby, "u1") != closing; }));
}

/// A print takes long enough to see what goes on while the daemon waits for it.
void be_printing(WholeLobby& lobby, std::uint64_t ticket) {
  REQUIRE(lobby.eventually([&] { return print_state(lobby, ticket) == "sending"; }));
}

}  // namespace

TEST_CASE("a stop while the approval cases are being asked for ends in order") {
  WholeLobby lobby;
  open_window(lobby);
  std::atomic<bool> over{false};
  std::vector<std::thread> askers;
  for (int i = 0; i < 2; ++i) {
    askers.emplace_back([&] {
      auto screen = lobby.client("screen");
      while (!over && screen.get("/approvals").status == 200) {
      }
    });
  }
  lobby.daemon().process().signal(SIGTERM);
  const int code = lobby.daemon().process().wait();
  over = true;
  for (auto& asker : askers) {
    asker.join();
  }
  CHECK(code == 0);
  CHECK(sign_text(lobby, "u1") == closing);
}

TEST_CASE("a stop waits for the sheet that is being printed, and nothing is done meanwhile") {
  WholeLobby lobby;
  open_window(lobby);
  REQUIRE(lobby.sim("POST", "/p1/fault", R"({"kind":"slow","ms":100})").status == 200);
  const auto first = take_ticket(lobby);
  const auto second = take_ticket(lobby);
  auto clerk = lobby.client("clerk");
  const std::string issued =
      clerk.get(fmt::format("/tickets/{}", second)).json().at("issued_at").as_string().c_str();
  be_printing(lobby, first);
  lobby.daemon().process().signal(SIGTERM);
  REQUIRE(lobby.eventually([&] { return sign_text(lobby, "u1") == closing; }));
  const auto refused = clerk.post("/windows/w1/call-next", "{}");
  CHECK(refused.status == 503);
  CHECK(refused.json().at("code") == "service_closed");
  CHECK(clerk.get("/hall").status == 200);
  REQUIRE(lobby.sim("POST", "/u1/key", R"({"key":"call"})").status == 200);
  CHECK(lobby.daemon().process().wait() == 0);
  CHECK(sign_text(lobby, "u1") == closing);
  CHECK(lobby.sim("GET", "/p1").json().at("sheet_count") == 1);

  lobby.restart_daemon(SIGTERM, issued);
  CHECK(print_state(lobby, first) == "printed");
  CHECK(lobby.eventually([&] { return print_state(lobby, second) == "printed"; }));
  CHECK(lobby.sim("GET", "/p1").json().at("sheet_count") == 2);
  // The key waited in its unit: pressed once, it calls once.
  CHECK(lobby.eventually([&] { return sign_text(lobby, "u1") == "A001"; }));
}
