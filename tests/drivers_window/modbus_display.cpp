#include "drivers/window/modbus_display.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/fakes/virtual_line.hpp"

namespace modbus_display_tests {

using namespace lobby;
using namespace std::chrono_literals;
using bus::Exchange;
using link::Status;
using window::DisplayMap;
using Registers = std::vector<std::uint16_t>;

namespace {

DisplayMap map_of(DisplayMap::Form form, int places) {
  DisplayMap map;
  map.form = form;
  map.places = places;
  return map;
}

Registers registers(const DisplayMap& map, const std::string& text) {
  std::size_t lost = 0;
  auto out = window::display_registers(map, text, lost);
  CHECK(lost == 0);
  return out;
}

/// A display of registers at address 1 of a line in virtual time.
struct Bench final : window::ModbusDisplay::Listener {
  explicit Bench(DisplayMap map)
      : line(executor, {}, [this](const Exchange& exchange) { return answer(exchange); }),
        display(executor, line, {1}, map, *this) {}
  void text_shown(std::uint64_t of) override { shown.push_back(of); }
  void display_changed(Status status, std::string_view reason) override {
    told.emplace_back(status, std::string(reason));
  }
  fakes::VirtualWire::Answer answer(const Exchange& exchange) {
    seen.push_back(exchange);
    if (is_off) {
      return {{Status::timeout, {}}, 0ms, std::nullopt};
    }
    if (refuses_all || (refused_register && exchange.start == *refused_register)) {
      return {{Status::refused, {}}, 1ms, std::nullopt};
    }
    bus::Reply reply{Status::ok, {}};
    for (std::size_t i = 0; i < exchange.values.size(); ++i) {
      memory[static_cast<std::uint16_t>(exchange.start + i)] = exchange.values[i];
    }
    for (std::uint16_t i = 0; i < exchange.count; ++i) {
      reply.values.push_back(is_stuck ? 0 : memory[static_cast<std::uint16_t>(exchange.start + i)]);
    }
    return {reply, 1ms, std::nullopt};
  }
  void want(const std::string& text) {
    display.want(text, ++tag);
    executor.run_for(1s);
  }
  std::string digits() {
    std::string out;
    for (std::uint16_t i = 0; i < 6; ++i) {
      out += static_cast<char>(memory[i]);
    }
    return out;
  }

