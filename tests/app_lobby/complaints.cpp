// What users of other queue systems complain of, where it takes the whole house to show it; the list with all
// of its rows is in tests/hall/test_complaints.cpp.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <boost/json/array.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>

#include "daemon/api/router.hpp"
#include "tests/app_lobby/real_lobby.hpp"

namespace {

using namespace lobby;
using tests::Answer;
using tests::naming;
using tests::RealLobby;
namespace json = boost::json;

std::string text(const json::value& value) {
  return std::string(value.as_string());
}
std::uint64_t id_of(const json::value& ticket) {
  return ticket.at("id").to_number<std::uint64_t>();
}

void open_windows(const RealLobby& lobby) {
  lobby.act("w1", "open", R"({"clerk":"1024"})");
  lobby.act("w2", "open", R"({"clerk":"1045"})");
}

/// Runs `work(i)` in `count` threads at once.
template <class Work>
void at_once(int count, Work work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([work, i] { work(i); });
  }
  for (auto& thread : threads) {
    thread.join();
  }
}

json::object service_of(const RealLobby& lobby, std::string_view id) {
  const auto hall = lobby.get("/api/v1/hall").json();
  for (const auto& service : hall.at("services").as_array()) {
    if (service.at("id").as_string() == id) {
      return service.as_object();
    }
  }
  return {};
}

/// What SQLite says to a statement on the journal's file, as another program would send it.
std::string say_to_journal(const std::string& directory, const std::string& statement) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open((directory + "/journal.db").c_str(), &db) == SQLITE_OK);
  sqlite3_busy_timeout(db, 5000);
  char* message = nullptr;
  sqlite3_exec(db, statement.c_str(), nullptr, nullptr, &message);
  std::string said = message == nullptr ? "" : message;
  sqlite3_free(message);
  sqlite3_close(db);
  return said;
}

}  // namespace

TEST_CASE("complaint 1: kiosks that ask at once get one number twice") {
  const RealLobby lobby(tests::site_of_every_kind());
  std::mutex mutex;
  std::multiset<std::string> numbers;
  at_once(6, [&](int) {
    for (int i = 0; i < 20; ++i) {
      const auto answer = lobby.post("/api/v1/tickets", "kiosk", R"({"service":"social"})");
      const std::lock_guard lock(mutex);
      numbers.insert(answer.status == 201 ? text(answer.json().at("number")) : "refused");
    }
  });
  CHECK(numbers.size() == 120);
  CHECK(std::set<std::string>(numbers.begin(), numbers.end()).size() == 120);
  CHECK(numbers.count("A001") == 1);
  CHECK(numbers.count("A120") == 1);
  // Storage holds it too: nobody who decided on an older state can add to the journal what it has already.
  const auto said = say_to_journal(lobby.state_directory(), "INSERT INTO event SELECT * FROM event LIMIT 1");
  CHECK(said.find("UNIQUE constraint failed: event.seq") != std::string::npos);
}

TEST_CASE("complaint 3: a restart forgets priority, who is held, and what a window was doing") {
  RealLobby lobby(tests::site_of_every_kind());
  open_windows(lobby);
  const auto held = lobby.issue("social");
  lobby.act("w1", "call-next");
  lobby.act("w1", "hold", R"({"kind":"with_papers"})");
  const auto served = lobby.issue("tax");
  lobby.act("w2", "call", naming(served));
  lobby.act("w2", "start");
  lobby.act("w2", "pause", R"({"reason":"meal","message":"13:30"})");
  const auto ordinary = lobby.issue("social");
  lobby.pass(1);
  const auto elderly = lobby.issue("social", R"(,"lane":"elderly")");
  lobby.crash();
  const auto hall = lobby.get("/api/v1/hall").json();
  CHECK(hall.at("windows").at(0).at("state").as_string() == "idle");
  CHECK(hall.at("windows").at(0).at("clerk").as_string() == "1024");
  CHECK(hall.at("windows").at(1).at("state").as_string() == "paused");
  CHECK(hall.at("windows").at(1).at("message").as_string() == "13:30");
  CHECK(text(lobby.ticket(held).at("hold")) == "with_papers");
  CHECK(text(lobby.ticket(elderly).at("lane")) == "elderly");
  CHECK(id_of(lobby.act("w1", "call-next").at("ticket")) == elderly);
  lobby.act("w1", "finish");
  CHECK(id_of(lobby.act("w1", "call-next").at("ticket")) == ordinary);
  lobby.act("w1", "finish");
  CHECK(id_of(lobby.act("w1", "resume-held", naming(held)).at("ticket")) == held);
  CHECK(text(lobby.act("w2", "resume").at("state")) == "serving");
  CHECK(text(lobby.ticket(lobby.issue("social")).at("number")) == "A004");
}

TEST_CASE("complaint 3: a state file that is half written blocks the start") {
  RealLobby lobby(tests::site_of_every_kind());
  const auto first = lobby.issue("social");
  // What a power cut can leave behind the last commit, and a snapshot of which only the beginning came
  // through.
  CHECK(say_to_journal(lobby.state_directory(), "INSERT INTO snapshot SELECT max(seq), x'0102' FROM event") ==
        "");
  std::ofstream(lobby.state_directory() + "/journal.db-wal", std::ios::app | std::ios::binary)
      << std::string(5000, '\x5a');
  lobby.crash();
  CHECK(text(lobby.ticket(first).at("number")) == "A001");
  CHECK(text(lobby.ticket(lobby.issue("social")).at("number")) == "A002");
}

