#include <doctest/doctest.h>

#include "tests/drivers_window/host.hpp"

namespace faults_tests {

// Units that answer and are broken in a part: the other parts and the neighbours go on.

using namespace lobby;
using namespace std::chrono_literals;
using link::Status;
using Cells = std::vector<std::uint16_t>;
using Keys = std::vector<std::uint8_t>;
using Told = std::vector<std::pair<Status, std::string>>;

namespace {

constexpr std::array<std::uint16_t, 8> zeros{};

struct Bench {
  fakes::VirtualExecutor executor;
  fakes::VirtualLine line{executor, 11};
  fakes::WindowUnitModel& unit = line.units[3];
};

Cells ascii(std::string_view text) {
  return {text.begin(), text.end()};
}

}  // namespace

TEST_CASE("a ring that does not fit the counter is a named fault, is read ever less, and heals by itself") {
  Bench bench;
  window::Host host(bench.line);
  bench.executor.run_for(1s);
  bench.unit.odd_ring = zeros;
  for (int i = 0; i < 5; ++i) {
    bench.unit.press(0x10);
  }
  bench.executor.run_for(1min);
  const auto why =
      "address 3: key presses cannot be read: it keeps a list of them that does not fit its counter";
  CHECK(host.told == Told{{Status::ok, ""}, {Status::ok, why}});
  CHECK(host.keys.empty());
  bench.unit.rings_read = 0;
  bench.executor.run_for(1min);
  CHECK(bench.unit.rings_read >= 11);
  CHECK(bench.unit.rings_read <= 13);
  host.show("A017", 1);  // the sign knows nothing of it
  bench.executor.run_for(1s);
  CHECK(bench.unit.text() == ascii("A017"));
  bench.unit.odd_ring.reset();
  bench.executor.run_for(6s);
  CHECK_FALSE(host.keys.empty());
  CHECK(bench.unit.acknowledged == 5);
  bench.executor.run_for(2min);
  CHECK(host.told.back() == std::pair{Status::ok, std::string()});
}

TEST_CASE("several units with odd rings do not silence the keypads of their line") {
  Bench bench;
  std::vector<std::unique_ptr<window::Host>> odd;
  for (std::uint8_t address = 10; address < 14; ++address) {
    auto& unit = bench.line.units[address];
    unit.odd_ring = zeros;
    odd.push_back(std::make_unique<window::Host>(bench.line, address));
  }
  window::Host host(bench.line);
  bench.executor.run_for(1s);
  for (std::uint8_t address = 10; address < 14; ++address) {
    bench.line.units[address].press(0x10);
  }
  for (int i = 0; i < 100; ++i) {
    bench.unit.press(0x12);
    bench.executor.run_for(300ms);
    REQUIRE(host.keys.size() == static_cast<std::size_t>(i) + 1);
  }
  CHECK(host.told == Told{{Status::ok, ""}});
}

TEST_CASE("units that press without end do not silence the keypads of their line") {
  Bench bench;
  std::vector<std::unique_ptr<window::Host>> busy;
  for (std::uint8_t address = 10; address < 14; ++address) {
    busy.push_back(std::make_unique<window::Host>(bench.line, address));
    bench.line.units[address];
  }
  window::Host host(bench.line);
  std::function<void()> chatter = [&] {
    for (std::uint8_t address = 10; address < 14; ++address) {
      bench.line.units[address].press(0x01);
    }
    bench.executor.after(5ms, chatter);
  };
  chatter();
  bench.executor.run_for(1s);
  for (int i = 0; i < 50; ++i) {
    bench.unit.press(0x12);
    bench.executor.run_for(600ms);
    REQUIRE(host.keys.size() == static_cast<std::size_t>(i) + 1);
  }
}

TEST_CASE("a ring that is refused, or not answered, is a fault of the keys and not of the unit") {
  Bench bench;
  bench.unit.features = 0;  // others tell a single press without their ring
  window::Host host(bench.line);
  host.show("A017", 1);
  bench.executor.run_for(1s);
  SUBCASE("refused") {
    bench.unit.ring_answer = Status::refused;
  }
  SUBCASE("not answered") {
    bench.unit.ring_answer = Status::timeout;
  }
  bench.unit.press(0x10);
  bench.executor.run_for(1min);
  REQUIRE(host.told.size() == 2);
  CHECK(host.told.back().first == Status::ok);
  CHECK(host.told.back().second.starts_with("address 3: key presses cannot be read: it "));
  host.show("A018", 2);
  bench.executor.run_for(1s);
  CHECK(bench.unit.text() == ascii("A018"));
  bench.unit.ring_answer = Status::ok;
  bench.executor.run_for(6s);
  CHECK(host.keys == Keys{0x10});
}

TEST_CASE(
    "a unit whose sign cannot be written keeps its keypad, is named, and shows the present when it can") {
  Bench bench;
  window::Host host(bench.line);
  bench.executor.run_for(1s);
  std::string why;
  SUBCASE("refused") {
    bench.unit.face_answer = Status::refused;
    why = "address 3: the sign cannot be written: it refuses a request of the register map";
  }
  SUBCASE("not answered") {
    bench.unit.face_answer = Status::timeout;
    why = "address 3: the sign cannot be written: it does not answer";
  }
  host.show("A001", 1);
  bench.executor.run_for(5s);
  CHECK(host.told == Told{{Status::ok, ""}, {Status::refused, why}});
  Keys pressed;
  for (int i = 0; i < 100; ++i) {
    pressed.push_back(static_cast<std::uint8_t>(i % 10));
    bench.unit.press(pressed.back());
    host.show("B" + std::to_string(i), static_cast<std::uint64_t>(i) + 2);
    bench.executor.run_for(500ms);
    REQUIRE(host.keys == pressed);
    REQUIRE(bench.unit.acknowledged == pressed.size());
  }
  CHECK(host.told.size() == 2);
  bench.unit.faces_tried = 0;
  bench.executor.run_for(1min);
  CHECK(bench.unit.faces_tried <= 13);
  bench.unit.face_answer = Status::ok;
  bench.executor.run_for(6s);
  CHECK(bench.unit.text() == ascii("B99"));
  CHECK(host.shown == std::vector<std::uint64_t>{101});
  CHECK(host.told.back() == std::pair{Status::ok, std::string()});
}

TEST_CASE("a unit that cannot be told what was taken goes on giving keys, each once, and is named") {
  Bench bench;
  window::Host host(bench.line);
  bench.executor.run_for(1s);
  bench.unit.ack_answer = Status::refused;
  Keys pressed;
  for (int i = 0; i < 20; ++i) {
    pressed.push_back(static_cast<std::uint8_t>(i % 10));
    bench.unit.press(pressed.back());
    bench.executor.run_for(2s);
  }
  CHECK(host.keys == pressed);
  CHECK(
      host.told.back() ==
      std::pair{Status::ok, std::string("address 3: key presses cannot be acknowledged: it refuses a request "
                                        "of the register map")});
  bench.unit.ack_answer = Status::ok;
  bench.executor.run_for(6s);
  CHECK(bench.unit.acknowledged == 20);
  CHECK(host.told.back() == std::pair{Status::ok, std::string()});
}

TEST_CASE("a unit that speaks of another restart in every answer is named and asked no more than others") {
  Bench bench;
  window::Host other(bench.line, 4);
  bench.line.units[4];
  window::Host host(bench.line);
  bench.executor.run_for(1s);
  bench.unit.boot_id_changes = true;
  bench.executor.run_for(10s);
  CHECK(host.told.back() ==
        std::pair{
            Status::ok,
            std::string("address 3: key presses cannot be read: every answer speaks of another restart")});
  CHECK(other.told == Told{{Status::ok, ""}});
  bench.unit.boot_id_changes = false;
  bench.executor.run_for(2min);
  CHECK(host.told.back() == std::pair{Status::ok, std::string()});
}

TEST_CASE("a unit that dies with a press unread and a face unshown is named soon, among living neighbours") {
  Bench bench;
  window::Host host(bench.line);
  std::vector<std::unique_ptr<window::Host>> neighbours;
  for (std::uint8_t address = 10; address < 12; ++address) {
    bench.line.units[address];
    neighbours.push_back(std::make_unique<window::Host>(bench.line, address));
  }
  std::function<void()> take;
  host.on_press = [&](std::uint8_t, window::PressId, std::function<void()> taken) {
    take = std::move(taken);
  };
  bench.executor.run_for(1s);
  bench.unit.press(0x10);
  bench.executor.run_for(1s);
  REQUIRE(take);
  bench.unit.reset();
  for (int i = 0; i < 5; ++i) {
    bench.unit.press(0x10);
  }
  bench.executor.run_for(30ms);
  host.show("A017", 1);
  take();
  const auto body = bench.line.units.extract(3);
  bench.executor.run_for(10s);
  REQUIRE_FALSE(host.told.empty());
  CHECK(host.told.back() == std::pair{Status::timeout, std::string("address 3 does not answer")});
}

TEST_CASE("a unit that babbles and is silent by turns is one fault, one that changes for good is told anew") {
  fakes::VirtualExecutor executor;
  fakes::VirtualLine line(executor, 11);
  line.units[3];
  window::Host host(line);
  executor.run_for(1s);
  host.told.clear();
  line.trouble.corrupt = 500;
  line.trouble.reply_lost = 500;
  executor.run_for(10min);
  CHECK(host.told.size() <= 2);
  line.trouble = {};
  line.trouble.reply_lost = 1000;
  executor.run_for(5min);
  CHECK(host.told.back().first == Status::timeout);
}

}  // namespace faults_tests
