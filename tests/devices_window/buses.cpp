#include "daemon/devices/buses.hpp"

#include <doctest/doctest.h>

#include <map>

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
  devices::BusConfig first{{"line-1"}, {"/dev/serial/by-id/usb-a", 19200, devices::SerialPort::Parity::even}};
  devices::BusConfig second{{"line-2"}, {"/dev/serial/by-id/usb-b", 9600, devices::SerialPort::Parity::none}};
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
  health["line-1"](true, "");
  view = roster.find({"line-1"});
  CHECK(view->state == DeviceState::ok);
  CHECK(view->reason.empty());
  health["line-1"](false, "the far end of the line hung up");
  view = roster.find({"line-1"});
  CHECK(view->state == DeviceState::gone);
  CHECK(roster.find({"line-2"})->state == DeviceState::absent);
}
