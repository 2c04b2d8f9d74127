#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "drivers/bus/bus.hpp"
#include "drivers/bus/exchange_port.hpp"
#include "drivers/bus/line_timing.hpp"
#include "drivers/link/executor.hpp"
#include "drivers/link/serial_port.hpp"

namespace lobby::bus {

/// A real line on a thread of its own: its scheduler, and a port that blocks (libmodbus on a serial port, or
/// a gateway). The port is opened at once and, after a loss, again by its name, 0.2 … 0.5 s apart (a gateway:
/// 5 s): units are asked again within a second of the adapter's return.
///
/// What the words of a Reply mean here: `timeout` no whole answer in time (the line was then kept silent
/// until a late one had passed), or a gateway's word for that; `corrupt` bad checksum, address, function or
/// length; `refused` a Modbus exception, or an exchange that cannot be put on a wire; `busy` too many wait,
/// or a newer value for the same registers took its place: nothing was sent; `gone` the adapter is away.
class ModbusLine final : public Bus {
 public:
  /// The line is up, and `text` is what people should know of it; or it is down, and why (one short
  /// sentence). On the loop, once per change of either.
  using Health = std::function<void(bool up, std::string_view text)>;

  /// The executor outlives the line.
  ModbusLine(link::Executor& executor, std::unique_ptr<ExchangePort> port, Health health);
  /// On a serial port. Construct it while low descriptor numbers are free: it keeps one.
  ModbusLine(link::Executor& executor, link::SerialSettings port, LineTiming timing, Health health);
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
