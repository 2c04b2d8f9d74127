#include <doctest/doctest.h>
#include <httplib.h>
#include <stdlib.h>

#include <atomic>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>

#include "tests/sim/crowd.hpp"
#include "tests/sim/kiosk_line.hpp"
#include "tests/sim/people.hpp"

using namespace lobby::sim;
using namespace std::chrono_literals;

namespace {

/// As much of the daemon as people need.
struct Daemon {
  httplib::Server http;
  std::thread thread;
  int port = 0;
  std::mutex mutex;
  std::condition_variable changed;
  std::multiset<std::string> keys;  ///< of POST /tickets, each try
  std::set<std::string> tickets;    ///< keys that got one
  std::set<std::string> people;     ///< requests that name somebody
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
    const bool at_kiosk = body.as_object().contains("kiosk");
    const std::string token = at_kiosk ? "Bearer kiosk-token" : "Bearer clerk-token";
    if (in.get_header_value("Authorization") != token || body.at("service") == "closed" || key.empty()) {
      out.status = 400;
    } else if (body.as_object().contains("applicant_id") && !people.emplace(in.body).second) {
      out.status = 409;
      out.set_content(R"({"code":"already_has_ticket"})", "application/problem+json");
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
  Visit visit;
  visit.service = "s1";
  CHECK(line.join(visit));
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

TEST_CASE("who may have one ticket and asks for a second is refused, and all sums agree") {
  Daemon daemon;
  CrowdCounts counts;
  std::atomic<int> seated = 0;
  {
    KioskLine line({"k1", daemon.url(), "kiosk-token", "run", 600, false}, counts,
                   [&](std::uint64_t, const Visit&) { ++seated; });
    Visit visit;
    visit.service = "s1";
    visit.applicant_id = "SIM-CITIZEN-1";
    visit.twice = true;
    counts.add(CrowdCounts::What::arrived);
    CHECK(line.join(visit));
    CHECK(daemon.until([&] { return daemon.keys.size() == 2; }));
    CHECK(daemon.soon([&] { return line.length() == 0; }));
  }
  CHECK(seated == 1);
  const boost::json::object sums = counts.describe();
  CHECK(sums.at("arrived") == 2);
  CHECK(sums.at("asked_twice") == 1);
  CHECK(sums.at("issued") == 1);
  CHECK(sums.at("refused").at("already_has_ticket") == 1);
}

TEST_CASE("a person with a ticket goes home when patience ends, and is asked for once") {
  Crowd crowd;
  const TimePoint now{1h};
  crowd.sit_down(1, now + 10min);
  crowd.sit_down(2, now + 10min);
  CHECK_FALSE(crowd.has_left(1, now + 9min));
  CHECK(crowd.has_left(2, now + 10min));
  CHECK_FALSE(crowd.has_left(3, now + 24h));  // whom nobody saw sit down
}
