#include <doctest/doctest.h>
#include <httplib.h>
#include <stdlib.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>

#include "tests/sim/clerk.hpp"
#include "tests/sim/people.hpp"

using namespace lobby::sim;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<Unit> unit() {
  return std::make_shared<Unit>(Unit::Place{"u1", "line-1", "w1", 1}, 5,
                                std::make_shared<const lobby::display::DotFont>());
}

std::uint64_t keys(Unit& unit) {
  return unit.describe().at("key_count").to_number<std::uint64_t>();
}

/// The host takes every press, as over the line.
void take_keys(Unit& unit) {
  RtuRequest ack{1, 0x10, lobby::wire::window_unit::reg_key_ack, 1, {}};
  ack.values = {static_cast<std::uint16_t>(keys(unit))};
  unit.hear(ack);
}

/// A clerk with a stopped clock and a record of what was asked of the API.
struct Desk {
  std::shared_ptr<Unit> pad;
  CrowdCounts counts;
  std::vector<std::string> asked;
  TimePoint now{1h};
  Clerk clerk;

  explicit Desk(std::shared_ptr<Unit> with)
      : pad(std::move(with)),
        clerk(
            {"w1", "1001", pad, 60},
            [this](const std::string& verb, const boost::json::object&) {
              asked.push_back(verb);
              return std::string();
            },
            counts, 11) {}
  void look(const WindowSight& sight, Clock::duration after) {
    clerk.see(sight, now);
    now += after;
    clerk.see(sight, now);
  }
};

/// As much of the daemon as people need.
struct Daemon {
  httplib::Server http;
  std::thread thread;
  int port = 0;
  std::mutex mutex;
  std::condition_variable changed;
  std::multiset<std::string> keys;  ///< of POST /tickets, each try
  std::set<std::string> tickets;    ///< keys that got one
  std::vector<std::string> verbs;
  bool storage_fails = false;
  std::filesystem::path folder;

  Daemon() {
    std::string name = "/tmp/lobby-people-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
    std::ofstream(folder / "kiosk") << "kiosk-token\n";
    std::ofstream(folder / "clerk") << "clerk-token\n";
    std::string hall = R"({"services":[{"id":"closed","open":false,"waiting":0})";
    for (int i = 1; i <= 40; ++i) {
      hall += R"(,{"id":"s)" + std::to_string(i) + R"(","open":true,"waiting":3})";
    }
    hall += R"(],"windows":[{"id":"w1","state":"idle","ticket":null,"services":["s1"]}]})";
    http.Get("/api/v1/hall", [hall](const httplib::Request&, httplib::Response& out) {
      out.set_content(hall, "application/json");
    });
    http.Post("/api/v1/tickets", [this](const auto& in, auto& out) { issue(in, out); });
    http.Post(R"(/api/v1/windows/w1/(.*))", [this](const httplib::Request& in, httplib::Response& out) {
      const std::lock_guard lock(mutex);
      verbs.push_back(in.matches[1]);
      changed.notify_all();
      out.set_content("{}", "application/json");
    });
    port = http.bind_to_any_port("127.0.0.1");
    thread = std::thread([this] { http.listen_after_bind(); });
    while (!http.is_running()) {
      std::this_thread::yield();
    }
  }
  ~Daemon() {
    http.stop();
    thread.join();
    std::filesystem::remove_all(folder);
  }
  void issue(const httplib::Request& in, httplib::Response& out) {
    const std::lock_guard lock(mutex);
    const std::string key = in.get_header_value("Idempotency-Key");
    keys.insert(key);
    const boost::json::value body = boost::json::parse(in.body);
    if (in.get_header_value("Authorization") != "Bearer kiosk-token" || body.at("service") == "closed" ||
        body.at("kiosk") != "k1" || key.empty()) {
      out.status = 400;
    } else if (storage_fails) {
      out.status = 503;
      out.set_content(R"({"code":"storage_failed"})", "application/problem+json");
    } else {
      tickets.insert(key);
      out.status = 201;
      out.set_content(R"({"id":1})", "application/json");
    }
    changed.notify_all();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port); }
  template <class P>
  bool until(P predicate) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, 20s, predicate);
  }
  /// The same for what nobody notifies of: looks every 20 ms.
  template <class P>
  bool soon(P predicate) {
    std::unique_lock lock(mutex);
    const auto patience = std::chrono::steady_clock::now() + 20s;
    while (!predicate() && std::chrono::steady_clock::now() < patience) {
      changed.wait_for(lock, 20ms);
    }
    return predicate();
  }
};

Site one_window() {
  return parse_site(R"(service = [{id = "s1", zone = "A"}]
kiosk = [{id = "k1", zone = "A"}]
window = [{id = "w1", services = ["s1"]}])",
                    "site");
}

}  // namespace

TEST_CASE("a clerk opens a closed window over the API and calls with the key of the unit") {
  Desk desk(unit());
  desk.look({"closed", "", 0}, 1s);
  CHECK(desk.asked == std::vector<std::string>{"open"});
  desk.look({"idle", "", 0}, 10s);
  CHECK(keys(*desk.pad) == 0);  // nobody waits
  desk.look({"idle", "", 2}, 10s);
  CHECK(keys(*desk.pad) == 1);
}

TEST_CASE("a press that the wire has not taken is not repeated, a taken one without effect is") {
  Desk desk(unit());
  desk.look({"idle", "", 1}, 1s);
  REQUIRE(keys(*desk.pad) == 1);
  desk.look({"idle", "", 1}, 60s);
  CHECK(keys(*desk.pad) == 1);
  take_keys(*desk.pad);
  desk.look({"idle", "", 1}, 60s);
  CHECK(keys(*desk.pad) == 2);
}

