#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "display/canvas/bitmap.hpp"
#include "firmware/wire/sign_chain.hpp"

namespace lobby::sim {

/// The sign at the end of the chain of firmware/wire/sign_chain.hpp, as an eye sees it: rows that light one
/// after the other are one picture, and a row that was not lit in the last round is dark. Pure.
class SignDecoder {
 public:
  void take(std::span<const std::uint8_t> bytes);
  /// The last whole round of rows.
  const display::Bitmap& picture() const { return picture_; }
  struct Counts {
    std::uint64_t frames = 0;
    std::uint64_t rounds = 0;
    std::uint64_t bad = 0;    ///< with a wrong check, or with several rows at once
    std::uint64_t stray = 0;  ///< bytes that belong to no frame and are not 0
  };
  const Counts& counts() const { return counts_; }

 private:
  static constexpr std::size_t size = wire::sign_chain::frame_bytes;
  /// A scan has at most two frames to a row: without a row for longer, all are dark.
  static constexpr int longest_dark = 2 * wire::sign_chain::rows + 8;

  bool is_sound() const;
  void light();
  void end_round();

  std::array<std::uint8_t, size> frame_{};
  std::size_t filled_ = 0;
  display::Bitmap picture_{64, 16};
  display::Bitmap round_{64, 16};
  int last_row_ = -1;
  int dark_frames_ = 0;
  Counts counts_;
};

}  // namespace lobby::sim
