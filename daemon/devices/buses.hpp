#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "daemon/devices/config.hpp"
#include "daemon/devices/roster.hpp"
#include "drivers/bus/bus.hpp"
#include "drivers/bus/line_timing.hpp"
#include "drivers/link/executor.hpp"
#include "drivers/link/serial_port.hpp"

namespace lobby::devices {

link::SerialSettings link_settings(const SerialPort& port);
/// How long things take on this line, as the site has it.
bus::LineTiming line_timing(const BusConfig& config);

/// The site's RS-485 lines, on a serial port or behind a gateway. Each is a device of kind bus: absent until
/// its adapter was seen, gone when lost. Destroyed after everything that speaks on them.
class Buses {
 public:
  using Health = std::function<void(bool up, std::string_view text)>;
  /// Makes one line, which tells its health on the loop (ModbusLine::Health); in tests a fake.
  using MakeLine = std::function<std::unique_ptr<bus::Bus>(const BusConfig&, Health)>;

  /// Real lines, each on a thread of its own.
  Buses(link::Executor& executor, const std::vector<BusConfig>& configs, Roster& roster);
  Buses(const std::vector<BusConfig>& configs, Roster& roster, const MakeLine& make_line);
  ~Buses();
  Buses(const Buses&) = delete;
  Buses& operator=(const Buses&) = delete;

  /// The line with this id; the site check made sure that there is one.
  bus::Bus& find(const hall::DeviceId& id);

 private:
  struct Line;
  std::vector<std::unique_ptr<Line>> lines_;
};

}  // namespace lobby::devices
