#include <doctest/doctest.h>

#include <random>

#include "tests/drivers_window/host.hpp"

namespace unit_tests {

using namespace lobby;
using namespace std::chrono_literals;
using link::Status;
using Cells = std::vector<std::uint16_t>;
using Told = std::vector<std::pair<Status, std::string>>;
using Tags = std::vector<std::uint64_t>;

namespace {

struct Bench {
  fakes::VirtualExecutor executor;
  fakes::VirtualLine line{executor, 5};
  fakes::WindowUnitModel& unit = line.units[3];
};

Cells ascii(std::string_view text) {
  return {text.begin(), text.end()};
}

}  // namespace

TEST_CASE("a living unit is ok, and that is told once") {
  Bench bench;
  window::Host host(bench.line);
  bench.executor.run_for(3min);
  CHECK(host.told == Told{{Status::ok, ""}});
}

TEST_CASE("a face is shown as wanted, and that is said once") {
  Bench bench;
  window::Host host(bench.line);
  host.show("A017", 41, true, true);
  bench.executor.run_for(1s);
  CHECK(bench.unit.text() == ascii("A017"));
  CHECK(bench.unit.blinks());
  CHECK(bench.unit.beeps());
  CHECK(host.shown == Tags{41});
  host.show("A017", 41, true, true);
  bench.executor.run_for(10s);
  CHECK(bench.unit.faces_written == 1);
  host.show("A017", 42, true, true);  // called again: the unit must beep again, so the face is a new one
  bench.executor.run_for(1s);
  CHECK(bench.unit.faces_written == 2);
  host.show("A017", 0);
  bench.executor.run_for(1s);
  CHECK_FALSE(bench.unit.blinks());
  CHECK_FALSE(bench.unit.beeps());
  CHECK(host.shown == Tags{41, 42, 0});
}

TEST_CASE("the newest face wins: what was wanted in between may never be seen") {
  Bench bench;
  window::Host host(bench.line);
  bench.executor.run_for(1s);
  for (int i = 0; i < 50; ++i) {
    host.show("B" + std::to_string(100 + i), static_cast<std::uint64_t>(i + 1));
  }
  bench.executor.run_for(1s);
  CHECK(bench.unit.text() == ascii("B149"));
  CHECK(host.shown.back() == 50);
  CHECK(bench.unit.faces_written <= 2);
}

TEST_CASE("a new face goes before the polls of a full line") {
  Bench bench;
  for (int address = 4; address < 20; ++address) {
    bench.line.units[static_cast<std::uint8_t>(address)];
  }
  std::vector<std::unique_ptr<window::Host>> others;
  for (int address = 4; address < 20; ++address) {
    others.push_back(std::make_unique<window::Host>(bench.line, static_cast<std::uint8_t>(address)));
  }
  window::Host host(bench.line);
  bench.executor.run_for(5s);
  host.show("A001", 1);
  bench.executor.run_for(25ms);  // the exchange on the wire ends, then ours
  CHECK(bench.unit.text() == ascii("A001"));
}

TEST_CASE("after a reset of the unit, and after one of the host, the sign shows the present") {
  Bench bench;
  std::optional<window::Host> host(std::in_place, bench.line);
  host->show("A017", 1);
  bench.executor.run_for(1s);
  bench.unit.reset();
  CHECK(bench.unit.text().empty());
  bench.executor.run_for(1s);
  CHECK(bench.unit.text() == ascii("A017"));
  CHECK(host->shown == Tags{1});
  host.reset();
  host.emplace(bench.line);
  host->show("A018", 2);
  bench.executor.run_for(1s);
  CHECK(bench.unit.text() == ascii("A018"));
  CHECK(host->shown == Tags{2});
}

TEST_CASE("on a bad line every face arrives in the end, and is only then said to be shown") {
  Bench bench;
  bench.line.trouble = {80, 80, 80, 40, 0};
  window::Host host(bench.line);
  std::mt19937 random(9);
  for (std::uint64_t i = 1; i <= 500; ++i) {
    const auto text = std::to_string(1000 + i);
    host.show(text, i);
    while (host.shown.empty() || host.shown.back() != i) {
      bench.executor.run_for(10ms);
      REQUIRE(bench.executor.now().time_since_epoch() < 24h);
    }
    REQUIRE(bench.unit.text() == ascii(text));
    if (random() % 20 == 0) {
      bench.unit.reset();
    }
  }
}

TEST_CASE("a silent unit is told once and asked ever less, and comes back by itself") {
  Bench bench;
  bench.line.units.erase(3);
  window::Host host(bench.line);
  bench.executor.run_for(10s);
  CHECK(host.told == Told{{Status::timeout, "address 3 does not answer"}});
  auto& unit = bench.line.units[3];
  unit.identity[0] = 0;  // it answers now, so its questions can be counted
  unit.asked = 0;
  bench.executor.run_for(10min);
  CHECK(unit.asked <= 121);
  CHECK(unit.asked >= 119);
  CHECK(host.told.size() == 2);
  unit.identity[0] = 0x4C57;
  host.show("A001", 1);
  bench.executor.run_for(6s);
  CHECK(host.told.back() == std::pair{Status::ok, std::string()});
  CHECK(host.shown == Tags{1});
}

TEST_CASE("a stranger at the address is refused by name and shown nothing") {
  const struct {
    std::size_t reg;
    std::uint16_t value;
    const char* reason;
  } strangers[] = {
      {0, 0x1234, "address 3 is no window unit"},
      {1, 2, "address 3 speaks register map version 2, not 1"},
      {2, 9, "address 3 is of the unknown model 9"},
  };
  for (const auto& stranger : strangers) {
    Bench bench;
    bench.unit.identity[stranger.reg] = stranger.value;
    window::Host host(bench.line);
    host.show("A001", 1);
    bench.unit.press(0x10);
    bench.executor.run_for(1min);
    CHECK(host.told == Told{{Status::refused, stranger.reason}});
    CHECK(bench.unit.faces_written == 0);
    CHECK(host.keys.empty());
  }
}

TEST_CASE("a line that goes away is a named fault, and its return is noticed within about a second") {
  Bench bench;
  window::Host host(bench.line);
  host.show("A001", 1);
  bench.executor.run_for(1s);
  bench.line.away = true;
  bench.executor.run_for(10min);
  CHECK(host.told == Told{{Status::ok, ""}, {Status::gone, "its line is away"}});
  host.show("A002", 2);
  bench.line.away = false;
  bench.executor.run_for(1200ms);
  CHECK(host.told.back().first == Status::ok);
  CHECK(bench.unit.text() == ascii("A002"));
}

TEST_CASE("one dead unit does not silence its neighbours") {
  Bench bench;
  window::Host host(bench.line);
  window::Host dead(bench.line, 4);
  bench.executor.run_for(30s);
  CHECK(dead.told == Told{{Status::timeout, "address 4 does not answer"}});
  CHECK(host.told == Told{{Status::ok, ""}});
  const int before = bench.unit.asked;
  bench.executor.run_for(10s);
  CHECK(bench.unit.asked - before > 600);  // of 833 that the line could carry
}

TEST_CASE("a unit that ends leaves nothing behind that runs") {
  Bench bench;
  std::optional<window::Host> host(std::in_place, bench.line);
  bench.executor.run_for(1s);
  host.reset();
  bench.executor.run_for(1s);
  CHECK(bench.executor.idle());
}

}  // namespace unit_tests