TEST_CASE("complaint 9: a database error is shown as nobody waiting") {
  RealLobby lobby(tests::site_of_every_kind());
  open_windows(lobby);
  for (int i = 0; i < 3; ++i) {
    lobby.issue("social");
  }
  const auto first = lobby.issue("tax");
  lobby.act("w2", "call", naming(first));
  lobby.take_disk();
  Answer refused;
  for (int i = 0; i < 5000 && refused.status != 503; ++i) {
    refused = lobby.post("/api/v1/windows/w2/pause", "clerk", R"({"reason":"x"})");
    if (refused.status == 200) {
      refused = lobby.post("/api/v1/windows/w2/resume");
    }
  }
  CHECK(refused.code() == "storage_failed");
  for (const auto* act : {"/api/v1/windows/w1/call-next", "/api/v1/windows/w2/finish"}) {
    const auto answer = lobby.post(act);
    CHECK(answer.status == 503);
    CHECK(answer.code() == "storage_failed");
    CHECK(!answer.json().at("detail").as_string().empty());
  }
  CHECK(service_of(lobby, "social").at("waiting").to_number<int>() == 3);
  CHECK(lobby.get("/readyz").status == 503);
  const auto devices = lobby.get("/api/v1/devices").json();
  for (const auto& device : devices.as_array()) {
    if (device.at("id").as_string() == "storage") {
      CHECK(device.at("state").as_string() == "degraded");
      CHECK(!device.at("reason").as_string().empty());
    }
  }
  lobby.give_disk();
  Answer called;
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (called.status != 200 && std::chrono::steady_clock::now() < patience) {
    called = lobby.post("/api/v1/windows/w1/call-next");
  }
  CHECK(text(called.json().at("ticket").at("number")) == "A001");
}

TEST_CASE("complaint 10: two operators call at once and get the same ticket, or one loses a turn") {
  const RealLobby lobby(tests::site_of_every_kind());
  open_windows(lobby);
  std::map<std::uint64_t, int> calls;
  std::mutex mutex;
  const auto note = [&](const Answer& answer) {
    const std::lock_guard lock(mutex);
    if (answer.status == 200) {
      ++calls[id_of(answer.json().at("ticket"))];
    }
    return answer.status == 200 || answer.status == 409;
  };
  for (int round = 0; round < 10; ++round) {
    lobby.issue("social");
    lobby.issue("social");
    // Two windows, and two clicks at each of them.
    at_once(4, [&](int i) {
      const std::string path = i % 2 == 0 ? "/api/v1/windows/w1/call-next" : "/api/v1/windows/w2/call-next";
      CHECK(note(lobby.post(path)));
    });
    lobby.act("w1", "finish");
    lobby.act("w2", "finish");
  }
  CHECK(calls.size() == 20);
  for (const auto& [ticket, times] : calls) {
    CAPTURE(ticket);
    CHECK(times == 1);
  }
  // And one ticket that both name.
  const auto wanted = lobby.issue("social");
  int got = 0;
  at_once(2, [&](int i) {
    const auto answer =
        lobby.post("/api/v1/windows/" + std::string(i == 0 ? "w1" : "w2") + "/call", "clerk", naming(wanted));
    const std::lock_guard lock(mutex);
    got += answer.status == 200 ? 1 : 0;
  });
  CHECK(got == 1);
}

TEST_CASE("complaint 13: whoever reaches the port can command the hall, or stop it") {
  const RealLobby lobby(tests::site_of_every_kind());
  open_windows(lobby);
  lobby.issue("social");
  const auto before = lobby.get("/api/v1/hall").json().at("seq");
  int commands = 0;
  for (const auto& route : api::routes()) {
    std::string path(route.pattern);
    CAPTURE(path);
    for (const std::string word : {"stop", "shutdown", "restart", "exit", "kill"}) {
      // Of an evaluation one may: the lobby goes on.
      CHECK((path.find("/" + word) == std::string::npos || path == "/api/v1/evaluations/{id}/stop"));
    }
    if (route.method == api::Method::get || path == "/api/v1/session") {
      continue;
    }
    if (const auto open = path.find('{'); open != std::string::npos) {
      path.replace(open, path.find('}') - open + 1, path.find("/windows/") == std::string::npos ? "1" : "w1");
    }
    const std::string method = route.method == api::Method::post ? "POST" : "DELETE";
    CHECK(lobby.call(method, path, "", "{}").status == 401);
    CHECK(lobby.call(method, path, "no-token-of-anybody", "{}").status == 401);
    ++commands;
  }
  CHECK(commands > 25);
  CHECK(lobby.get("/api/v1/hall").json().at("seq") == before);
}

TEST_CASE("complaint 14: the figures of a long wait and a long service keep their hours in the journal") {
  RealLobby lobby(tests::site_of_every_kind());
  open_windows(lobby);
  lobby.issue("social");
  lobby.pass(2 * 3600 + 300);
  lobby.act("w1", "call-next");
  lobby.act("w1", "start");
  lobby.pass(3660);
  lobby.act("w1", "finish");
  const auto lines = lobby.get("/api/v1/journal", "supervisor").body;
  const auto at = lines.find("\"type\":\"ServiceFinished\"");
  REQUIRE(at != std::string::npos);
  const auto line = lines.substr(at, lines.find('\n', at) - at);
  CHECK(line.find("\"waited_s\":7500") != std::string::npos);
  CHECK(line.find("\"served_s\":3660") != std::string::npos);
}
