#include <doctest/doctest.h>

#include <vector>

#include "daemon/devices/roster.hpp"

using namespace lobby;
using hall::DeviceState;

namespace {

/// One printer p1 in a time that the test moves.
struct OneDevice {
  OneDevice() {
    hall::DeviceView view;
    view.id = {"p1"};
    roster.add(view);
  }
  std::int64_t last_ok() const {
    const auto views = roster.views();
    REQUIRE(views.size() == 1);
    return views[0].last_ok ? views[0].last_ok->utc_ms : -1;
  }
  void tell(DeviceState state, const char* reason = "", bool blocked = false) {
    roster.tell({"p1"}, state, reason, blocked);
  }

  std::int64_t now_ms = 1'000;
  std::vector<hall::ReportDevice> reports;
  devices::Roster roster{[this] {
                           return hall::Instant{now_ms, 480};
                         },
                         [this](const hall::ReportDevice& report) { reports.push_back(report); }};
};

}  // namespace

TEST_CASE("last_ok is the last moment at which a device was ok, whenever it is asked for") {
  OneDevice device;
  CHECK(device.last_ok() == -1);
  device.now_ms = 2'000;
  device.tell(DeviceState::ok);
  CHECK(device.last_ok() == 2'000);
  device.now_ms = 3'600'000;  // an hour in which nobody told anything
  CHECK(device.last_ok() == 3'600'000);
  device.now_ms = 3'700'000;
  device.tell(DeviceState::gone, "unplugged");
  CHECK(device.last_ok() == 3'700'000);
  device.now_ms = 5'000'000;
  CHECK(device.last_ok() == 3'700'000);
  device.tell(DeviceState::degraded, "paper low");
  CHECK(device.last_ok() == 3'700'000);
  device.now_ms = 6'000'000;
  device.tell(DeviceState::ok);
  device.now_ms = 6'000'001;
  CHECK(device.last_ok() == 6'000'001);
}

TEST_CASE("a change of state, of reason or of being blocked is reported once") {
  OneDevice device;
  REQUIRE(device.reports.size() == 1);
  device.tell(DeviceState::degraded, "paper out", true);
  device.tell(DeviceState::degraded, "paper out", true);
  REQUIRE(device.reports.size() == 2);
  CHECK(device.reports[1].blocked);
  device.tell(DeviceState::degraded, "paper out");
  REQUIRE(device.reports.size() == 3);
  CHECK(!device.reports[2].blocked);
}
