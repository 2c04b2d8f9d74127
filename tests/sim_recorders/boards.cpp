// Relay boards of a lobby, on an RS-485 line and at a port: the real lines and drivers, and the control API.
#include "drivers/bus/modbus_line.hpp"
#include "drivers/bus/rtu_port.hpp"
#include "drivers/bus/tcp_port.hpp"
#include "drivers/cctv/inputs.hpp"
#include "drivers/cctv/relay.hpp"
#include "drivers/link/asio_executor.hpp"
#include "tests/fakes/loop.hpp"
#include "tests/sim_tests/village.hpp"
#include "tests/support/process.hpp"

using namespace lobby;
using namespace lobby::cctv;
using namespace std::chrono_literals;

namespace {

struct BoardHouse {
  tests::TemporaryFolder folder;
  int port = sim::free_port();
  sim::WallClock clock{*sim::parse_rfc3339("2026-11-23T21:00:00+08:00")};
  std::unique_ptr<sim::SimulatedLobby> lobby;
  std::unique_ptr<httplib::Client> control;
  fakes::Loop loop;
  link::AsioExecutor executor{loop.io};
  bool is_up = false;
  std::unique_ptr<bus::ModbusLine> line;

  BoardHouse() {
    const std::string site =
        "name = \"评标\"\nbus = [{id = \"line-1\", port = \"" + path() +
        "\", baud = 115200}]\nrelay = [\n  {id = \"line\", bus = \"line-1\", address = 9},\n"
        "  {id = \"port\", link = \"tcp://127.0.0.1:" +
        std::to_string(port) +
        "\", address = 3},\n  {id = \"zone-lamp\", protocol = \"modbus_coils\", zone = \"A\"},\n]\n";
    lobby = std::make_unique<sim::SimulatedLobby>(sim::parse_site(site, "boards.toml"), clock,
                                                  sim::SimulatedLobby::Options());
    REQUIRE(lobby->start("127.0.0.1", 0) == "");
    control = std::make_unique<httplib::Client>(lobby->control_url());
    control->set_tcp_nodelay(true);
  }
  std::string path() const { return folder.path() + "/line-1"; }
  std::uint8_t open(const std::string& id) {
    std::unique_ptr<bus::ExchangePort> its;
    if (id == "port") {
      auto timing = bus::TcpPort::usual_timing();
      timing.turnaround = 300ms;
      its = std::make_unique<bus::TcpPort>("127.0.0.1", static_cast<std::uint16_t>(port), timing);
    } else {
      bus::LineTiming timing;
      timing.turnaround = 300ms;
      its = std::make_unique<bus::RtuPort>(link::SerialSettings{path(), 115200}, timing);
    }
    is_up = false;
    line = std::make_unique<bus::ModbusLine>(executor, std::move(its),
                                             [this](bool up, std::string_view) { is_up = is_up || up; });
    REQUIRE(loop.until([&] { return is_up; }));
    return id == "port" ? 3 : 9;
  }
  boost::json::value get(const std::string& id) {
    const auto result = control->Get(("/sim/" + id).c_str());
    REQUIRE(result);
    return boost::json::parse(result->body);
  }
  void post(const std::string& path_of_it, const std::string& body) {
    const auto result = control->Post(path_of_it.c_str(), body, "application/json");
    REQUIRE(result);
    CHECK(result->status == 200);
  }
  void fault(const std::string& id, const std::string& kind) {
    post("/sim/" + id + "/fault", R"({"kind":")" + kind + "\"}");
  }
  void mend(const std::string& id) {
    CHECK(control->Delete(("/sim/" + id + "/fault").c_str())->status == 200);
  }
};

Verdict verdict_of(BoardHouse& house, Recorder& recorder) {
  std::optional<Reading> out;
  recorder.probe([&](Reading reading) { out = std::move(reading); });
  REQUIRE(house.loop.until([&] { return out.has_value(); }));
  return judge(*out, house.executor.now(), 8s);
}

}  // namespace

TEST_CASE("a relay of a real line or port triggers, and a contact that sticks is seen") {
  for (const std::string id : {"line", "port"}) {
    CAPTURE(id);
    BoardHouse house;
    RelaySettings settings;
    settings.coil.board = {house.open(id)};
    settings.coil.coil = 1;
    settings.coil.contact = 1;
    settings.coil.check_every = 100ms;
    settings.wiring = RelaySettings::Wiring::closing;
    RecorderOptions options;
    options.utc = [&house] { return std::chrono::floor<std::chrono::milliseconds>(house.clock.now()); };
    const auto recorder = make_relay(house.executor, *house.line, settings, options);
    std::optional<Outcome> started;
    recorder->start([&](Outcome outcome, const Session&) { started = std::move(outcome); });
    REQUIRE(house.loop.until([&] { return started.has_value(); }));
    CHECK(started->word == Word::done);
    CHECK(house.get(id).at("contacts").at(1).as_bool());
    CHECK(verdict_of(house, *recorder) == Verdict::triggered);

    house.fault(id, "contact");
    std::optional<Outcome> stopped;
    recorder->stop([&](Outcome outcome) { stopped = std::move(outcome); });
    REQUIRE(house.loop.until([&] { return stopped.has_value(); }));
    CHECK(stopped->word == Word::done);
    CHECK_FALSE(house.get(id).at("relays").at(1).as_bool());
    CHECK(house.get(id).at("contacts").at(1).as_bool());
    house.mend(id);

    started.reset();
    recorder->start([&](Outcome outcome, const Session&) { started = std::move(outcome); });
    REQUIRE(house.loop.until([&] { return started.has_value(); }));
    house.fault(id, "power_cycle");
    CHECK(house.loop.until([&] { return house.get(id).at("contacts").at(1).as_bool(); }));
    house.fault(id, "gone");
    CHECK(house.loop.until([&] { return verdict_of(house, *recorder) == Verdict::unknown; }));
    house.mend(id);
    CHECK(house.loop.until([&] { return verdict_of(house, *recorder) == Verdict::triggered; }));
  }
}

TEST_CASE("a hand at a door or a key comes over the wire") {
  for (const std::string id : {"line", "port"}) {
    CAPTURE(id);
    BoardHouse house;
    InputSettings settings;
    settings.board = {house.open(id)};
    settings.first = 4;
    settings.count = 4;
    settings.poll_every = 20ms;
    settings.steady_for = 20ms;
    std::vector<Inputs::Edge> edges;
    Inputs inputs(
        house.executor, *house.line, settings, [&](const Inputs::Edge& one) { edges.push_back(one); },
        nullptr);
    REQUIRE(house.loop.until([&] { return edges.size() == 4; }));
    CHECK(edges.front().kind == Inputs::Edge::Kind::first);
    house.post("/sim/" + id + "/key", R"({"key":"down:6"})");
    REQUIRE(house.loop.until([&] { return edges.size() == 5; }));
    CHECK(edges.back().input == 2);
    CHECK(edges.back().is_active);
    CHECK(edges.back().kind == Inputs::Edge::Kind::seen);
    house.post("/sim/" + id + "/key", R"({"key":"up:6"})");
    REQUIRE(house.loop.until([&] { return edges.size() == 6; }));
    CHECK_FALSE(edges.back().is_active);
  }
}
