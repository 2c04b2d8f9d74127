#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "tests/support/lobby.hpp"

// What the daemon says on standard error in a real run.

namespace {

using namespace lobby::tests;

std::string said(const WholeLobby& lobby) {
  return read_file(lobby.folder() + "/state.log");
}

/// Lines are whole, begin with a priority, and none is empty.
void check_shape(const std::string& log) {
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    CHECK_MESSAGE((line.size() > 3 && line[0] == '<' && line[1] >= '3' && line[1] <= '6' && line[2] == '>'),
                  line);
  }
  CHECK(log.ends_with('\n'));
}

/// The child of the daemon: its lobby-feed.
pid_t feed_of(WholeLobby& lobby) {
  const auto pid = lobby.daemon().process().pid();
  std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", pid));
  pid_t child = 0;
  children >> child;
  return child;
}

}  // namespace

TEST_CASE("the log tells what an operator must know, by ids only") {
  WholeLobby lobby;
  const auto says = [&](const std::string& words) {
    return lobby.eventually([&] { return said(lobby).find(words) != std::string::npos; });
  };
  for (const std::string id : {"p1", "line-1", "u1", "approvals"}) {
    REQUIRE(lobby.eventually([&] { return lobby.device_state(id) == "ok"; }));
  }
  CHECK(says("<5>lobbyd "));
  CHECK(says(
      fmt::format(" starts: site {0}/site.toml, state {0}/state, listen 127.0.0.1:0\n", lobby.folder())));
  CHECK(says("<5>serves http://" + lobby.daemon().address() + "\n"));
  CHECK(says("<5>business day 2026-03-16 is opened\n"));
  CHECK(says("<6>printer p1 is ok\n"));
  CHECK(says("<6>window_unit u1 is ok\n"));
  CHECK(says("<6>feed approvals: lobby-feed is started\n"));

  lobby.sim("POST", "/p1/fault", R"({"kind":"paper_out"})");
  CHECK(says("<4>printer p1 is degraded: paper out\n"));
  lobby.sim("POST", "/line-1/fault", R"({"kind":"gone"})");
  CHECK(says("<4>bus line-1 is gone"));
  CHECK(says("<4>window_unit u1 is gone"));

  const auto feed = feed_of(lobby);
  REQUIRE(feed > 0);
  REQUIRE(::kill(feed, SIGKILL) == 0);
  CHECK(says("<4>feed approvals is gone: lobby-feed was ended by SIGKILL\n"));
  CHECK(says("<5>feed approvals: lobby-feed is restarted, 1 times since the start\n"));

  lobby.client("clerk").post("/windows/w1/open", R"({"clerk":"zhang-sanfeng"})");
  CHECK(run({LOBBY_BIN_DIR "/lobbyctl", "--state", lobby.folder() + "/state", "user", "add", "oyang-feng",
             "--role", "clerk"})
            .code == 0);
  CHECK(says("<5>an account was added: event "));
  lobby.stop_daemon(SIGTERM);
  CHECK(says("<5>stops: SIGTERM\n<5>stopped\n"));

  const auto log = said(lobby);
  check_shape(log);
  for (const std::string person : {"zhang-sanfeng", "oyang-feng", "诸葛"}) {
    CHECK(log.find(person) == std::string::npos);
  }
}

TEST_CASE("a day that turns and a clock that runs behind are logged") {
  const TemporaryFolder folder;
  const auto site = folder.path() + "/site.toml";
  const auto state = folder.path() + "/state";
  write_file(site, bare_site(1, 1));
  make_accounts(state);
  const auto says = [&](const std::string& words) {
    return WholeLobby::eventually([&] { return read_file(state + ".log").find(words) != std::string::npos; });
  };
  {
    const Daemon monday(site, state, "2026-03-16T23:59:58+08:00");
    CHECK(says("<5>business day 2026-03-17 is opened\n"));
    CHECK(says("<5>business day 2026-03-16 is closed: 0 issued, 0 finished, 0 no-show, 0 expired\n"));
  }
  const Daemon dead_battery(site, state, "2020-01-01T00:00:00+08:00");
  CHECK(says("<4>clock clock is degraded: the clock is behind the last event: set it\n"));
  check_shape(read_file(state + ".log"));
}

TEST_CASE("a calendar that is missing is an alarm: in the log each day, and at the clock") {
  const TemporaryFolder folder;
  const auto site = folder.path() + "/site.toml";
  const auto state = folder.path() + "/state";
  auto text = bare_site(1, 1);
  replace_all(text, "schema = 1\n",
              "schema = 1\nconfig_dir = \"" LOBBY_SOURCE_DIR "/config\"\ncalendar = [\"2026.json\"]\n");
  write_file(site, text);
  make_accounts(state);
  const auto times = [&](const std::string& words) {
    const auto log = read_file(state + ".log");
    int count = 0;
    for (auto found = log.find(words); found != std::string::npos; found = log.find(words, found + 1)) {
      ++count;
    }
    return count;
  };
  const Daemon december(site, state, "2026-12-01T23:59:58+08:00");
  CHECK(WholeLobby::eventually([&] { return times("<4>the calendar of 2027 is missing") == 2; }));
  CHECK(times("<4>clock clock is degraded: the calendar of 2027 is missing") == 1);
  const auto devices = december.client("supervisor").get("/devices").json();
  for (const auto& device : devices.as_array()) {
    if (device.at("id").as_string() == "clock") {
      CHECK(device.at("state").as_string() == "degraded");
      CHECK(std::string(device.at("reason").as_string()).find("2027.json") != std::string::npos);
    }
  }
  check_shape(read_file(state + ".log"));
}

TEST_CASE("a site that is refused is a sentence for people, and a line of the log") {
  const TemporaryFolder folder;
  const auto site = folder.path() + "/site.toml";
  const auto state = folder.path() + "/state";
  write_file(site, "schema = 1\nname = 7\n");
  const auto log = folder.path() + "/log";
  CHECK(run({LOBBY_BIN_DIR "/lobbyd", "--site", site, "--state", state}, log).code == 2);
  CHECK(read_file(log).find(site + ":2:8: ") == 0);
  CHECK(read_file(log).ends_with("\n<3>not started: the site is refused\n"));
}
