#pragma once

#include <functional>
#include <string>

#include "drivers/bus/bus.hpp"
#include "drivers/bus/line_timing.hpp"
#include "drivers/bus/reserved_descriptor.hpp"
#include "drivers/link/serial_port.hpp"

struct _modbus;

namespace lobby::bus {

/// libmodbus on one serial port: keeps the line's silences, and makes sure that a late answer is never taken
/// for another's. Blocks; belongs to one thread.
class ModbusPort {
 public:
  ModbusPort(link::SerialSettings settings, LineTiming timing);
  ~ModbusPort();
  ModbusPort(const ModbusPort&) = delete;
  ModbusPort& operator=(const ModbusPort&) = delete;

  /// Empty: open now. Otherwise why not, a short sentence.
  std::string open();
  void close();
  bool is_open() const { return modbus_ != nullptr; }
  /// Did the far end hang up while nobody spoke?
  bool is_hung_up() const;
  /// At most the exchange's deadline, plus a quarantine after an answer that did not come or was damaged.
  /// After `gone` the port is closed.
  Reply exchange(const Exchange& exchange);
  const std::string& fault() const { return fault_; }  ///< why it is `gone`

 private:
  Reply ask(const Exchange& exchange);
  int tell_all(const Exchange& exchange);
  link::Status status_of(int error);
  void wait_for_silence(link::MonoTime not_before, link::MonoTime not_after);
  bool discard_input(link::Duration wait);

  link::SerialSettings settings_;
  LineTiming timing_;
  ReservedDescriptor reserved_;
  _modbus* modbus_ = nullptr;
  int descriptor_ = -1;
  link::MonoTime last_byte_;
  std::string fault_;
};

}  // namespace lobby::bus
