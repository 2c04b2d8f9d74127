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

void read_values(std::span<const std::uint8_t> body, RtuRequest& request) {
  const std::size_t announced = body[6];
  if (announced != std::size_t{request.count} * 2 || body.size() != 7 + announced) {
    request.count = 0;
    return;
  }
  for (std::size_t i = 0; i < request.count; ++i) {
    request.values.push_back(word(body, 7 + 2 * i));
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

std::optional<RtuRequest> parse_request(std::span<const std::uint8_t> frame) {
  if (frame.size() < shortest || frame.size() > longest) {
    return std::nullopt;
  }
  const auto body = frame.first(frame.size() - 2);
  const std::uint16_t crc = crc16(body);
  if (frame[body.size()] != (crc & 0xFF) || frame[body.size() + 1] != crc >> 8) {
    return std::nullopt;
  }
  RtuRequest request;
  request.address = body[0];
  request.function = body[1];
  if (body.size() < 6) {
    return request;
  }
  request.start = word(body, 2);
  request.count = word(body, 4);
  if (request.function == 0x06) {
    request.values = {request.count};
    request.count = 1;
  } else if (request.function == 0x10) {
    if (body.size() < 7) {
      request.count = 0;
    } else {
      read_values(body, request);
    }
  } else if (body.size() != 6) {
    request.count = 0;
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

Bytes write_response(const RtuRequest& request) {
  Bytes frame{request.address, request.function};
  append_word(frame, request.start);
  append_word(frame, request.function == 0x06 ? request.values.at(0) : request.count);
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
