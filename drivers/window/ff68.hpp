#pragma once

#include <cstdint>
#include <optional>
#include <vector>

/// The frame of caller keypads and evaluator pads, 9600 8N1 (public code of such halls, tried on no device
/// yet): `FF 68 L L 68 address function data… sum 16`, L = 2 + bytes of data, sum = address + function +
/// data.
namespace lobby::window {

struct Ff68Frame {
  std::uint8_t address = 0;
  std::uint8_t function = 0;
  std::vector<std::uint8_t> data;
  friend bool operator==(const Ff68Frame&, const Ff68Frame&) = default;
};

namespace ff68 {
// To the device.
inline constexpr std::uint8_t show_function = 0x01;     ///< answer to a score, or `start_rating`
inline constexpr std::uint8_t display_function = 0x02;  ///< six digits
inline constexpr std::uint8_t beep_function = 0x03;
inline constexpr std::uint8_t start_rating = 0x0B;
inline constexpr std::uint8_t blank_digit = 0x0A;
// From it; with any other function the last byte of the data is a key.
inline constexpr std::uint8_t score_function = 0x11;
}  // namespace ff68

std::vector<std::uint8_t> encode_ff68(const Ff68Frame& frame);

/// Byte after byte, bounded: a byte that is lost or too many costs at most the frame that it was in.
class Ff68Decoder {
 public:
  struct Counts {
    std::uint64_t frames = 0;
    std::uint64_t damaged = 0;  ///< began like a frame and was none
  };
  /// The frame that this byte ends. Of one to three bytes of data: devices send no others.
  std::optional<Ff68Frame> take(std::uint8_t byte);
  const Counts& counts() const { return counts_; }

 private:
  enum class Verdict : std::uint8_t { incomplete, whole, none };
  Verdict judge() const;

  std::vector<std::uint8_t> bytes_;  ///< at most a frame
  Counts counts_;
};

}  // namespace lobby::window
