#include "daemon/devices/panels.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/virtual_line.hpp"

namespace panels_tests {

using namespace lobby;
using namespace std::chrono_literals;
using hall::DeviceState;

namespace {

/// A panel at address 31 of a line.
struct Bench {
  Bench() {
    line.units[31].identity[2] = 2;  // model: button panel
    line.units[31].features = 0x00F3;
    panels.emplace(
        executor, std::vector<devices::PanelConfig>{{{"panel-1"}, "lobby_panel", {"line-1"}, 31, {"k1"}}},
        [this](const hall::DeviceId&) -> bus::Bus& { return line; },
        [](const hall::DeviceId&) { return std::nullopt; }, roster,
        [this](const hall::DeviceId& id, unsigned button, hall::KeyPress, std::function<void()> take) {
          pressed.emplace_back(id.value, button);
          take();
        });
    executor.run_for(1s);
  }
  fakes::WindowUnitModel& unit() { return line.units[31]; }

  fakes::VirtualExecutor executor;
  fakes::VirtualLine line{executor, 3};
  devices::Roster roster{[] { return hall::Instant{1'000, 480}; }, [](const hall::ReportDevice&) {}};
  std::vector<std::pair<std::string, unsigned>> pressed;
  std::optional<devices::Panels> panels;
};

}  // namespace

TEST_CASE("buttons arrive once, in order, over a bad line") {
  Bench bench;
  bench.line.trouble = {50, 50, 50, 50, 0};
  std::vector<std::pair<std::string, unsigned>> made;
  for (unsigned i = 0; i < 500; ++i) {
    const auto button = static_cast<std::uint8_t>(1 + i * 7 % 8);
    bench.unit().press(button);
    made.emplace_back("panel-1", button);
    bench.executor.run_for(400ms);
  }
  bench.executor.run_for(1min);
  CHECK(bench.pressed == made);
  CHECK(bench.unit().acknowledged == 500);
}

TEST_CASE("lamps are as wanted, again after a restart and a lost line, and out at the end") {
  Bench bench;
  bench.panels->want({"panel-1"}, {0x05, 0x04});
  bench.executor.run_for(1s);
  CHECK(bench.unit().lamps == std::vector<std::uint16_t>{0x05, 0x04});
  bench.unit().reset();
  bench.executor.run_for(1s);
  CHECK(bench.unit().lamps == std::vector<std::uint16_t>{0x05, 0x04});
  bench.line.away = true;
  bench.panels->want({"panel-1"}, {0x01, 0});
  bench.executor.run_for(5s);
  bench.line.away = false;
  bench.executor.run_for(3s);
  CHECK(bench.unit().lamps == std::vector<std::uint16_t>{0x01, 0});
  bench.panels->want_dark();
  bench.panels->want({"panel-1"}, {0xFF, 0});
  bench.executor.run_for(1s);
  CHECK(bench.unit().lamps == std::vector<std::uint16_t>{0, 0});
}

TEST_CASE("a window unit in the place of a panel is named and not used") {
  Bench bench;
  bench.unit().identity[2] = 1;
  bench.line.away = true;
  bench.executor.run_for(2s);
  bench.line.away = false;
  bench.executor.run_for(3s);
  const auto* view = bench.roster.find({"panel-1"});
  REQUIRE(view != nullptr);
  CHECK(view->state == DeviceState::degraded);
  CHECK(view->reason == "address 31 is a window unit, not a button panel");
  bench.unit().press(1);
  bench.executor.run_for(10s);
  CHECK(bench.pressed.empty());
}

}  // namespace panels_tests
