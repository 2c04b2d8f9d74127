#include "drivers/bus/modbus_pdu.hpp"

#include "drivers/bus/line_timing.hpp"
#include "firmware/wire/modbus.hpp"

namespace lobby::bus {
namespace {

using link::Status;
using wire::modbus::Function;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t path_unavailable = 0x0A;
constexpr std::uint8_t target_failed = 0x0B;

constexpr std::uint8_t coils_function = 0x01, discrete_function = 0x02, coil_function = 0x05,
                       many_coils_function = 0x0F;

std::uint8_t function_of(Exchange::Kind kind) {
  const auto of = [](Function function) { return static_cast<std::uint8_t>(function); };
  switch (kind) {
    case Exchange::Kind::read_coils:
      return coils_function;
    case Exchange::Kind::read_discrete:
      return discrete_function;
    case Exchange::Kind::write_coil:
      return coil_function;
    case Exchange::Kind::write_coils:
      return many_coils_function;
    case Exchange::Kind::read_input:
      return of(Function::read_input);
    case Exchange::Kind::read_holding:
      return of(Function::read_holding);
    case Exchange::Kind::write_one:
      return of(Function::write_register);
    case Exchange::Kind::read_write:
      return of(Function::read_write);
    case Exchange::Kind::write:
    case Exchange::Kind::broadcast:
      break;
  }
  return of(Function::write_registers);
}

void append(Bytes& bytes, std::size_t word) {
  bytes.push_back(static_cast<std::uint8_t>(word >> 8 & 0xFF));
  bytes.push_back(static_cast<std::uint8_t>(word & 0xFF));
}

std::uint16_t word(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

/// Number of registers, their bytes, and they themselves.
void append_values(Bytes& bytes, const std::vector<std::uint16_t>& values) {
  append(bytes, values.size());
  bytes.push_back(static_cast<std::uint8_t>(2 * values.size()));
  for (const auto value : values) {
    append(bytes, value);
  }
}

/// Eight to a byte, the first in the lowest bit.
void append_bits(Bytes& bytes, const std::vector<std::uint16_t>& values) {
  append(bytes, values.size());
  bytes.push_back(static_cast<std::uint8_t>(bit_bytes(values.size())));
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i % 8 == 0) {
      bytes.push_back(0);
    }
    bytes.back() = static_cast<std::uint8_t>(bytes.back() | (values[i] != 0 ? 1U : 0U) << i % 8);
  }
}

Reply parse_bits(const Exchange& exchange, std::span<const std::uint8_t> pdu) {
  const std::size_t size = bit_bytes(exchange.count);
  if (pdu.size() != 2 + size || pdu[1] != size) {
    return {Status::corrupt, {}};
  }
  Reply reply{Status::ok, {}};
  for (std::size_t i = 0; i < exchange.count; ++i) {
    reply.values.push_back(static_cast<std::uint16_t>(pdu[2 + i / 8] >> i % 8 & 1));
  }
  return reply;
}

Reply parse_read(const Exchange& exchange, std::span<const std::uint8_t> pdu) {
  const std::size_t size = 2 * std::size_t{exchange.count};
  if (pdu.size() != 2 + size || pdu[1] != size) {
    return {Status::corrupt, {}};
  }
  Reply reply{Status::ok, {}};
  for (std::size_t i = 0; i < exchange.count; ++i) {
    reply.values.push_back(word(pdu, 2 + 2 * i));
  }
  return reply;
}

/// A write is answered by its place and by how much of it was written.
Reply parse_written(const Exchange& exchange, std::span<const std::uint8_t> pdu) {
  const bool is_one =
      exchange.kind == Exchange::Kind::write_one || exchange.kind == Exchange::Kind::write_coil;
  const std::size_t echo = is_one ? exchange.values.front() : exchange.values.size();
  const bool is_ours = pdu.size() == 5 && word(pdu, 1) == exchange.start && word(pdu, 3) == echo;
  return {is_ours ? Status::ok : Status::corrupt, {}};
}

/// Address, function and what belongs to it, checksum with the low byte first.
bool is_frame(std::span<const std::uint8_t> frame) {
  const auto body = frame.first(frame.size() - 2);
  const auto crc = wire::modbus::crc16(body);
  return frame[body.size()] == (crc & 0xFF) && frame[body.size() + 1] == crc >> 8;
}

}  // namespace

Bytes request_pdu(const Exchange& exchange) {
  Bytes pdu{function_of(exchange.kind)};
  append(pdu, exchange.start);
  switch (exchange.kind) {
    case Exchange::Kind::read_input:
    case Exchange::Kind::read_holding:
    case Exchange::Kind::read_coils:
    case Exchange::Kind::read_discrete:
      append(pdu, exchange.count);
      break;
    case Exchange::Kind::write_coils:
      append_bits(pdu, exchange.values);
      break;
    case Exchange::Kind::write_one:
    case Exchange::Kind::write_coil:
      append(pdu, exchange.values.front());
      break;
    case Exchange::Kind::read_write:
      append(pdu, exchange.count);
      append(pdu, exchange.write_start);
      append_values(pdu, exchange.values);
      break;
    case Exchange::Kind::write:
    case Exchange::Kind::broadcast:
      append_values(pdu, exchange.values);
      break;
  }
  return pdu;
}

Reply parse_reply(const Exchange& exchange, std::span<const std::uint8_t> pdu) {
  const auto function = function_of(exchange.kind);
  if (pdu.size() == 2 && pdu[0] == (function | wire::modbus::exception_bit)) {
    const bool is_absent = pdu[1] == path_unavailable || pdu[1] == target_failed;
    return {is_absent ? Status::timeout : Status::refused, {}};
  }
  if (pdu.empty() || pdu[0] != function) {
    return {Status::corrupt, {}};
  }
  if (reads_bits(exchange)) {
    return parse_bits(exchange, pdu);
  }
  return reads(exchange) ? parse_read(exchange, pdu) : parse_written(exchange, pdu);
}

bool holds_answer(const Exchange& exchange, std::span<const std::uint8_t> bytes) {
  constexpr std::size_t refusal = 5;
  if (exchange.kind == Exchange::Kind::broadcast) {
    return false;
  }
  for (const std::size_t size : {reply_bytes(exchange), refusal}) {
    for (std::size_t at = 0; size <= bytes.size() && at <= bytes.size() - size; ++at) {
      const auto frame = bytes.subspan(at, size);
      if (frame[0] == exchange.address.value && is_frame(frame) &&
          parse_reply(exchange, frame.subspan(1, size - 3)).status != Status::corrupt) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace lobby::bus
