#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "firmware/wire/modbus.hpp"

namespace lobby::firmware {

/// What the registers of a unit are, to a Modbus master. Writes are taken whole or not at all.
class RegisterBank {
 public:
  using Exception = wire::modbus::Exception;

  virtual Exception read(bool input, std::uint16_t start, std::span<std::uint16_t> out) = 0;
  virtual Exception write(std::uint16_t start, std::span<const std::uint16_t> values, bool is_broadcast) = 0;
  /// Coils, or discrete inputs: bit `i` of the answer is bit start + i of the bank.
  virtual Exception read_bit(bool input, std::uint16_t at, bool& out) = 0;
  /// Bits start … start + count - 1, packed with the lowest first.
  virtual Exception write_bits(std::uint16_t start, std::uint16_t count,
                               std::span<const std::uint8_t> packed) = 0;

 protected:
  ~RegisterBank() = default;
};

/// The answer to a whole request (right checksum, right length), with its checksum. 0: none, for a broadcast.
/// `reply` has room for longest_frame bytes. FC 01–06, 15, 16, 23; any other function is refused.
std::size_t answer(std::span<const std::uint8_t> request, RegisterBank& bank, std::span<std::uint8_t> reply);

}  // namespace lobby::firmware
