#include "drivers/board/checksums.hpp"

#include <array>

namespace lobby::board {
namespace {

using Table = std::array<std::uint16_t, 256>;

constexpr Table arc_bytes() {
  Table table{};
  for (unsigned i = 0; i < table.size(); ++i) {
    unsigned crc = i;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 1U) != 0 ? crc >> 1U ^ 0xA001U : crc >> 1U;
    }
    table[i] = static_cast<std::uint16_t>(crc);
  }
  return table;
}

/// Entry n of a byte: what it does to the checksum when n more bytes follow. Four bytes at a time, as a
/// picture is tens of kilobytes.
constexpr std::array<Table, 4> arc_tables() {
  std::array<Table, 4> tables{arc_bytes()};
  for (std::size_t n = 1; n < tables.size(); ++n) {
    for (std::size_t i = 0; i < 256; ++i) {
      const unsigned before = tables[n - 1][i];
      tables[n][i] = static_cast<std::uint16_t>(before >> 8U ^ tables[0][before & 0xFFU]);
    }
  }
  return tables;
}

constexpr auto arc = arc_tables();

}  // namespace

std::uint16_t crc16_arc(ByteView bytes, std::uint16_t crc) {
  unsigned value = crc;
  std::size_t at = 0;
  for (; at + 4 <= bytes.size(); at += 4) {
    value ^= bytes[at] | static_cast<unsigned>(bytes[at + 1]) << 8U;
    value = static_cast<unsigned>(arc[3][value & 0xFFU] ^ arc[2][value >> 8U] ^ arc[1][bytes[at + 2]] ^
                                  arc[0][bytes[at + 3]]);
  }
  for (; at < bytes.size(); ++at) {
    value = value >> 8U ^ arc[0][(value ^ bytes[at]) & 0xFFU];
  }
  return static_cast<std::uint16_t>(value);
}

std::uint16_t crc16_xmodem(ByteView bytes) {
  unsigned crc = 0;
  for (const auto byte : bytes) {
    crc ^= static_cast<unsigned>(byte) << 8U;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 0x8000U) != 0 ? crc << 1U ^ 0x1021U : crc << 1U;
    }
  }
  return static_cast<std::uint16_t>(crc & 0xFFFFU);
}

}  // namespace lobby::board
