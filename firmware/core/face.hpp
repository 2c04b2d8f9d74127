#pragma once

#include <cstdint>
#include <span>

#include "firmware/core/annunciators.hpp"
#include "firmware/core/sign.hpp"
#include "firmware/core/sign_scan.hpp"

namespace lobby::firmware {

/// What the sign shows: dark until it is told something, a face, the rest, or for a while its own address.
class Face {
 public:
  /// `words`: number, style, cells. The caller made sure of number and length.
  void take_text(std::span<const std::uint16_t> words, Micros now);
  /// `words`: number, style, 64 words of dots.
  void take_dots(std::span<const std::uint16_t> words, Micros now);
  /// The host is silent. No cells: blank.
  void rest(std::span<const std::uint16_t> cells);
  void locate(std::uint8_t address, Micros now, Micros length);
  std::uint16_t seconds_to_locate(Micros now) {
    return static_cast<std::uint16_t>(locating_.left(now) / 1'000'000U);
  }

  /// Number of the face that is shown, 0: none.
  std::uint16_t number() const { return number_; }
  std::uint16_t style() const { return style_; }
  const Cells& cells() const { return cells_; }
  const Dots& dots() const { return dots_; }  ///< of the face or the rest, also while it is off for a moment
  bool is_glyph_missing() const { return is_missing_; }
  /// What `scan` is to show at this moment.
  void light(Micros now, SignScan& scan);

 private:
  Dots dots_{};
  Cells cells_{};
  std::uint16_t number_ = 0;
  std::uint16_t style_ = 0;
  bool is_missing_ = false;
  Flasher flasher_{milliseconds(1000), milliseconds(500)};
  Countdown locating_;
  Dots address_dots_{};
  bool is_changed_ = true;
  std::uint8_t lit_ = 0;  ///< what the scan has: 0 nothing, 1 the dots, 2 the address
};

}  // namespace lobby::firmware
