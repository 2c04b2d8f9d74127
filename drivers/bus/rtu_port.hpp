#pragma once

#include <memory>
#include <span>
#include <string>

#include "drivers/bus/exchange_port.hpp"
#include "drivers/bus/reserved_descriptor.hpp"
#include "drivers/bus/rs485_direction.hpp"
#include "drivers/link/serial_port.hpp"

struct _modbus;

namespace lobby::bus {

/// libmodbus on one serial port.
class RtuPort final : public ExchangePort {
 public:
  /// Construct it while low descriptor numbers are free: it keeps one. `timing` takes baud and parity from
  /// `settings`.
  RtuPort(link::SerialSettings settings, LineTiming timing, Direction direction = Direction::automatic);
  ~RtuPort() override;
  RtuPort(const RtuPort&) = delete;
  RtuPort& operator=(const RtuPort&) = delete;

  const LineTiming& timing() const override { return timing_; }
  std::string open(const std::stop_token& stop) override;
  void close() override;
  bool is_open() const override { return modbus_ != nullptr; }
  bool is_hung_up() const override;
  Heard exchange(const Exchange& exchange, link::Duration late) override;
  const std::string& fault() const override { return fault_; }
  std::string about() const override { return about_; }

 private:
  void ask(const Exchange& exchange, Heard& heard);
  int send_raw(const Exchange& exchange, std::uint8_t address);
  int ask_raw(const Exchange& exchange, Heard& heard);
  link::Status status_of(int error);
  bool await_late(const Exchange& exchange, link::MonoTime end);
  void await_silence();
  std::size_t read_within(link::Duration wait, std::span<std::uint8_t> bytes);

  link::SerialSettings settings_;
  LineTiming timing_;
  Direction direction_;
  ReservedDescriptor reserved_;
  _modbus* modbus_ = nullptr;
  int descriptor_ = -1;
  std::string fault_;
  std::string about_;
};

}  // namespace lobby::bus
