#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "firmware/core/sign.hpp"
#include "firmware/wire/sign_chain.hpp"

namespace lobby::firmware {

/// Dots to the bytes of the sign chain (sign_chain.hpp). One row a slot, 16 slots a picture; a new picture
/// begins with its first row, so none is ever half old and half new. Brightness is how long of a slot the row
/// is lit.
class SignScan {
 public:
  static constexpr std::uint8_t steps = 16;
  /// Bytes of 0 per step between the row's frame and the dark one: 15 steps are 0.2 ms at 1.5 Mbit/s, and
  /// with both frames 0.36 ms of the slot's 0.5.
  static constexpr std::size_t bytes_per_step = 2;
  static constexpr std::size_t most_bytes = 2 * wire::sign_chain::frame_bytes + steps * bytes_per_step;

  void show(const Dots& dots) { next_ = dots; }
  void set_brightness(std::uint8_t percent);
  /// What is to go out for the next slot; valid until the next call.
  std::span<const std::uint8_t> next_slot();

 private:
  void append_frame(std::size_t row, bool is_lit);

  Dots next_{};
  Dots shown_{};
  std::uint8_t step_ = steps;
  std::uint8_t row_ = 0;
  std::array<std::uint8_t, most_bytes> bytes_{};
  std::size_t length_ = 0;
};

}  // namespace lobby::firmware
