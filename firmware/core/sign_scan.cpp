#include "firmware/core/sign_scan.hpp"

namespace lobby::firmware {

namespace sign_chain = wire::sign_chain;

void SignScan::set_brightness(std::uint8_t percent) {
  // What is not 0 is not dark.
  step_ = static_cast<std::uint8_t>((percent * steps + 99U) / 100U);
}

std::span<const std::uint8_t> SignScan::next_slot() {
  if (row_ == 0) {
    shown_ = next_;
  }
  length_ = 0;
  append_frame(row_, step_ > 0);
  if (step_ > 0 && step_ < steps) {
    for (std::size_t i = 0; i < step_ * bytes_per_step; ++i) {
      bytes_[length_++] = 0;
    }
    append_frame(row_, false);
  }
  row_ = static_cast<std::uint8_t>((row_ + 1) % sign_chain::rows);
  return {bytes_.data(), length_};
}

void SignScan::append_frame(std::size_t row, bool is_lit) {
  const std::span frame(bytes_.data() + length_, sign_chain::frame_bytes);
  for (auto& byte : frame) {
    byte = 0;
  }
  frame[sign_chain::at_start] = sign_chain::start;
  if (is_lit) {
    frame[sign_chain::at_rows + row / 8] = static_cast<std::uint8_t>(1U << row % 8);
    for (std::size_t word = 0; word < 4; ++word) {
      const std::uint16_t dots = shown_[row * 4 + word];
      frame[sign_chain::at_columns + 2 * word] = static_cast<std::uint8_t>(dots >> 8);
      frame[sign_chain::at_columns + 2 * word + 1] = static_cast<std::uint8_t>(dots & 0xFF);
    }
  }
  for (std::size_t i = 0; i < sign_chain::at_check; ++i) {
    frame[sign_chain::at_check] = static_cast<std::uint8_t>(frame[sign_chain::at_check] ^ frame[i]);
  }
  length_ += sign_chain::frame_bytes;
}

}  // namespace lobby::firmware
