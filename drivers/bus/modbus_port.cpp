#include "drivers/bus/modbus_port.hpp"

#include <modbus.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace lobby::bus {
namespace {

using link::Duration;
using link::MonoTime;
using link::Status;

MonoTime now() {
  return std::chrono::steady_clock::now();
}

timespec to_timespec(Duration span) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span);
  return {static_cast<time_t>(seconds.count()), static_cast<long>((span - seconds).count())};
}

void sleep_until(MonoTime when) {
  const timespec until = to_timespec(when.time_since_epoch());
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

char letter_of(link::Parity parity) {
  constexpr char letters[] = {'N', 'E', 'O'};
  return letters[static_cast<std::size_t>(parity)];
}

}  // namespace

ModbusPort::ModbusPort(link::SerialSettings settings, LineTiming timing)
    : settings_(std::move(settings)), timing_(timing) {}

ModbusPort::~ModbusPort() {
  close();
}

std::string ModbusPort::open() {
  close();
  auto port = link::open_serial(settings_);
  if (!port.descriptor) {
    return port.fault;
  }
  descriptor_ = reserved_.hold(std::move(port.descriptor));
  if (descriptor_ < 0) {
    return "no file descriptor below 1024 is free";
  }
  modbus_ = ::modbus_new_rtu(settings_.path.c_str(), static_cast<int>(settings_.baud),
                             letter_of(settings_.parity), 8, 1);
  if (modbus_ == nullptr || ::modbus_set_socket(modbus_, descriptor_) != 0 ||
      ::modbus_set_byte_timeout(modbus_, 0, 0) != 0) {
    std::string reason = ::modbus_strerror(errno);
    close();
    return reason;
  }
  last_byte_ = now();
  return {};
}

void ModbusPort::close() {
  if (modbus_ != nullptr) {
    ::modbus_free(modbus_);
    modbus_ = nullptr;
  }
  if (descriptor_ >= 0) {
    reserved_.let_go();
    descriptor_ = -1;
  }
}

bool ModbusPort::is_hung_up() const {
  pollfd port{descriptor_, POLLIN, 0};
  return is_open() && ::poll(&port, 1, 0) > 0 && (port.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

Reply ModbusPort::exchange(const Exchange& exchange) {
  if (!is_open()) {
    return {Status::gone, {}};
  }
  sleep_until(last_byte_ + timing_.silence());
  // Whatever stands in the buffer is nobody's answer any more.
  if (::modbus_flush(modbus_) < 0) {
    const int error = errno;
    return {status_of(error), {}};
  }
  const MonoTime start = now();
  Reply reply = ask(exchange);
  last_byte_ = now();
  if (reply.status == Status::timeout) {
    const MonoTime end = start + timing_.deadline(exchange) + timing_.late;
    wait_for_silence(end, end + timing_.wire(256));
  } else if (reply.status == Status::corrupt) {
    wait_for_silence(last_byte_, last_byte_ + timing_.wire(256));
  }
  return reply;
}

Reply ModbusPort::ask(const Exchange& exchange) {
  const timespec limit = to_timespec(timing_.deadline(exchange));
  ::modbus_set_response_timeout(modbus_, static_cast<std::uint32_t>(limit.tv_sec),
                                static_cast<std::uint32_t>(limit.tv_nsec / 1000));
  ::modbus_set_slave(modbus_, exchange.address.value);
  Reply reply{Status::ok, {}};
  int result = -1;
  switch (exchange.kind) {
    case Exchange::Kind::read_input:
      reply.values.resize(exchange.count);
      result = ::modbus_read_input_registers(modbus_, exchange.start, exchange.count, reply.values.data());
      break;
    case Exchange::Kind::read_holding:
      reply.values.resize(exchange.count);
      result = ::modbus_read_registers(modbus_, exchange.start, exchange.count, reply.values.data());
      break;
    case Exchange::Kind::write:
      result = ::modbus_write_registers(modbus_, exchange.start, static_cast<int>(exchange.values.size()),
                                        exchange.values.data());
      break;
    case Exchange::Kind::write_one:
      result = ::modbus_write_register(modbus_, exchange.start, exchange.values.front());
      break;
    case Exchange::Kind::read_write:
      reply.values.resize(exchange.count);
      result = ::modbus_write_and_read_registers(
          modbus_, exchange.write_start, static_cast<int>(exchange.values.size()), exchange.values.data(),
          exchange.start, exchange.count, reply.values.data());
      break;
    case Exchange::Kind::broadcast:
      result = tell_all(exchange);
      break;
  }
  if (result < 0) {
    const int error = errno;
    reply = {status_of(error), {}};
  }
  return reply;
}

/// libmodbus would wait for an answer to address 0. The bytes are on the wire only some time after they were
/// handed over; then the units may take the same time as for an answer.
int ModbusPort::tell_all(const Exchange& exchange) {
  const std::size_t registers = exchange.values.size();
  std::vector<std::uint8_t> frame{0, 0x10};
  const auto append = [&frame](std::size_t word) {
    frame.push_back(static_cast<std::uint8_t>(word >> 8));
    frame.push_back(static_cast<std::uint8_t>(word & 0xFF));
  };
  append(exchange.start);
  append(registers);
  frame.push_back(static_cast<std::uint8_t>(2 * registers));
  for (const std::uint16_t value : exchange.values) {
    append(value);
  }
  const int sent = ::modbus_send_raw_request(modbus_, frame.data(), static_cast<int>(frame.size()));
  if (sent >= 0) {
    sleep_until(now() + timing_.wire(request_bytes(exchange)) + timing_.turnaround);
  }
  return sent;
}

Status ModbusPort::status_of(int error) {
  if (error == ETIMEDOUT || error == EAGAIN) {
    return Status::timeout;
  }
  if (error > MODBUS_ENOBASE && error <= EMBXGTAR) {
    return Status::refused;
  }
  if (error > EMBXGTAR && error <= EMBBADSLAVE) {
    return Status::corrupt;
  }
  fault_ = error == ECONNRESET ? "the far end of the line hung up" : std::generic_category().message(error);
  close();
  return Status::gone;
}

/// Reads and forgets until `not_before` has passed and the line has been silent, but no longer than
/// `not_after`: somebody who never stops talking must not stop us too.
void ModbusPort::wait_for_silence(MonoTime not_before, MonoTime not_after) {
  MonoTime silent_at = last_byte_ + timing_.silence();
  for (MonoTime at = now(); at < not_after; at = now()) {
    const MonoTime until = std::max(not_before, silent_at);
    if (at >= until) {
      return;
    }
    if (discard_input(until - at)) {
      last_byte_ = now();
      silent_at = last_byte_ + timing_.silence();
    }
  }
}

/// True when something came within `wait`.
bool ModbusPort::discard_input(Duration wait) {
  pollfd port{descriptor_, POLLIN, 0};
  const timespec limit = to_timespec(wait);
  if (::ppoll(&port, 1, &limit, nullptr) <= 0) {
    return false;
  }
  std::array<char, 512> rubbish{};
  if ((port.revents & POLLIN) != 0 && ::read(descriptor_, rubbish.data(), rubbish.size()) > 0) {
    return true;
  }
  sleep_until(now() + wait);  // hung up: the next exchange will say so
  return false;
}

}  // namespace lobby::bus
