#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "firmware/core/clock.hpp"
#include "firmware/core/settings.hpp"

namespace lobby::board {

/// USART1 and the RS-485 driver. Receives by interrupt; sends byte by byte from the main loop, which must not
/// stand still: the sign hangs on it too. There is one.
class BusUart {
 public:
  explicit BusUart(const firmware::Settings& settings);
  void set_up(const firmware::Settings& settings);

  struct Received {
    std::uint8_t byte = 0;
    bool is_good = false;  ///< no overrun, noise, bad stop bit or parity
    firmware::Micros at = 0;
  };
  bool take(Received& received);
  /// `bytes` stay where they are until is_sending() is false.
  void send(std::span<const std::uint8_t> bytes);
  bool is_sending() const { return is_sending_; }
  void pump();

 private:
  std::span<const std::uint8_t> left_;
  bool is_sending_ = false;
};

}  // namespace lobby::board
