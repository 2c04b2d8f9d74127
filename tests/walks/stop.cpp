#include <doctest/doctest.h>

#include <atomic>
#include <boost/json.hpp>
#include <csignal>
#include <thread>

#include "tests/support/lobby.hpp"

// An orderly stop, from end to end: whoever asks is answered, the signs keep their closing text, and the
// sheet that is being printed is accounted for.

namespace {

using namespace lobby::tests;

const std::string closing = "暂停服务";

std::string sign_text(WholeLobby& lobby, const std::string& unit) {
  return lobby.sim("GET", "/" + unit).json().at("text").as_string().c_str();
}

/// A lobby with an open window, whose sign shows its number.
void open_window(WholeLobby& lobby) {
  for (const auto* id : {"p1", "line-1", "u1", "u2", "u3"}) {
    REQUIRE_MESSAGE(lobby.eventually([&] { return lobby.device_state(id) == "ok"; }), id);
  }
  REQUIRE(lobby.client("clerk").post("/windows/w1/open", R"({"clerk":"c1"})").status == 200);
  REQUIRE(lobby.eventually([&] { return sign_text(lobby, "u1") != closing; }));
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
