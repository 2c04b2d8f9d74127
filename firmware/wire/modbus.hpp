#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// What Modbus RTU lays down (Modbus application protocol V1.1b3 and "over serial line" V1.02), for whoever
/// frames by himself: the MCU, and the host where libmodbus has no function. Freestanding.
namespace lobby::wire::modbus {

enum class Function : std::uint8_t {
  read_coils = 1,
  read_discrete = 2,
  read_holding = 3,
  read_input = 4,
  write_coil = 5,
  write_register = 6,
  write_coils = 15,
  write_registers = 16,
  read_write = 23,
};

enum class Exception : std::uint8_t { none = 0, function = 1, address = 2, value = 3, failure = 4 };

inline constexpr std::uint8_t exception_bit = 0x80;  ///< set in the function code of a refusal
inline constexpr std::uint8_t broadcast = 0;         ///< address of everybody; nobody answers
inline constexpr std::size_t shortest_frame = 4;     ///< address, function, checksum
inline constexpr std::size_t longest_frame = 256;
inline constexpr std::uint16_t most_read = 125;  ///< registers of one request
inline constexpr std::uint16_t most_written = 123;
inline constexpr std::uint16_t most_read_write_written = 121;
inline constexpr std::uint16_t most_bits_read = 2000;
inline constexpr std::uint16_t most_bits_written = 1968;

/// CRC-16/MODBUS (poly 0xA001 reflected, from 0xFFFF), sent low byte first. Of "123456789": 0x4B37.
constexpr std::uint16_t crc16(std::span<const std::uint8_t> bytes) {
  std::uint32_t crc = 0xFFFF;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 1U) != 0 ? (crc >> 1) ^ 0xA001U : crc >> 1;
    }
  }
  return static_cast<std::uint16_t>(crc);
}

}  // namespace lobby::wire::modbus
