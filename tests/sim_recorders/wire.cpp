// The same over real connections: a lobby's recorders at their ports, asked by the real drivers, set apart by
// the control API.
#include "drivers/link/asio_executor.hpp"
#include "tests/fakes/loop.hpp"
#include "tests/sim_recorders/front_bench.hpp"
#include "tests/sim_tests/village.hpp"

using namespace lobby;
using namespace lobby::cctv;
using namespace std::chrono_literals;

namespace {

/// A lobby with one recorder of each kind.
struct House {
  std::array<int, 5> ports{sim::free_port(), sim::free_port(), sim::free_port(), sim::free_port(),
                           sim::free_port()};
  sim::WallClock clock{*sim::parse_rfc3339("2026-11-23T21:00:00+08:00")};
  std::unique_ptr<sim::SimulatedLobby> lobby;
  std::unique_ptr<httplib::Client> control;

  House() {
    lobby = std::make_unique<sim::SimulatedLobby>(sim::parse_site(site(), "house.toml"), clock,
                                                  sim::SimulatedLobby::Options());
    REQUIRE(lobby->start("127.0.0.1", 0) == "");
    control = std::make_unique<httplib::Client>(lobby->control_url());
    control->set_tcp_nodelay(true);
  }
  std::string site() const {
    const auto one = [&](const char* id, const char* protocol, std::size_t port, const std::string& more) {
      return std::string("  {id = \"") + id + "\", protocol = \"" + protocol +
             "\", url = \"http://127.0.0.1:" + std::to_string(ports[port]) +
             "/\", user = \"ctl\", password = \"secret\"" + more + "},\n";
    };
    return "name = \"评标\"\nrecorder = [\n" + one("isapi", "isapi", 0, "") + one("dahua", "dahua", 1, "") +
           one("onvif", "onvif", 2, "") +
           one("motion", "motion", 3,
               ", stream_url = \"http://127.0.0.1:" + std::to_string(ports[4]) + "/\"") +
           "  {id = \"gb\", protocol = \"gb28181\", url = \"http://127.0.0.1:1/\"},\n]\n";
  }
  boost::json::value get(const std::string& id) {
    const auto result = control->Get(("/sim/" + id).c_str());
    REQUIRE(result);
    return boost::json::parse(result->body);
  }
  void fault(const std::string& id, const std::string& body) {
    const auto result = control->Post(("/sim/" + id + "/fault").c_str(), body, "application/json");
    REQUIRE(result);
    CHECK(result->status == 200);
  }
  void mend(const std::string& id) {
    CHECK(control->Delete(("/sim/" + id + "/fault").c_str())->status == 200);
  }
};

/// A driver that talks to one of them.
struct Near {
  Near(House& in, const std::string& its) : house(in), id(its) {
    options.utc = [this] { return std::chrono::floor<std::chrono::milliseconds>(house.clock.now()); };
    options.probe_within = 400ms;
    options.order_within = 2s;
    if (id == "isapi") {
      recorder = make_hikvision(executor, client(0), {}, options);
    } else if (id == "dahua") {
      recorder = make_dahua(executor, client(1), {}, options);
    } else if (id == "onvif") {
      OnvifSettings its_settings;
      its_settings.recording = "R1";
      its_settings.profile = "P1";
      recorder = make_onvif(executor, client(2), client(2), login, its_settings, options);
    } else {
      recorder = make_motion(executor, client(3), client(4), nullptr, {}, options);
    }
  }
  std::unique_ptr<http::Client> client(std::size_t port) {
    const auto number = static_cast<std::uint16_t>(house.ports[port]);
    return std::make_unique<http::Client>(executor, http::make_tcp_connection(loop.io, "127.0.0.1", number),
                                          login, http::ClientOptions{.host = "cam"});
  }
  Outcome start() {
    std::optional<Outcome> out;
    recorder->start([&](Outcome outcome, const Session&) { out = std::move(outcome); });
    REQUIRE(loop.until([&] { return out.has_value(); }));
    return *out;
  }
  Verdict verdict() {
    std::optional<Reading> out;
    recorder->probe([&](Reading reading) { out = std::move(reading); });
    REQUIRE(loop.until([&] { return out.has_value(); }));
    return judge(*out, executor.now(), 8s);
  }
  /// What a recorder without a second way can be at best is enough here.
  bool is_good() {
    const auto is = verdict();
    return is == Verdict::recording || (!recorder->can_verify() && is == Verdict::triggered);
  }
  bool becomes(bool good) {
    // Recorders tell whole seconds: the first of a film is over before anything can be seen of it.
    const auto end = executor.now() + 12s;
    while (executor.now() < end) {
      if (is_good() == good) {
        return true;
      }
      loop.io.restart();
      loop.io.run_for(20ms);
    }
    return false;
  }

