#include "daemon/devices/buses.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "drivers/bus/modbus_line.hpp"
#include "drivers/bus/rtu_port.hpp"
#include "drivers/bus/tcp_port.hpp"

namespace lobby::devices {

link::SerialSettings link_settings(const SerialPort& port) {
  return {port.path, port.baud, link_parity(port.parity)};
}

bus::LineTiming line_timing(const BusConfig& config) {
  bus::LineTiming timing;
  if (config.gateway) {
    timing = bus::TcpPort::usual_timing();
  } else {
    timing.baud = config.port.baud;
    timing.parity = link_parity(config.port.parity);
  }
  timing.own_gap = std::chrono::microseconds(config.gap_us.value_or(0));
  if (config.turnaround_ms) {
    timing.turnaround = std::chrono::milliseconds(*config.turnaround_ms);
  }
  if (config.late_ms) {
    timing.late = std::chrono::milliseconds(*config.late_ms);
  }
  return timing;
}

namespace {

std::unique_ptr<bus::ExchangePort> make_port(const BusConfig& config) {
  const auto timing = line_timing(config);
  if (config.gateway) {
    return std::make_unique<bus::TcpPort>(config.gateway->host, config.gateway->port, timing);
  }
  const auto direction = config.adapter_turns ? bus::Direction::adapter : bus::Direction::automatic;
  return std::make_unique<bus::RtuPort>(link_settings(config.port), timing, direction);
}

std::string place_of(const BusConfig& config) {
  if (!config.gateway) {
    return link::to_text(link_settings(config.port));
  }
  const bool is_v6 = config.gateway->host.find(':') != std::string::npos;
  return "tcp " + (is_v6 ? "[" + config.gateway->host + "]" : config.gateway->host) + ":" +
         std::to_string(config.gateway->port);
}

}  // namespace

struct Buses::Line {
  Line(const BusConfig& config, Roster& list, const MakeLine& make_line)
      : id(config.id), place(place_of(config)), roster(list) {
    hall::DeviceView view;
    view.id = id;
    view.kind = hall::DeviceKind::bus;
    view.driver = config.gateway ? "modbus-tcp" : "modbus-rtu";
    view.detail = place;
    roster.add(std::move(view));
    bus = make_line(config, [this](bool up, std::string_view text) { on_health(up, text); });
  }

  void on_health(bool up, std::string_view text) {
    if (up) {
      was_up = true;
      roster.detail(id, text.empty() ? place : place + ", " + std::string(text));
      roster.tell(id, hall::DeviceState::ok, "");
    } else {
      roster.tell(id, was_up ? hall::DeviceState::gone : hall::DeviceState::absent, text);
    }
  }

  hall::DeviceId id;
  std::string place;
  Roster& roster;
  bool was_up = false;
  std::unique_ptr<bus::Bus> bus;
};

Buses::Buses(link::Executor& executor, const std::vector<BusConfig>& configs, Roster& roster)
    : Buses(configs, roster, [&executor](const BusConfig& config, Health health) {
        return std::make_unique<bus::ModbusLine>(executor, make_port(config), std::move(health));
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
