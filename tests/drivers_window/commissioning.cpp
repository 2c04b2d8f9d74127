#include "drivers/window/commissioning.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <optional>

#include "tests/fakes/virtual_line.hpp"

namespace commissioning_tests {

using namespace lobby;
using namespace std::chrono_literals;
using link::Status;
using Kind = window::FoundUnit::Kind;

namespace {

struct Bench {
  fakes::VirtualExecutor executor;
  fakes::VirtualLine line{executor, 11};

  window::ScanReport scan(std::uint8_t from, std::uint8_t to) {
    std::optional<window::ScanReport> report;
    window::scan(line, from, to, [&](window::ScanReport found) { report = std::move(found); });
    executor.run_for(5min);
    REQUIRE(report);
    return *report;
  }
  std::optional<Status> move(std::uint8_t from, std::uint8_t to) {
    std::optional<Status> result;
    window::move_unit(line, {from}, {to}, [&](Status status) { result = status; });
    executor.run_for(10s);
    return result;
  }
  std::optional<Status> claim(std::uint8_t to) {
    std::optional<Status> result;
    window::claim_address(line, {to}, [&](Status status) { result = status; });
    executor.run_for(10s);
    return result;
  }
};

}  // namespace

TEST_CASE("a scan finds who is there, what he is and how well he is heard") {
  Bench bench;
  bench.line.units[3];
  bench.line.units[31].identity[2] = 2;
  bench.line.units[40].identity[0] = 0x1234;
  const auto report = bench.scan(1, 247);
  CHECK(report.status == Status::ok);
  REQUIRE(report.units.size() == 3);
  CHECK(report.units[0].address == 3);
  CHECK(report.units[0].kind == Kind::window_unit);
  CHECK(report.units[0].firmware == 0x0102);
  CHECK(report.units[0].asked == 20);
  CHECK(report.units[0].answered == 20);
  CHECK(report.units[1].address == 31);
  CHECK(report.units[1].kind == Kind::button_panel);
  CHECK(report.units[2].address == 40);
  CHECK(report.units[2].kind == Kind::other);
}

TEST_CASE("only the addresses that were asked for are asked") {
  Bench bench;
  bench.line.units[3];
  bench.line.units[9];
  CHECK(bench.scan(4, 8).units.empty());
  CHECK(bench.line.units[3].asked == 0);
  CHECK(bench.line.units[9].asked == 0);
}

TEST_CASE("damaged answers are counted and make a double suspected") {
  Bench bench;
  bench.line.units[5];
  bench.line.trouble.corrupt = 500;
  const auto report = bench.scan(5, 5);
  REQUIRE(report.units.size() == 1);
  CHECK(report.units[0].may_be_two());
  CHECK(report.units[0].answered + report.units[0].corrupt == 20);
}

TEST_CASE("a line that is away is said, and a scan of it ends") {
  Bench bench;
  bench.line.away = true;
  CHECK(bench.scan(1, 247).status == Status::gone);
}

TEST_CASE("a unit gets another address, and is looked for there") {
  Bench bench;
  bench.line.units[3];
  CHECK(bench.move(3, 17) == Status::ok);
  CHECK(bench.line.units.contains(17));
  CHECK_FALSE(bench.line.units.contains(3));
}

TEST_CASE("nobody is put where somebody is, and who is not there is not moved") {
  Bench bench;
  bench.line.units[3];
  bench.line.units[17];
  CHECK(bench.move(3, 17) == Status::refused);
  CHECK(bench.line.units.contains(3));
  CHECK(bench.move(50, 51) == Status::timeout);
  bench.line.units[3].features = 0;  // cannot be told
  CHECK(bench.move(3, 60) == Status::refused);
}

TEST_CASE("two units at one address that never garble each other are told by their lives") {
  Bench bench;
  bench.line.units[5];
  bench.line.twins[5].boot_id = 0x1234;
  auto report = bench.scan(5, 5);
  REQUIRE(report.units.size() == 1);
  CHECK(report.units[0].corrupt == 0);
  CHECK(report.units[0].may_be_two());
  CHECK(report.units[0].kind == Kind::window_unit);
  bench.line.twins.clear();
  report = bench.scan(5, 5);
  CHECK_FALSE(report.units.at(0).may_be_two());
}

TEST_CASE("the address that is claimed goes to the unit of which a key is held, and to nobody else") {
  Bench bench;
  bench.line.units[3];
  bench.line.units[247].is_key_held = true;
  CHECK(bench.claim(3) == Status::refused);  // somebody is there
  CHECK(bench.line.units.contains(247));
  CHECK(bench.claim(4) == Status::ok);
  CHECK(bench.line.units.contains(4));
  bench.line.units[4].is_key_held = false;
  CHECK(bench.claim(5) == Status::timeout);  // no key is held
}

TEST_CASE("one answer that is lost does not make an address free") {
  Bench bench;
  bench.line.units[3];
  bench.line.units[247].is_key_held = true;
  bench.line.trouble.reply_lost = 1000;
  std::optional<Status> result;
  window::claim_address(bench.line, {3}, [&](Status status) { result = status; });
  bench.executor.run_for(10ms);  // the question is on its way
  bench.line.trouble.reply_lost = 0;
  bench.executor.run_for(10s);
  CHECK(result == Status::refused);
  CHECK(bench.line.units.contains(247));
}

TEST_CASE("a scan costs no unit its standing, and no third scan waits longer than the first") {
  Bench bench;
  bench.line.units[30];
  for (int i = 0; i < 3; ++i) {
    std::optional<link::MonoTime> done;
    const auto began = bench.executor.now();
    window::scan(bench.line, 1, 60, [&](const window::ScanReport&) { done = bench.executor.now(); });
    while (!done && bench.executor.now() - began < 5min) {
      bench.executor.run_for(10ms);
    }
    REQUIRE(done);
    CHECK(*done - began < 60 * 500ms);
  }
  // Whoever is put at an address that was silent just now is asked at once, though neighbours want the line.
  std::function<void()> poll = [&] {
    bench.line.exchange({{30}, bus::Exchange::Kind::read_input, 0, 4, {}},
                        [&](const bus::Reply&) { poll(); });
  };
  poll();
  poll();
  bench.line.units[7];
  std::optional<link::MonoTime> answered;
  const auto asked = bench.executor.now();
  bench.line.exchange({{7}, bus::Exchange::Kind::read_input, 0, 4, {}}, [&](const bus::Reply& reply) {
    CHECK(reply.status == Status::ok);
    answered = bench.executor.now();
  });
  bench.executor.run_for(5s);
  REQUIRE(answered);
  CHECK(*answered - asked < 500ms);
}

}  // namespace commissioning_tests
