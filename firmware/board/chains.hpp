#pragma once

#include <cstdint>
#include <span>

namespace lobby::board {

/// USART2 in synchronous mode: data PA2, clock PA4, 1.5 Mbit/s.
class SignChain {
 public:
  SignChain();
  /// `bytes` stay where they are until is_sending() is false.
  void send(std::span<const std::uint8_t> bytes) { left_ = bytes; }
  bool is_sending() const { return !left_.empty(); }
  void pump();

 private:
  std::span<const std::uint8_t> left_;
};

/// USART3 in synchronous mode: out PB10, in PB11, clock PB12; the load pulse PB13 goes before the first poll.
class KeyChain {
 public:
  KeyChain();
  void send(std::uint8_t poll);
  bool take(std::uint8_t& byte);
};

}  // namespace lobby::board
