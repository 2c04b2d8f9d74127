#include "daemon/devices/buses.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "drivers/bus/modbus_line.hpp"

namespace lobby::devices {

link::SerialSettings link_settings(const SerialPort& port) {
  return {port.path, port.baud, link_parity(port.parity)};
}

struct Buses::Line {
  Line(const BusConfig& config, Roster& list, const MakeLine& make_line) : id(config.id), roster(list) {
    hall::DeviceView view;
    view.id = id;
    view.kind = hall::DeviceKind::bus;
    view.driver = "modbus-rtu";
    view.detail = link::to_text(link_settings(config.port));
    roster.add(std::move(view));
    bus = make_line(config, [this](bool up, std::string_view reason) { on_health(up, reason); });
  }

  void on_health(bool up, std::string_view reason) {
    if (up) {
      was_up = true;
      roster.tell(id, hall::DeviceState::ok, "");
    } else {
      roster.tell(id, was_up ? hall::DeviceState::gone : hall::DeviceState::absent, reason);
    }
  }

  hall::DeviceId id;
  Roster& roster;
  bool was_up = false;
  std::unique_ptr<bus::Bus> bus;
};

Buses::Buses(link::Executor& executor, const std::vector<BusConfig>& configs, Roster& roster)
    : Buses(configs, roster, [&executor](const BusConfig& config, Health health) {
        return std::make_unique<bus::ModbusLine>(executor, link_settings(config.port), bus::LineTiming{},
                                                 std::move(health));
      }) {}

Buses::Buses(const std::vector<BusConfig>& configs, Roster& roster, const MakeLine& make_line) {
  for (const BusConfig& config : configs) {
    lines_.push_back(std::make_unique<Line>(config, roster, make_line));
  }
}

Buses::~Buses() {
  // All at once: each may still have to wait for the exchange on its wire.
  for (const auto& line : lines_) {
    if (auto* real = dynamic_cast<bus::ModbusLine*>(line->bus.get())) {
      real->begin_stop();
    }
  }
}

bus::Bus& Buses::find(const hall::DeviceId& id) {
  const auto line =
      std::find_if(lines_.begin(), lines_.end(), [&](const auto& candidate) { return candidate->id == id; });
  assert(line != lines_.end());
  return *(*line)->bus;
}

}  // namespace lobby::devices
