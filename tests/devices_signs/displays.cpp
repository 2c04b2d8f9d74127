// Modbus displays as signs of windows: what they confirm is what is reported.
#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <string>

#include "daemon/devices/signs.hpp"
#include "tests/fakes/virtual_line.hpp"

namespace displays_tests {

using namespace lobby;
using namespace std::chrono_literals;
using bus::Exchange;
using hall::DeviceState;
using hall::WindowState;

namespace {

hall::WindowView called(const std::string& number) {
  hall::WindowView view;
  view.id = {"w1"};
  view.number = 1;
  view.state = WindowState::called;
  view.ticket = hall::TicketAtWindow{{1}, number, {"s1"}, hall::Lane::ordinary};
  return view;
}

devices::SignConfig six_digits() {
  devices::SignConfig config;
  config.id = {"d1"};
  config.driver = "dm36";
  window::DisplayMap map;
  map.places = 6;
  config.protocol = map;
  config.digits_only = true;
  config.columns = 6;
  config.window = {"w1"};
  config.line = {"line-1"};
  config.address = 9;
  return config;
}

struct Bench {
  Bench()
      : line(executor, {},
             [this](const Exchange& exchange) {
               bus::Reply reply{is_off ? link::Status::timeout : link::Status::ok, {}};
               for (std::size_t i = 0; i < exchange.values.size() && !is_off; ++i) {
                 memory[exchange.start + i] = exchange.values[i];
               }
               for (std::size_t i = 0; i < exchange.count; ++i) {
                 reply.values.push_back(memory[exchange.start + i]);
               }
               return fakes::VirtualWire::Answer{reply, 1ms, std::nullopt};
             }),
        lines(
            executor, {}, [](const auto&) -> std::unique_ptr<link::ByteLink> { std::abort(); }, roster),
        signs(
            executor, {six_digits()}, lines, [this](const hall::DeviceId&) -> bus::Bus& { return line; },
            roster,
            [this](const hall::WindowId&, std::uint64_t call, const hall::DeviceId& device) {
              CHECK(device.value == "d1");
              shown.push_back(call);
            }) {}
  void want(const hall::WindowView& view, std::uint64_t call) {
    signs.want(view, call);
    executor.run_for(1s);
  }
  std::string text() {
    std::string out;
    for (std::size_t i = 0; i < 6; ++i) {
      out += static_cast<char>(memory[i]);
    }
    return out;
  }
  const hall::DeviceView& device() const { return *roster.find({"d1"}); }

  fakes::VirtualExecutor executor;
  std::map<std::size_t, std::uint16_t> memory;
  bool is_off = false;
  std::vector<std::uint64_t> shown;
  devices::Roster roster{[] { return hall::Instant{1'000, 480}; }, [](const hall::ReportDevice&) {}};
  fakes::ScheduledLine line;
  devices::DialectLines lines;
  devices::Signs signs;
};

}  // namespace

TEST_CASE("a call is reported when the display has confirmed it, and each call once") {
  Bench bench;
  bench.want(called("A023"), 41);
  CHECK(bench.text() == "   023");
  CHECK(bench.shown == std::vector<std::uint64_t>{41});
  CHECK(bench.device().state == DeviceState::ok);
  CHECK(bench.device().detail.find("shown 023") != std::string::npos);
  bench.want(called("A023"), 45);  // called again: it stands there already
  CHECK(bench.shown == std::vector<std::uint64_t>{41, 45});
  bench.executor.run_for(60s);
  CHECK(bench.shown.size() == 2);
}

TEST_CASE("a display of digits says no words") {
  Bench bench;
  bench.want(called("A023"), 41);
  bench.signs.say({"w1"}, "无人等候");
  bench.executor.run_for(1s);
  CHECK(bench.text() == "   023");
}

TEST_CASE("a dead display claims nothing, and reports the call that it shows when it is back") {
  Bench bench;
  bench.is_off = true;
  bench.want(called("A023"), 41);
  bench.executor.run_for(20s);
  CHECK(bench.shown.empty());
  CHECK(bench.device().state == DeviceState::absent);
  CHECK(bench.device().detail.find("to be shown 023") != std::string::npos);
  bench.want(called("A024"), 47);
  bench.is_off = false;
  bench.executor.run_for(15s);
  CHECK(bench.shown == std::vector<std::uint64_t>{47});
  CHECK(bench.device().state == DeviceState::ok);
  bench.is_off = true;
  bench.executor.run_for(60s);
  CHECK(bench.device().state == DeviceState::gone);
}

TEST_CASE("at the end it goes dark, and nobody waits for one that is dead") {
  Bench bench;
  bench.want(called("A023"), 41);
  int settled = 0;
  SUBCASE("alive") {
    bench.signs.want_closing({called("A023")});
    bench.signs.when_settled(5s, [&] { ++settled; });
    bench.executor.run_for(1s);
    CHECK(settled == 1);
    CHECK(bench.text() == "      ");
  }
  SUBCASE("dead") {
    bench.is_off = true;
    bench.executor.run_for(60s);
    bench.signs.want_closing({called("A023")});
    bench.signs.when_settled(5s, [&] { ++settled; });
    bench.executor.drain();
    CHECK(settled == 1);
  }
}

}  // namespace displays_tests
