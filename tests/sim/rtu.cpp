#include "tests/sim/rtu.hpp"

#include <algorithm>

namespace lobby::sim {
namespace {

constexpr std::size_t shortest = 4;
constexpr std::size_t longest = 256;

std::uint16_t word(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

void append_word(Bytes& bytes, std::uint16_t value) {
  bytes.push_back(static_cast<std::uint8_t>(value >> 8));
  bytes.push_back(static_cast<std::uint8_t>(value & 0xFF));
}

/// Registers from `at` on, behind their count and their length in bytes. False: these contradict each other.
bool read_values(std::span<const std::uint8_t> body, std::size_t at, RtuRequest& request) {
  if (body.size() <= at) {
    return false;
  }
  const std::size_t count = word(body, at - 2);
  const std::size_t announced = body[at];
  if (count == 0 || announced != count * 2 || body.size() != at + 1 + announced) {
    return false;
  }
  for (std::size_t i = 0; i < count; ++i) {
    request.values.push_back(word(body, at + 1 + 2 * i));
  }
  return true;
}

bool read_coils(std::span<const std::uint8_t> body, RtuRequest& request) {
  constexpr std::size_t at = 6;
  const std::size_t announced = (std::size_t{request.count} + 7) / 8;
  if (body.size() <= at || body[at] != announced || body.size() != at + 1 + announced) {
    return false;
  }
  for (std::size_t i = 0; i < request.count; ++i) {
    request.values.push_back(body[at + 1 + i / 8] >> i % 8 & 1U);
  }
  return true;
}

bool read_body(std::span<const std::uint8_t> body, RtuRequest& request) {
  switch (request.function) {
    case 0x05:
    case 0x06:
      request.values = {request.count};
      request.count = 1;
      return body.size() == 6;
    case 0x0F:
      return read_coils(body, request);
    case 0x10:
      return read_values(body, 6, request);
    case 0x17:
      request.write_start = body.size() < 10 ? std::uint16_t{0} : word(body, 6);
      return read_values(body, 10, request);
    default:
      return body.size() == 6;
  }
}

}  // namespace

std::uint16_t crc16(std::span<const std::uint8_t> bytes) {
  std::uint16_t crc = 0xFFFF;
  for (const std::uint8_t byte : bytes) {
    crc = static_cast<std::uint16_t>(crc ^ byte);
    for (int bit = 0; bit < 8; ++bit) {
      const bool carry = (crc & 1U) != 0;
      crc = static_cast<std::uint16_t>(crc >> 1);
      crc = carry ? static_cast<std::uint16_t>(crc ^ 0xA001) : crc;
    }
  }
  return crc;
}

void append_crc(Bytes& frame) {
  const std::uint16_t crc = crc16(frame);
  frame.push_back(static_cast<std::uint8_t>(crc & 0xFF));
  frame.push_back(static_cast<std::uint8_t>(crc >> 8));
}

bool is_whole(std::span<const std::uint8_t> frame) {
  if (frame.size() < shortest || frame.size() > longest) {
    return false;
  }
  const auto body = frame.first(frame.size() - 2);
  const std::uint16_t crc = crc16(body);
  return frame[body.size()] == (crc & 0xFF) && frame[body.size() + 1] == crc >> 8;
}

std::optional<RtuRequest> parse_request(std::span<const std::uint8_t> frame) {
  if (!is_whole(frame)) {
    return std::nullopt;
  }
  const auto body = frame.first(frame.size() - 2);
  RtuRequest request;
  request.address = body[0];
  request.function = body[1];
  if (body.size() < 6) {
    return request;
  }
  request.start = word(body, 2);
  request.count = word(body, 4);
  if (!read_body(body, request)) {
    request.count = 0;
    request.values.clear();
  }
  return request;
}

Bytes read_response(const RtuRequest& request, std::span<const std::uint16_t> values) {
  Bytes frame{request.address, request.function, static_cast<std::uint8_t>(values.size() * 2)};
  for (const std::uint16_t value : values) {
    append_word(frame, value);
  }
  append_crc(frame);
  return frame;
}

Bytes bits_response(const RtuRequest& request, std::span<const std::uint16_t> bits) {
  Bytes frame{request.address, request.function, static_cast<std::uint8_t>((bits.size() + 7) / 8)};
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (i % 8 == 0) {
      frame.push_back(0);
    }
    frame.back() = static_cast<std::uint8_t>(frame.back() | (bits[i] & 1U) << i % 8);
  }
  append_crc(frame);
  return frame;
}

Bytes write_response(const RtuRequest& request) {
  const bool one = request.function == 0x05 || request.function == 0x06;
  Bytes frame{request.address, request.function};
  append_word(frame, request.start);
  append_word(frame, one ? request.values.at(0) : request.count);
  append_crc(frame);
  return frame;
}

Bytes exception_response(const RtuRequest& request, RtuException exception) {
  Bytes frame{request.address, static_cast<std::uint8_t>(request.function | 0x80U),
              static_cast<std::uint8_t>(exception)};
  append_crc(frame);
  return frame;
}

nanoseconds LinePace::character() const {
  return nanoseconds((parity ? 11LL : 10LL) * 1'000'000'000LL / std::max(baud, 1U));
}

nanoseconds LinePace::characters(std::size_t count) const {
  const auto bits = static_cast<long long>(count) * (parity ? 11 : 10);
  return nanoseconds(bits * 1'000'000'000LL / std::max(baud, 1U));
}

nanoseconds LinePace::silence() const {
  return baud > 19200 ? nanoseconds(1'750'000) : character() * 7 / 2;
}

}  // namespace lobby::sim