  fakes::VirtualExecutor executor;
  std::map<std::uint16_t, std::uint16_t> memory;
  std::vector<Exchange> seen;
  bool is_off = false, refuses_all = false, is_stuck = false;
  std::optional<std::uint16_t> refused_register;
  std::vector<std::uint64_t> shown;
  std::vector<std::pair<Status, std::string>> told;
  std::uint64_t tag = 0;
  fakes::ScheduledLine line;
  window::ModbusDisplay display;
};

}  // namespace

TEST_CASE("registers hold what the displays' tables say") {
  using Form = DisplayMap::Form;
  CHECK(registers(map_of(Form::digits, 6), "A1023") == Registers{' ', ' ', '1', '0', '2', '3'});
  CHECK(registers(map_of(Form::digits, 3), "1023") == Registers{'0', '2', '3'});
  CHECK(registers(map_of(Form::digits, 3), "") == Registers{' ', ' ', ' '});
  CHECK(registers(map_of(Form::number, 4), "50") == Registers{50});
  CHECK(registers(map_of(Form::number, 4), "") == Registers{0});
  // 70 000 = 1 × 65 536 + 4464; sign and decimals are 0.
  CHECK(registers(map_of(Form::number24, 6), "070000") == Registers{0x0001, 4464});
  CHECK(registers(map_of(Form::text, 8), "请A1") == Registers{0xC7EB, 0x4131, 0x2020, 0x2020});
  CHECK(registers(map_of(Form::text, 5), "请请请") == Registers{0xC7EB, 0xC7EB, 0x2020});
}

TEST_CASE("a text that the display lacks is seen and counted") {
  std::size_t lost = 0;
  CHECK(window::display_registers(map_of(DisplayMap::Form::text, 4), "𠮷1", lost) ==
        Registers{0xA1FE, 0x3120});
  CHECK(lost == 1);
}

TEST_CASE("shown means written and read back") {
  Bench bench(map_of(DisplayMap::Form::digits, 6));
  bench.want("023");
  CHECK(bench.digits() == "   023");
  CHECK(bench.shown == std::vector<std::uint64_t>{1});
  REQUIRE(bench.seen.size() == 2);
  CHECK(bench.seen[0].kind == Exchange::Kind::write);
  CHECK(bench.seen[0].turn == bus::Turn::urgent);
  CHECK(bench.seen[1].kind == Exchange::Kind::read_holding);
  CHECK(bench.seen[1].count == 6);
  CHECK(bench.told == std::vector<std::pair<Status, std::string>>{{Status::ok, ""}});
}

TEST_CASE("a display that knows FC 06 only is written register by register") {
  auto map = map_of(DisplayMap::Form::digits, 3);
  map.one_by_one = true;
  map.is_readable = false;
  Bench bench(map);
  bench.want("023");
  REQUIRE(bench.seen.size() == 3);
  for (std::uint16_t i = 0; i < 3; ++i) {
    CHECK(bench.seen[i].kind == Exchange::Kind::write_one);
    CHECK(bench.seen[i].start == i);
  }
  CHECK(bench.shown == std::vector<std::uint64_t>{1});
}

TEST_CASE("one that lost its power shows the present within a quarter of a minute") {
  for (const bool readable : {true, false}) {
    CAPTURE(readable);
    auto map = map_of(DisplayMap::Form::digits, 6);
    map.is_readable = readable;
    Bench bench(map);
    bench.want("023");
    bench.memory.clear();
    bench.executor.run_for(15s);
    CHECK(bench.digits() == "   023");
  }
}

TEST_CASE("a dead display is named once, is asked ever less, and shows the newest when it is back") {
  Bench bench(map_of(DisplayMap::Form::digits, 6));
  bench.is_off = true;
  bench.want("001");
  bench.executor.run_for(60s);
  CHECK(bench.told == std::vector<std::pair<Status, std::string>>{{Status::timeout, "does not answer"}});
  CHECK(bench.shown.empty());
  CHECK(bench.seen.size() < 25);
  const auto asked = bench.seen.size();
  for (int n = 2; n <= 50; ++n) {
    bench.display.want(std::to_string(n), ++bench.tag);
  }
  bench.executor.run_for(100ms);
  CHECK(bench.seen.size() <= asked + 1);  // calls do not make it asked more
  bench.is_off = false;
  bench.executor.run_for(15s);
  CHECK(bench.digits() == "    50");
  CHECK(bench.shown == std::vector<std::uint64_t>{50});
  CHECK(bench.told.back() == std::pair<Status, std::string>{Status::ok, ""});
}

TEST_CASE("what is overtaken is never called shown") {
  Bench bench(map_of(DisplayMap::Form::digits, 6));
  bench.display.want("1", 1);
  bench.executor.run_for(5ms);
  bench.display.want("2", 2);
  bench.executor.run_for(1s);
  CHECK(bench.shown == std::vector<std::uint64_t>{2});
  CHECK(bench.digits() == "     2");
}

TEST_CASE("a display that reads back something else is not believed") {
  Bench bench(map_of(DisplayMap::Form::digits, 6));
  bench.is_stuck = true;
  bench.want("023");
  bench.executor.run_for(60s);
  CHECK(bench.shown.empty());
  CHECK(bench.told.back() ==
        std::pair<Status, std::string>{Status::refused, "does not show what it is told"});
  CHECK(bench.seen.size() < 30);
  bench.is_stuck = false;
  bench.executor.run_for(15s);
  CHECK(bench.shown == std::vector<std::uint64_t>{1});
  CHECK(bench.told.back().first == Status::ok);
}

TEST_CASE("one that will not be read is believed by its answer to the write") {
  Bench bench(map_of(DisplayMap::Form::number, 4));
  bench.want("7");
  CHECK(bench.shown.size() == 1);
  bench.refuses_all = true;
  bench.want("8");
  CHECK(bench.told.back() ==
        std::pair<Status, std::string>{Status::refused, "does not take what it is to show"});
}

TEST_CASE("brightness is set before anything is shown, and one that will not be set does no harm") {
  auto map = map_of(DisplayMap::Form::digits, 6);
  map.brightness_register = 36;
  map.brightness = 5;
  SUBCASE("taken") {
    Bench bench(map);
    bench.want("023");
    CHECK(bench.memory[36] == 5);
    CHECK(bench.seen[0].start == 36);
    CHECK(bench.shown.size() == 1);
  }
  SUBCASE("refused") {
    Bench bench(map);
    bench.refused_register = 36;
    bench.want("023");
    CHECK(bench.digits() == "   023");
    CHECK(bench.shown.size() == 1);
  }
}

TEST_CASE("a line that is away says so, and the display shows the present when it is back") {
  Bench bench(map_of(DisplayMap::Form::digits, 6));
  bench.want("023");
  bench.line.plug(false);
  bench.want("024");
  CHECK(bench.told.back() == std::pair<Status, std::string>{Status::gone, "is away with its line"});
  bench.executor.run_for(60s);
  bench.line.plug(true);
  bench.executor.run_for(6s);
  CHECK(bench.digits() == "   024");
}

}  // namespace modbus_display_tests
