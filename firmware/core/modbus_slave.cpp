#include "firmware/core/modbus_slave.hpp"

#include <array>

namespace lobby::firmware {
namespace {

namespace modbus = wire::modbus;
using modbus::Exception;
using modbus::Function;

constexpr std::uint16_t coil_on = 0xFF00;

struct Answering {
  std::span<const std::uint8_t> request;
  RegisterBank& bank;
  std::span<std::uint8_t> reply;
  std::size_t length = 2;  ///< of the reply so far: address and function

  std::uint16_t word(std::size_t at) const {
    return static_cast<std::uint16_t>(request[at] << 8 | request[at + 1]);
  }
  void append(std::uint8_t byte) { reply[length++] = byte; }
  void append_word(std::uint16_t value) {
    append(static_cast<std::uint8_t>(value >> 8));
    append(static_cast<std::uint8_t>(value & 0xFF));
  }
  /// The first four bytes behind the function code come back: what a write answers.
  void echo() {
    append_word(word(2));
    append_word(word(4));
  }
  bool is_broadcast() const { return request[0] == modbus::broadcast; }
};

constexpr bool is_within(std::uint16_t start, std::uint16_t count) {
  return static_cast<std::uint32_t>(start) + count <= 0x10000U;
}

Exception read_registers(Answering& a, bool input, std::size_t at) {
  const std::uint16_t start = a.word(at);
  const std::uint16_t count = a.word(at + 2);
  if (count == 0 || count > modbus::most_read) {
    return Exception::value;
  }
  if (!is_within(start, count)) {
    return Exception::address;
  }
  std::array<std::uint16_t, modbus::most_read> values{};
  const Exception refusal = a.bank.read(input, start, {values.data(), count});
  if (refusal == Exception::none) {
    a.append(static_cast<std::uint8_t>(2 * count));
    for (std::uint16_t i = 0; i < count; ++i) {
      a.append_word(values[i]);
    }
  }
  return refusal;
}

Exception read_bits(Answering& a, bool input) {
  const std::uint16_t start = a.word(2);
  const std::uint16_t count = a.word(4);
  if (count == 0 || count > modbus::most_bits_read) {
    return Exception::value;
  }
  if (!is_within(start, count)) {
    return Exception::address;
  }
  const auto bytes = static_cast<std::uint8_t>((count + 7U) / 8U);
  a.append(bytes);
  for (std::uint8_t i = 0; i < bytes; ++i) {
    a.append(0);
  }
  for (std::uint16_t i = 0; i < count; ++i) {
    bool is_set = false;
    const Exception refusal = a.bank.read_bit(input, static_cast<std::uint16_t>(start + i), is_set);
    if (refusal != Exception::none) {
      return refusal;
    }
    std::uint8_t& byte = a.reply[3U + i / 8U];
    byte = static_cast<std::uint8_t>(byte | static_cast<unsigned>(is_set) << i % 8U);
  }
  return Exception::none;
}

Exception write_coil(Answering& a) {
  const std::uint16_t value = a.word(4);
  if (value != coil_on && value != 0) {
    return Exception::value;
  }
  const std::array<std::uint8_t, 1> packed{static_cast<std::uint8_t>(value == coil_on ? 1 : 0)};
  a.echo();
  return a.bank.write_bits(a.word(2), 1, packed);
}

Exception write_coils(Answering& a) {
  const std::uint16_t count = a.word(4);
  if (count == 0 || count > modbus::most_bits_written || a.request[6] != (count + 7U) / 8U) {
    return Exception::value;
  }
  if (!is_within(a.word(2), count)) {
    return Exception::address;
  }
  a.echo();
  return a.bank.write_bits(a.word(2), count, a.request.subspan(7, a.request[6]));
}

/// `at`: where start, count, byte count and values stand.
Exception write_registers(Answering& a, std::size_t at, std::uint16_t most) {
  const std::uint16_t start = a.word(at);
  const std::uint16_t count = a.word(at + 2);
  if (count == 0 || count > most || a.request[at + 4] != 2U * count) {
    return Exception::value;
  }
  if (!is_within(start, count)) {
    return Exception::address;
  }
  std::array<std::uint16_t, modbus::most_written> values{};
  for (std::uint16_t i = 0; i < count; ++i) {
    values[i] = a.word(at + 5 + 2U * i);
  }
  return a.bank.write(start, {values.data(), count}, a.is_broadcast());
}

Exception read_write(Answering& a) {
  const std::uint16_t count = a.word(4);
  if (count == 0 || count > modbus::most_read) {
    return Exception::value;  // before the write: all or nothing
  }
  const std::uint16_t written = a.word(8);
  if (written == 0 || written > modbus::most_read_write_written) {
    return Exception::value;  // counts come before ranges
  }
  // What cannot be read must not be written either.
  std::array<std::uint16_t, modbus::most_read> unused{};
  if (!is_within(a.word(2), count) ||
      a.bank.read(false, a.word(2), {unused.data(), count}) != Exception::none) {
    return Exception::address;
  }
  const Exception refusal = write_registers(a, 6, modbus::most_read_write_written);
  return refusal != Exception::none ? refusal : read_registers(a, false, 2);
}

Exception serve(Answering& a) {
  switch (static_cast<Function>(a.request[1])) {
    case Function::read_coils:
      return read_bits(a, false);
    case Function::read_discrete:
      return read_bits(a, true);
    case Function::read_holding:
      return read_registers(a, false, 2);
    case Function::read_input:
      return read_registers(a, true, 2);
    case Function::write_coil:
      return write_coil(a);
    case Function::write_register: {
      const std::array<std::uint16_t, 1> value{a.word(4)};
      a.echo();
      return a.bank.write(a.word(2), value, a.is_broadcast());
    }
    case Function::write_coils:
      return write_coils(a);
    case Function::write_registers:
      a.echo();
      return write_registers(a, 2, modbus::most_written);
    case Function::read_write:
      return read_write(a);
  }
  return Exception::function;
}

}  // namespace

std::size_t answer(std::span<const std::uint8_t> request, RegisterBank& bank, std::span<std::uint8_t> reply) {
  Answering a{request, bank, reply};
  reply[0] = request[0];
  reply[1] = request[1];
  const Exception refusal = serve(a);
  if (a.is_broadcast()) {
    return 0;
  }
  if (refusal != Exception::none) {
    reply[1] = static_cast<std::uint8_t>(request[1] | modbus::exception_bit);
    a.length = 2;
    a.append(static_cast<std::uint8_t>(refusal));
  }
  const std::uint16_t crc = modbus::crc16(reply.first(a.length));
  a.append(static_cast<std::uint8_t>(crc & 0xFF));
  a.append(static_cast<std::uint8_t>(crc >> 8));
  return a.length;
}

}  // namespace lobby::firmware
