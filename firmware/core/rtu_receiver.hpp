#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "firmware/core/clock.hpp"
#include "firmware/wire/modbus.hpp"

namespace lobby::firmware {

/// 3.5 characters of 11 bits; above 19200 Bd 1.75 ms (Modbus over serial line V1.02, 2.5.1.1).
constexpr Micros frame_silence(std::uint32_t baud) {
  return baud > 19200 ? 1750 : 38'500'000U / baud;
}

/// Bytes of the line to whole frames. A frame ends when it is as long as its function code says and its
/// checksum is right: so a neighbour's answer and the request behind it are two frames even with no gap
/// between them. What does not end so (an unknown function, a damaged frame) ends with the silence. Pure; the
/// frame stays here.
class RtuReceiver {
 public:
  explicit RtuReceiver(Micros silence) : silence_(silence) {}

  /// True: frame() is a whole one, until the next byte or poll.
  bool byte(std::uint8_t value, Micros at);
  /// To be called now and then: has a frame ended by silence?
  bool poll(Micros now);
  /// With address and checksum. Right by its checksum; whose it is and whether it makes sense is not said.
  std::span<const std::uint8_t> frame() const { return {buffer_.data(), length_}; }
  /// A request and an answer of one length are told apart by nothing: then it is called a request. `unknown`:
  /// of a function that has no length here.
  enum class Form : std::uint8_t { request, answer, unknown };
  Form form() const { return form_; }
  Micros last_byte_at() const { return last_; }
  Micros silence() const { return silence_; }
  /// A new speed of the line; what was begun is forgotten.
  void restart(Micros silence);
  std::uint16_t bad_frames() const { return bad_frames_; }

 private:
  void begin();
  bool has_right_checksum() const;

  std::array<std::uint8_t, wire::modbus::longest_frame> buffer_{};
  std::uint16_t length_ = 0;
  bool is_whole_ = false;  ///< the frame was given: the next byte begins another
  Form form_ = Form::unknown;
  bool is_lost_ = false;  ///< too long for anything: wait for silence
  Micros silence_;
  Micros last_ = 0;
  std::uint16_t bad_frames_ = 0;
};

}  // namespace lobby::firmware
