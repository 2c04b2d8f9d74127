#include "firmware/core/rtu_receiver.hpp"

namespace lobby::firmware {
namespace {

using wire::modbus::Function;

/// Not to be known yet, or never.
constexpr std::uint16_t unknown = 0;

/// How long a request that begins so is.
std::uint16_t request_length(std::span<const std::uint8_t> begun) {
  switch (static_cast<Function>(begun[1])) {
    case Function::read_coils:
    case Function::read_discrete:
    case Function::read_holding:
    case Function::read_input:
    case Function::write_coil:
    case Function::write_register:
      return 8;
    case Function::write_coils:
    case Function::write_registers:
      return begun.size() > 6 ? static_cast<std::uint16_t>(9 + begun[6]) : unknown;
    case Function::read_write:
      return begun.size() > 10 ? static_cast<std::uint16_t>(13 + begun[10]) : unknown;
  }
  return unknown;
}

std::uint16_t answer_length(std::span<const std::uint8_t> begun) {
  if ((begun[1] & wire::modbus::exception_bit) != 0) {
    return 5;
  }
  switch (static_cast<Function>(begun[1])) {
    case Function::read_coils:
    case Function::read_discrete:
    case Function::read_holding:
    case Function::read_input:
    case Function::read_write:
      return begun.size() > 2 ? static_cast<std::uint16_t>(5 + begun[2]) : unknown;
    case Function::write_coil:
    case Function::write_register:
    case Function::write_coils:
    case Function::write_registers:
      return 8;
  }
  return unknown;
}

bool is_known(std::uint8_t function) {
  const std::array<std::uint8_t, 11> longest{0, function, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  return request_length(longest) != unknown || answer_length(longest) != unknown;
}

}  // namespace

bool RtuReceiver::byte(std::uint8_t value, Micros at) {
  if (is_whole_ || since(at, last_) >= silence_) {
    begin();
  }
  last_ = at;
  if (is_lost_) {
    return false;
  }
  buffer_[length_++] = value;
  if (length_ < wire::modbus::shortest_frame) {
    return false;
  }
  const std::uint16_t request = request_length(frame());
  const std::uint16_t answer = answer_length(frame());
  if ((length_ == request || length_ == answer) && has_right_checksum()) {
    is_whole_ = true;
    form_ = length_ == request ? Form::request : Form::answer;
    return true;
  }
  is_lost_ = length_ == buffer_.size();
  return false;
}

bool RtuReceiver::poll(Micros now) {
  if (length_ == 0 || is_whole_ || since(now, last_) < silence_) {
    return false;
  }
  // One of a known function that did not end by its length is no frame, whatever its checksum.
  if (!is_lost_ && length_ >= wire::modbus::shortest_frame && !is_known(buffer_[1]) && has_right_checksum()) {
    is_whole_ = true;
    form_ = Form::unknown;
    return true;
  }
  begin();
  return false;
}

void RtuReceiver::begin() {
  if (length_ > 0 && !is_whole_) {
    ++bad_frames_;
  }
  length_ = 0;
  is_whole_ = false;
  is_lost_ = false;
}

void RtuReceiver::restart(Micros silence) {
  is_whole_ = true;
  begin();
  silence_ = silence;
}

bool RtuReceiver::has_right_checksum() const {
  const std::uint16_t crc = wire::modbus::crc16({buffer_.data(), length_ - 2U});
  return buffer_[length_ - 2U] == (crc & 0xFFU) && buffer_[length_ - 1U] == crc >> 8;
}

}  // namespace lobby::firmware
