#include <doctest/doctest.h>

#include <optional>

#include "drivers/bus/modbus_line.hpp"
#include "drivers/bus/rtu_port.hpp"
#include "drivers/bus/tcp_port.hpp"
#include "drivers/link/asio_executor.hpp"
#include "tests/fakes/loop.hpp"
#include "tests/support/process.hpp"

namespace pymodbus_tests {

// Our lines against a slave that we have not written: python3-pymodbus, on a pty and behind a TCP port.

using namespace lobby;
using namespace std::chrono_literals;
using bus::Exchange;
using bus::Reply;
using link::Status;
using Kind = Exchange::Kind;
using Words = std::vector<std::uint16_t>;

namespace {

struct Bench {
  Bench() { start({"rtu", folder.path() + "/line"}); }
  explicit Bench(const char* kind) { start({kind}); }

  void start(const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"/usr/bin/python3", LOBBY_SOURCE_DIR "/tests/drivers_bus/pymodbus_slave.py"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    slave.emplace(all);
    const auto ready = slave->line(30s);
    REQUIRE(ready);
    REQUIRE(ready->starts_with("ready "));
    const auto place = ready->substr(6);
    std::unique_ptr<bus::ExchangePort> port;
    if (arguments.front() == "tcp") {
      const auto number = static_cast<std::uint16_t>(std::stoi(place));
      port = std::make_unique<bus::TcpPort>("localhost", number, bus::TcpPort::usual_timing());
    } else {
      bus::LineTiming timing;
      timing.turnaround = 500ms;  // an interpreter on a busy machine
      port = std::make_unique<bus::RtuPort>(link::SerialSettings{place, 19200}, timing);
    }
    line.emplace(executor, std::move(port), bus::ModbusLine::Health());
  }
  Reply ask(std::uint8_t unit, Kind kind, std::uint16_t start, std::uint16_t count, Words values = {},
            std::uint16_t write_start = 0) {
    std::optional<Reply> answer;
    line->exchange({{unit}, kind, start, count, std::move(values), bus::Turn::normal, write_start},
                   [&](Reply reply) { answer = std::move(reply); });
    REQUIRE(loop.until([&] { return answer.has_value(); }));
    return *answer;
  }
  void talk();
  void talk_bits();

  tests::TemporaryFolder folder;
  std::optional<tests::Process> slave;
  fakes::Loop loop;
  link::AsioExecutor executor{loop.io};
  std::optional<bus::ModbusLine> line;
};

void Bench::talk() {
  CHECK(ask(3, Kind::read_holding, 0x6B, 3).values == Words{0x6B, 0x6C, 0x6D});
  CHECK(ask(7, Kind::read_input, 5, 2).values == Words{1005, 1006});
  CHECK(ask(3, Kind::read_holding, 100, 125).values.back() == 224);
  CHECK(ask(3, Kind::write, 10, 0, {7, 0xFFFE, 9}).status == Status::ok);
  CHECK(ask(3, Kind::read_holding, 9, 5).values == Words{9, 7, 0xFFFE, 9, 13});
  CHECK(ask(7, Kind::read_holding, 10, 1).values == Words{10});
  CHECK(ask(7, Kind::write_one, 20, 0, {0xABCD}).status == Status::ok);
  // It writes before it reads.
  CHECK(ask(7, Kind::read_write, 19, 4, {0x1111, 0x2222}, 21).values == Words{19, 0xABCD, 0x1111, 0x2222});
  CHECK(ask(3, Kind::write, 500, 0, Words(123, 5)).status == Status::ok);
  CHECK(ask(3, Kind::broadcast, 30, 0, {77}).status == Status::ok);
  CHECK(ask(3, Kind::read_holding, 30, 1).values == Words{77});
  CHECK(ask(7, Kind::read_holding, 30, 1).values == Words{77});
  CHECK(ask(3, Kind::read_holding, 5000, 1).status == Status::refused);
  CHECK(ask(3, Kind::read_holding, 1, 1).values == Words{1});
  talk_bits();
}

/// Coils are off at first; every third input is on.
void Bench::talk_bits() {
  CHECK(ask(3, Kind::read_discrete, 0, 10).values == Words{1, 0, 0, 1, 0, 0, 1, 0, 0, 1});
  CHECK(ask(7, Kind::read_discrete, 2, 2000).values.size() == 2000);
  CHECK(ask(3, Kind::read_coils, 4, 3).values == Words{0, 0, 0});
  CHECK(ask(3, Kind::write_coil, 5, 0, {Exchange::coil_on}).status == Status::ok);
  CHECK(ask(3, Kind::read_coils, 4, 3).values == Words{0, 1, 0});
  CHECK(ask(7, Kind::read_coils, 4, 3).values == Words{0, 0, 0});
  CHECK(ask(3, Kind::write_coils, 3, 0, {1, 1, 0, 1, 0, 0, 1, 1, 1}).status == Status::ok);
  CHECK(ask(3, Kind::read_coils, 2, 11).values == Words{0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0});
  CHECK(ask(3, Kind::write_coil, 3, 0, {Exchange::coil_off}).status == Status::ok);
  CHECK(ask(3, Kind::read_coils, 3, 1).values == Words{0});
  CHECK(ask(3, Kind::write_coils, 100, 0, Words(1968, 1)).status == Status::ok);
  CHECK(ask(3, Kind::read_coils, 99, 2000).values.at(1968) == 1);
  CHECK(ask(3, Kind::read_coils, 5000, 1).status == Status::refused);
  // No word for a coil that the standard has.
  CHECK(ask(3, Kind::write_coil, 5, 0, {7}).status != Status::ok);
  CHECK(ask(3, Kind::read_coils, 5, 1).values == Words{0});
}

}  // namespace

TEST_CASE("an independent slave on a serial line understands every kind of exchange, and we its answers") {
  Bench bench;
  bench.talk();
  const auto counts = bench.line->counts({3});
  // The one that the slave takes for another coil's word is answered by nothing that we asked for.
  CHECK(counts.asked == counts.answered + counts.corrupt);
  CHECK(counts.corrupt <= 1);
  CHECK(counts.refused == 2);
  // A unit that is not there says nothing, and its neighbour is none the worse for it.
  CHECK(bench.ask(9, Kind::read_holding, 1, 1).status == Status::timeout);
  CHECK(bench.ask(3, Kind::read_holding, 2, 1).values == Words{2});
}

TEST_CASE("an independent slave behind a TCP port does, too") {
  Bench bench("tcp");
  bench.talk();
}

}  // namespace pymodbus_tests
