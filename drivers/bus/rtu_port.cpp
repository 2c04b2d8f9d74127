#include "drivers/bus/rtu_port.hpp"

#include <modbus.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "drivers/bus/clock.hpp"
#include "drivers/bus/modbus_pdu.hpp"

namespace lobby::bus {
namespace {

using link::Duration;
using link::MonoTime;
using link::Status;

/// No answer is shorter; fewer bytes are what drivers put on an idle pair when they are switched.
constexpr std::size_t shortest_answer = 5;
/// USB adapters hand over in portions, an FTDI at the latest after 16 ms: a shorter pause ends nothing.
constexpr std::chrono::milliseconds portion_pause{20};

char letter_of(link::Parity parity) {
  constexpr char letters[] = {'N', 'E', 'O'};
  return letters[static_cast<std::size_t>(parity)];
}

}  // namespace

RtuPort::RtuPort(link::SerialSettings settings, LineTiming timing, Direction direction)
    : settings_(std::move(settings)), timing_(timing), direction_(direction) {
  timing_.baud = settings_.baud;
  timing_.parity = settings_.parity;
}

RtuPort::~RtuPort() {
  RtuPort::close();
}

std::string RtuPort::open(const std::stop_token&) {
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
  about_ = set_direction(descriptor_, direction_);
  return {};
}

void RtuPort::close() {
  if (modbus_ != nullptr) {
    ::modbus_free(modbus_);
    modbus_ = nullptr;
  }
  if (descriptor_ >= 0) {
    reserved_.let_go();
    descriptor_ = -1;
  }
}

bool RtuPort::is_hung_up() const {
  pollfd port{descriptor_, POLLIN, 0};
  return is_open() && ::poll(&port, 1, 0) > 0 && (port.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

Heard RtuPort::exchange(const Exchange& exchange, Duration late) {
  if (!is_open()) {
    return {{Status::gone, {}}};
  }
  // Whatever stands in the buffer is nobody's answer any more.
  std::array<std::uint8_t, 512> rubbish{};
  Heard heard;
  heard.was_stray = read_within(Duration::zero(), rubbish) >= shortest_answer;
  if (::modbus_flush(modbus_) < 0) {
    const int error = errno;
    return {{status_of(error), {}}};
  }
  const MonoTime end = mono_now() + timing_.deadline(exchange) + late;
  ask(exchange, heard);
  if (heard.reply.status == Status::timeout) {
    heard.was_late = await_late(exchange, end);
  } else if (heard.reply.status == Status::corrupt) {
    await_silence();
  }
  return heard;
}

void RtuPort::ask(const Exchange& exchange, Heard& heard) {
  const timespec limit = to_timespec(timing_.deadline(exchange));
  ::modbus_set_response_timeout(modbus_, static_cast<std::uint32_t>(limit.tv_sec),
                                static_cast<std::uint32_t>(limit.tv_nsec / 1000));
  ::modbus_set_slave(modbus_, exchange.address.value);
  Reply& reply = heard.reply;
  reply.status = Status::ok;
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
      result = send_raw(exchange, MODBUS_BROADCAST_ADDRESS);
      break;
    case Exchange::Kind::read_coils:
    case Exchange::Kind::read_discrete:
    case Exchange::Kind::write_coil:
    case Exchange::Kind::write_coils:
      result = ask_raw(exchange, heard);
      break;
  }
  if (result < 0) {
    const int error = errno;
    reply = {status_of(error), {}};
    heard.was_stray = heard.was_stray || error == EMBBADSLAVE;
  }
}

/// A broadcast goes this way since libmodbus would wait for an answer to address 0.
int RtuPort::send_raw(const Exchange& exchange, std::uint8_t address) {
  std::vector<std::uint8_t> frame{address};
  const auto pdu = request_pdu(exchange);
  frame.insert(frame.end(), pdu.begin(), pdu.end());
  return ::modbus_send_raw_request(modbus_, frame.data(), static_cast<int>(frame.size()));
}

/// Coils and inputs: libmodbus knows no other words for a coil than on and off, and has a buffer of its own
/// for bits.
int RtuPort::ask_raw(const Exchange& exchange, Heard& heard) {
  if (send_raw(exchange, exchange.address.value) < 0) {
    return -1;
  }
  constexpr int around_pdu = 3;
  std::array<std::uint8_t, MODBUS_MAX_ADU_LENGTH> frame{};
  const int size = ::modbus_receive_confirmation(modbus_, frame.data());
  if (size < 0) {
    return -1;
  }
  // What another unit says counts 0 bytes.
  const bool is_ours = size > around_pdu && frame[0] == exchange.address.value;
  const auto pdu = std::span(frame).first(static_cast<std::size_t>(size));
  heard.reply =
      is_ours ? parse_reply(exchange, pdu.subspan(1, pdu.size() - around_pdu)) : Reply{Status::corrupt, {}};
  heard.was_stray = heard.was_stray || !is_ours;
  return size;
}

Status RtuPort::status_of(int error) {
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

/// Reads and forgets until the answer is there whole, or until `end` has passed and what came is over; but
/// not much longer: somebody who never stops talking must not stop us too. True: something came.
bool RtuPort::await_late(const Exchange& exchange, MonoTime end) {
  std::array<std::uint8_t, 512> bytes{};
  std::size_t size = 0;
  MonoTime silent_at{};
  const MonoTime last = end + timing_.wire(256);
  for (MonoTime at = mono_now(); at < last && at < std::max(end, silent_at); at = mono_now()) {
    const auto got = read_within(std::max(end, silent_at) - at, std::span(bytes).subspan(size));
    if (got == 0) {
      continue;
    }
    size += got;
    silent_at = mono_now() + portion_pause;
    if (holds_answer(exchange, std::span(bytes).first(size))) {
      return true;
    }
    size = size > bytes.size() / 2 ? 0 : size;
  }
  return silent_at != MonoTime{};
}

/// Reads and forgets until nothing comes any more, at most for as long as the longest frame takes.
void RtuPort::await_silence() {
  std::array<std::uint8_t, 512> rubbish{};
  const Duration pause = std::max<Duration>(timing_.silence(), portion_pause);
  const MonoTime last = mono_now() + timing_.wire(256) + pause;
  while (mono_now() < last && read_within(pause, rubbish) > 0) {
  }
}

/// What came within `wait`; 0: nothing.
std::size_t RtuPort::read_within(Duration wait, std::span<std::uint8_t> bytes) {
  pollfd port{descriptor_, POLLIN, 0};
  const timespec limit = to_timespec(wait);
  if (::ppoll(&port, 1, &limit, nullptr) <= 0) {
    return 0;
  }
  const auto got = ::read(descriptor_, bytes.data(), bytes.size());
  if ((port.revents & POLLIN) != 0 && got > 0) {
    return static_cast<std::size_t>(got);
  }
  hold_until(mono_now() + wait);  // hung up: the next exchange will say so
  return 0;
}

}  // namespace lobby::bus