TEST_CASE("a ticket goes its way by keys and is counted once at each step") {
  Desk desk(unit());
  std::string last;
  int missed = 0;
  for (int ticket = 1; ticket <= 60; ++ticket) {
    const std::string number = std::to_string(ticket);
    desk.look({"idle", "", 1}, 30s);
    take_keys(*desk.pad);
    std::uint64_t before = keys(*desk.pad);
    desk.look({"called", number, 0}, 30s);
    REQUIRE(keys(*desk.pad) == before + 1);
    take_keys(*desk.pad);
    desk.look({"called", number, 0}, 30s);  // of no effect the first time, or the recall
    take_keys(*desk.pad);
    before = keys(*desk.pad);
    desk.look({"serving", number, 0}, 60s);
    CHECK(keys(*desk.pad) == before + 1);
    take_keys(*desk.pad);
  }
  desk.look({"idle", "", 0}, 1s);
  const boost::json::object counts = desk.counts.describe();
  CHECK(counts.at("called") == 60);
  CHECK(counts.at("started") == 60);
  CHECK(counts.at("finished") == 60);
  CHECK(counts.at("recalled").to_number<int>() > missed);
}

TEST_CASE("without a unit a clerk works by the API") {
  Desk desk(nullptr);
  desk.look({"idle", "", 1}, 30s);
  desk.look({"called", "7", 0}, 30s);
  desk.look({"serving", "7", 0}, 60s);
  REQUIRE(desk.asked.size() == 3);
  CHECK(desk.asked[0] == "call-next");
  CHECK((desk.asked[1] == "start" || desk.asked[1] == "recall"));
  CHECK(desk.asked[2] == "finish");
}

TEST_CASE("citizens take tickets of open services, clerks call, and speed 0 ends it") {
  Daemon daemon;
  const WallClock clock(*parse_rfc3339("2026-03-16T10:00:00+08:00"));
  People people(one_window(), {}, clock, 3);
  CHECK(people.change({300, daemon.url(), daemon.folder.string()}).empty());
  CHECK(daemon.until([&] { return daemon.tickets.size() >= 3 && !daemon.verbs.empty(); }));
  CHECK(people.change({0, daemon.url(), daemon.folder.string()}).empty());
  CHECK(daemon.verbs.front() == "call-next");
  CHECK(daemon.keys.size() == daemon.tickets.size());
  const boost::json::object counts = people.describe();
  CHECK(counts.at("issued").to_number<std::size_t>() == daemon.tickets.size());
  CHECK(counts.at("arrived").to_number<std::size_t>() ==
        counts.at("issued").to_number<std::size_t>() + counts.at("left").to_number<std::size_t>());
  CHECK(counts.at("refused").get_object().empty());
}

TEST_CASE("a citizen tries again with the same key until the daemon can keep the ticket") {
  Daemon daemon;
  daemon.storage_fails = true;
  CrowdCounts counts;
  KioskLine line({"k1", daemon.url(), "kiosk-token", "run", 600, false}, counts);
  CHECK(line.join("s1"));
  CHECK(daemon.until([&] { return daemon.keys.size() >= 3; }));
  {
    const std::lock_guard lock(daemon.mutex);
    daemon.storage_fails = false;
  }
  CHECK(daemon.until([&] { return !daemon.tickets.empty(); }));
  CHECK(daemon.keys.count(*daemon.tickets.begin()) == daemon.keys.size());
}

TEST_CASE("people who have no tokens stay at home, say what is missing, and come when it is there") {
  Daemon daemon;
  const auto folder = daemon.folder / "later";
  std::filesystem::create_directories(folder);
  Site site = one_window();
  site.server = daemon.url();
  site.token_dir = folder.string();
  const WallClock clock(*parse_rfc3339("2026-03-16T10:00:00+08:00"));
  People people(site, {}, clock, 3);
  People::Settings settings = people.settings();  // the site's own, nothing named
  settings.speed = 300;
  REQUIRE(people.change(settings).empty());
  const auto problem = [&] { return std::string(people.describe().at("problem").as_string()); };
  CHECK(daemon.soon([&] { return problem().find((folder / "clerk").string()) != std::string::npos; }));
  CHECK(problem().find("user add sim-clerk --role clerk") != std::string::npos);
  CHECK(people.describe().at("arrived") == 0);
  std::ofstream(folder / "clerk") << "clerk-token\n";
  CHECK(daemon.soon([&] { return problem().find((folder / "kiosk").string()) != std::string::npos; }));
  std::ofstream(folder / "kiosk") << "kiosk-token\n";
  CHECK(daemon.until([&] { return !daemon.tickets.empty(); }));
  CHECK(problem().empty());
}

TEST_CASE("the daemon is where the site listens") {
  CHECK(parse_site("", "s").server == "http://127.0.0.1:8080");
  CHECK(parse_site("listen = \"127.0.0.1:9000\"", "s").server == "http://127.0.0.1:9000");
  CHECK(parse_site("listen = \"0.0.0.0:9000\"", "s").server == "http://127.0.0.1:9000");
  CHECK(parse_site("listen = \"[::]:9000\"", "s").server == "http://127.0.0.1:9000");
}

TEST_CASE("settings that cannot be are refused and change nothing") {
  const WallClock clock;
  People people(one_window(), {}, clock, 3);
  CHECK_FALSE(people.change({-1, "http://127.0.0.1:1", "/tmp"}).empty());
  CHECK_FALSE(people.change({1e9, "http://127.0.0.1:1", "/tmp"}).empty());
  CHECK_FALSE(people.change({1, "", ""}).empty());
  CHECK(people.describe().at("speed") == 0);
}
