#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "drivers/bus/bus.hpp"
#include "drivers/bus/line_timing.hpp"
#include "drivers/link/executor.hpp"
#include "drivers/link/serial_port.hpp"

namespace lobby::bus {

/// A real RS-485 line: libmodbus RTU on a thread of its own. The port is opened at once and, after a loss,
/// again by its path, 0.2 … 5 s apart.
///
/// What the words of a Reply mean here: `timeout` no whole answer in time (the line was then kept silent
/// until a late one had passed); `corrupt` bad checksum, address, function or length; `refused` a Modbus
/// exception, or an exchange that cannot be put on a wire; `gone` the adapter is away.
class ModbusLine final : public Bus {
 public:
  /// The line is up, or is down for a reason (one short sentence). On the loop, once per change of either.
  using Health = std::function<void(bool up, std::string_view reason)>;

  /// Construct it while low descriptor numbers are free: it keeps one. The executor outlives the line.
  /// `timing` takes baud and parity from `port`.
  ModbusLine(link::Executor& executor, link::SerialSettings port, LineTiming timing, Health health);
  ModbusLine(link::Executor& executor, link::SerialSettings port, Health health);
  /// Waits for the exchange on the wire, then ends; no callback runs any more. On the loop thread.
  ~ModbusLine() override;
  ModbusLine(const ModbusLine&) = delete;
  ModbusLine& operator=(const ModbusLine&) = delete;

  void exchange(Exchange exchange, std::function<void(Reply)> done) override;
  UnitCounts counts(BusAddress address) const override;
  /// Asks the thread to end without waiting for it: for many lines that end together.
  void begin_stop();

 private:
  struct Thread;
  std::unique_ptr<Thread> thread_;
};

}  // namespace lobby::bus
