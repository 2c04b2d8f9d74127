#include "daemon/devices/buses.hpp"

#include <doctest/doctest.h>

#include <map>

namespace buses_tests {

using namespace lobby;
using hall::DeviceState;

namespace {

struct SilentBus final : bus::Bus {
  void exchange(bus::Exchange, std::function<void(bus::Reply)>) override {}
  bus::UnitCounts counts(bus::BusAddress) const override { return {}; }
};

}  // namespace

TEST_CASE("a line is absent until its adapter was seen, then ok or gone, with its reason") {
  devices::Roster roster([] { return hall::Instant{1'000, 480}; }, [](const hall::ReportDevice&) {});
  std::map<std::string, devices::Buses::Health> health;
  std::map<std::string, bus::Bus*> made;
  devices::BusConfig first, second;
  first.id = {"line-1"};
  first.port = {"/dev/serial/by-id/usb-a", 19200, devices::SerialPort::Parity::even};
  second.id = {"line-2"};
  second.gateway = devices::TcpAddress{"10.0.0.7", 502};
  devices::Buses buses({first, second}, roster,
                       [&](const devices::BusConfig& config, devices::Buses::Health told) {
                         auto line = std::make_unique<SilentBus>();
                         health[config.id.value] = std::move(told);
                         made[config.id.value] = line.get();
                         return line;
                       });
  CHECK(&buses.find({"line-2"}) == made["line-2"]);
  const auto* view = roster.find({"line-1"});
  REQUIRE(view != nullptr);
  CHECK(view->kind == hall::DeviceKind::bus);
  CHECK(view->detail == "/dev/serial/by-id/usb-a 19200 8E1");
  CHECK(view->state == DeviceState::absent);

  health["line-1"](false, "cannot open: No such file or directory");
  view = roster.find({"line-1"});
  CHECK(view->state == DeviceState::absent);
  CHECK(view->reason == "cannot open: No such file or directory");
  health["line-1"](true, "direction by the kernel");
  view = roster.find({"line-1"});
  CHECK(view->state == DeviceState::ok);
  CHECK(view->reason.empty());
  CHECK(view->driver == "modbus-rtu");
  CHECK(view->detail == "/dev/serial/by-id/usb-a 19200 8E1, direction by the kernel");
  health["line-1"](false, "the far end of the line hung up");
  view = roster.find({"line-1"});
  CHECK(view->state == DeviceState::gone);
  CHECK(roster.find({"line-2"})->state == DeviceState::absent);
  CHECK(roster.find({"line-2"})->driver == "modbus-tcp");
  CHECK(roster.find({"line-2"})->detail == "tcp 10.0.0.7:502");
}

TEST_CASE("what the site says of a line's pace is what is kept") {
  using namespace std::chrono_literals;
  devices::BusConfig config;
  config.port.baud = 9600;
  const auto usual = devices::line_timing(config);
  CHECK(usual.baud == 9600);
  CHECK(usual.turnaround == 50ms);
  CHECK(usual.late == 200ms);
  config.gap_us = 8000;
  config.turnaround_ms = 80;
  config.late_ms = 400;
  const auto own = devices::line_timing(config);
  CHECK(own.gap() == 8ms);
  CHECK(own.turnaround == 80ms);
  CHECK(own.late == 400ms);
  config.gateway = devices::TcpAddress{"10.0.0.7", 502};
  config.turnaround_ms.reset();
  CHECK(devices::line_timing(config).turnaround == 1s);
}

}  // namespace buses_tests
