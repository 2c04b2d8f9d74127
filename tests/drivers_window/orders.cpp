#include <doctest/doctest.h>

#include "tests/drivers_window/host.hpp"

namespace orders_tests {

// What units of the whole map do beyond sign text and ring: a press and its answer in one exchange each,
// faces as dots, how to rest, to beep and to show the own address.

using namespace lobby;
using namespace std::chrono_literals;
using link::Status;
using Words = std::vector<std::uint16_t>;

namespace {

struct Bench {
  fakes::VirtualExecutor executor;
  fakes::VirtualLine line{executor, 5};
  fakes::WindowUnitModel& unit = line.units[3];
};

window::WindowUnit::Timing slowly_polled() {
  window::WindowUnit::Timing timing;
  timing.poll = 500ms;
  return timing;
}

}  // namespace

TEST_CASE("from key to sign it is one poll and one exchange, and that acknowledges the press too") {
  Bench bench;
  window::Host host(bench.line, 3, slowly_polled());
  host.show("9", 1);
  host.on_press = [&](std::uint8_t, window::PressId, std::function<void()> take) {
    host.show("A018", 2);  // as the record of the press does, and then
    take();
  };
  bench.executor.run_for(2s);
  bench.unit.press(0x10);
  const int before = bench.unit.asked;
  while (bench.unit.text() != Words{'A', '0', '1', '8'}) {
    bench.executor.run_for(1ms);
  }
  CHECK(bench.unit.asked - before == 2);
  CHECK(bench.unit.acknowledged == 1);
  CHECK(bench.unit.rings_read == 0);
  bench.executor.run_for(100ms);
  CHECK(host.shown == std::vector<std::uint64_t>{1, 2});
  CHECK(bench.unit.asked - before == 2);  // the answer said that it is shown
}

TEST_CASE("two presses between two polls are both given, in order") {
  Bench bench;
  window::Host host(bench.line, 3, slowly_polled());
  bench.executor.run_for(2s);
  bench.unit.press(0x05);
  bench.unit.press(0x10);
  bench.executor.run_for(1s);
  CHECK(host.keys == std::vector<std::uint8_t>{0x05, 0x10});
  CHECK(bench.unit.acknowledged == 2);
}

TEST_CASE("a face is sent as dots to whoever shows dots, as text to others") {
  Bench bench;
  bool shows_dots = true;
  SUBCASE("it shows dots") {}
  SUBCASE("it is of the first map") {
    bench.unit.features = 0;
    shows_dots = false;
  }
  window::Host host(bench.line);
  window::Face face{{'A', '1'}, false, true, Words(64, 0x8001)};
  host.unit.want(face, 7);
  bench.executor.run_for(1s);
  CHECK(host.shown == std::vector<std::uint64_t>{7});
  CHECK(bench.unit.beeps());
  CHECK(bench.unit.dots == (shows_dots ? Words(64, 0x8001) : Words{}));
  CHECK(bench.unit.text() == (shows_dots ? Words{} : Words{'A', '1'}));
}

TEST_CASE("characters that a unit has no glyph for need dots") {
  std::size_t lost = 0;
  CHECK_FALSE(window::needs_dots(window::cells_of("12号暂停", lost)));
  CHECK_FALSE(window::needs_dots(window::cells_of("A023", lost)));
  CHECK(window::needs_dots(window::cells_of("午餐", lost)));
}

TEST_CASE("how it is to rest is told to every unit that comes, and again after its restart") {
  Bench bench;
  window::Host host(bench.line);
  host.unit.want(window::Manners{50, {'1', '2', 0xBAC5}, 40});
  bench.executor.run_for(1s);
  const Words rest{50, 1, '1', '2', 0xBAC5, 0, 0, 0, 0, 0};
  CHECK(bench.unit.rest == rest);
  CHECK(bench.unit.brightness == 40);
  bench.unit.reset();
  bench.executor.run_for(1s);
  CHECK(bench.unit.rest == rest);
  CHECK(bench.unit.brightness == 40);
  host.unit.want(window::Manners{30, {}, 40});
  bench.executor.run_for(1s);
  CHECK(bench.unit.rest == Words{30, 0, 0, 0, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("on a bad line too it is told how to rest") {
  Bench bench;
  bench.line.trouble = {200, 200, 100, 50, 0};
  window::Host host(bench.line);
  host.unit.want(window::Manners{50, {'7'}, 10});
  bench.executor.run_for(1min);
  CHECK(bench.unit.rest == Words{50, 1, '7', 0, 0, 0, 0, 0, 0, 0});
  CHECK(bench.unit.brightness == 10);
}

TEST_CASE("a beep and the own address are for now: who is away does not do it later") {
  Bench bench;
  window::Host host(bench.line);
  bench.executor.run_for(1s);
  host.unit.buzz(150ms);
  host.unit.locate(10s);
  bench.executor.run_for(1s);
  CHECK(bench.unit.beeped == Words{15});
  CHECK(bench.unit.located == Words{10});
  bench.line.away = true;
  bench.executor.run_for(1s);
  host.unit.buzz(150ms);
  host.unit.locate(10s);
  bench.executor.run_for(5s);
  bench.line.away = false;
  bench.executor.run_for(5s);
  CHECK(bench.unit.beeped == Words{15});
  CHECK(bench.unit.located == Words{10});
}

TEST_CASE("a unit of the first map is asked for nothing that it has not") {
  Bench bench;
  bench.unit.features = 0;
  window::Host host(bench.line);
  host.unit.want(window::Manners{50, {'7'}, 10});
  host.unit.buzz(100ms);
  host.unit.locate(5s);
  host.show("A017", 3);
  bench.unit.press(0x10);
  bench.executor.run_for(5s);
  CHECK(host.told == std::vector<std::pair<Status, std::string>>{{Status::ok, ""}});
  CHECK(host.keys == std::vector<std::uint8_t>{0x10});
  CHECK(bench.unit.rest.empty());
}

}  // namespace orders_tests
