#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/fakes/floor_units.hpp"
#include "tests/fakes/virtual_line.hpp"

namespace broken_units_tests {

// Sixteen units on one pair of wires, some of them broken each in its own way: what becomes of the
// neighbours' key presses, in virtual time, on the scheduler of the real lines.

using namespace lobby;
using namespace std::chrono_literals;
using fakes::percentile;
using fakes::to_ms;

namespace {

struct Floor {
  Floor(std::uint32_t baud, bool is_broken) : units(timing_of(baud), is_broken), timing(timing_of(baud)) {}
  static bus::LineTiming timing_of(std::uint32_t baud) {
    bus::LineTiming timing;
    timing.baud = baud;
    return timing;
  }
  /// Presses at random units and times; how long each took to its sign, in order of length.
  std::vector<link::Duration> press(int count) {
    std::mt19937 random(20261125);
    loop.run_for(1min);  // until the broken are known
    for (int i = 0; i < count; ++i) {
      loop.run_for(std::chrono::milliseconds(random() % 400));
      units.press(static_cast<std::uint8_t>(1 + random() % fakes::FloorUnits::count), loop.now());
    }
    loop.run_for(1min);
    CHECK(units.taken().size() == units.pressed());
    return units.taken();
  }
  /// Pulled out for a moment; how long a key takes to its sign that is pressed when the adapter is back.
  link::Duration replug() {
    line.plug(false);
    loop.run_for(300ms);
    line.plug(true);
    const auto before = units.taken().size();
    const auto plugged = loop.now();
    REQUIRE(units.press(1, plugged));
    while (units.taken().size() == before && loop.now() - plugged < 1min) {
      loop.run_for(1ms);
    }
    return loop.now() - plugged;
  }

  fakes::VirtualExecutor loop;
  fakes::FloorUnits units;
  bus::LineTiming timing;
  fakes::ScheduledLine line{loop, timing, [this](const bus::Exchange& request) {
                              return units.answer(request, loop.now() + timing.wire(request_bytes(request)));
                            }};
  fakes::FloorWindows windows{loop, line};
};

}  // namespace

TEST_CASE("broken units cost their neighbours less than a third of the way from key to sign") {
  for (const std::uint32_t baud : {9600U, 19200U, 38400U}) {
    CAPTURE(baud);
    Floor healthy(baud, false);
    Floor broken(baud, true);
    const auto good = healthy.press(8'000);
    const auto bad = broken.press(8'000);
    fmt::print("16 units at {} Bd: key to sign p50 {:.0f} p99 {:.0f} max {:.0f} ms\n", baud,
               to_ms(percentile(good, 50)), to_ms(percentile(good, 99)), to_ms(good.back()));
    fmt::print("  four of them broken: p50 {:.0f} p99 {:.0f} max {:.0f} ms = {:.2f} x\n",
               to_ms(percentile(bad, 50)), to_ms(percentile(bad, 99)), to_ms(bad.back()),
               to_ms(percentile(bad, 99)) / to_ms(percentile(good, 99)));
    CHECK(good.size() > 6'000);
    CHECK(bad.size() > 4'000);
    CHECK(to_ms(percentile(bad, 99)) <= 1.3 * to_ms(percentile(good, 99)));
    for (auto* floor : {&healthy, &broken}) {
      CHECK(floor->units.wrong_faces() == 0);
      CHECK(floor->windows.have_their_presses(floor->units));
    }
    for (std::uint8_t address = 1; address <= fakes::FloorUnits::count; ++address) {
      CAPTURE(address);
      const auto counts = broken.line.counts({address});
      CHECK((counts.timeouts + counts.corrupt == 0) == broken.units.is_healthy(address));
      CHECK(counts.asked > 25);  // the broken are still asked, once a minute at least
    }
    CHECK_FALSE(broken.windows.at(9).was_well);  // the late one's answers are nobody's, not even its own
    const auto recovered = broken.replug();
    fmt::print("  replugged: a key does its work again after {:.0f} ms\n", to_ms(recovered));
    CHECK(recovered < 2s);
    CHECK(broken.windows.have_their_presses(broken.units));
    CHECK(broken.units.wrong_faces() == 0);
  }
}

}  // namespace broken_units_tests