  House& house;
  std::string id;
  fakes::Loop loop;
  link::AsioExecutor executor{loop.io};
  std::shared_ptr<http::Login> login = std::make_shared<http::Login>(http::Credentials{"ctl", "secret"});
  RecorderOptions options;
  std::unique_ptr<Recorder> recorder;
};

}  // namespace

TEST_CASE("each recorder of a lobby records on demand, and is found out when it goes, hangs or refuses") {
  House house;
  for (const std::string id : {"isapi", "dahua", "onvif", "motion"}) {
    CAPTURE(id);
    CHECK_FALSE(house.get(id).at("recording").as_bool());
    Near near(house, id);
    REQUIRE(near.start().word == Word::done);
    CHECK(near.becomes(true));
    CHECK(house.get(id).at("recording").as_bool());
    for (const std::string kind : {"gone", "freeze", "silent", "refuse", "garbage", "lock_out"}) {
      CAPTURE(kind);
      // The status of motion stands open, locked or not.
      if (id == "motion" && kind == "lock_out") {
        continue;
      }
      house.fault(id, R"({"kind":")" + kind + "\"}");
      CHECK(near.becomes(false));
      house.mend(id);
      // A credential that was refused is not tried again for a minute.
      if (kind == "lock_out") {
        near.login->forgive();
      }
      static_cast<void>(near.start());
      CHECK(near.becomes(true));
    }
    house.fault(id, R"({"kind":"slow","ms":50})");
    CHECK(near.becomes(true));
    house.mend(id);
    const auto seen = house.get(id);
    CHECK(seen.at("kind") == "recorder");
    CHECK(seen.at("recording").as_bool());
    // Frozen it wrote nothing: one gap at least.
    CHECK(seen.at("segments").as_array().size() >= 2);
  }
}

TEST_CASE("a recorder's power goes: connections, manual recording and subscriptions end with it") {
  House house;
  Near near(house, "onvif");
  REQUIRE(near.start().word == Word::done);
  CHECK(near.becomes(true));
  const auto before = house.get("onvif").at("connections").to_number<int>();
  house.fault("onvif", R"({"kind":"power_cycle"})");
  // A job is configuration, so it goes on; the events have to be had anew.
  CHECK(near.becomes(true));
  CHECK(near.loop.until([&] { return near.is_good(); }));
  CHECK(house.get("onvif").at("power_cycles") == 1);
  CHECK(house.get("onvif").at("connections").to_number<int>() > before);

  Near other(house, "isapi");
  REQUIRE(other.start().word == Word::done);
  CHECK(other.becomes(true));
  house.fault("isapi", R"({"kind":"power_cycle"})");
  CHECK(other.becomes(false));
  CHECK_FALSE(house.get("isapi").at("recording").as_bool());
}

TEST_CASE("the control API says which lies a recorder can tell, and how they are told") {
  House house;
  const auto post = [&](const std::string& id, const std::string& body) {
    return house.control->Post(("/sim/" + id + "/fault").c_str(), body, "application/json")->status;
  };
  CHECK(post("isapi", R"({"kind":"clock","offset_s":3600})") == 200);
  CHECK(post("isapi", R"({"kind":"clock"})") == 400);
  CHECK(post("isapi", R"({"kind":"partial"})") == 400);
  CHECK(post("onvif", R"({"kind":"partial"})") == 200);
  CHECK(post("motion", R"({"kind":"paper_out"})") == 400);
  CHECK(post("gb", R"({"kind":"gone"})") == 404);
  CHECK(house.get("onvif").at("faults") == boost::json::array{"partial"});
  // The clock that it tells is an hour ahead, the film's bounds are true.
  const auto told = house.get("isapi");
  CHECK(told.at("segments").as_array().empty());
}
