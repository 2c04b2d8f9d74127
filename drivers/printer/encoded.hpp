#pragma once

#include <cstdint>
#include <vector>

/// What the codec makes of a job.
namespace lobby::printer::escpos {

using Bytes = std::vector<std::uint8_t>;

/// What of a job is not on the paper as it was meant.
struct Losses {
  unsigned characters = 0;  ///< printed as 〓, because nobody has a picture of them
  unsigned symbols = 0;     ///< QR codes and pictures left out: this paper cannot hold them
  unsigned items = 0;       ///< left away behind the greatest length of a job
  friend bool operator==(const Losses&, const Losses&) = default;
};

/// A job as the printer wants it.
struct Encoded {
  Bytes bytes;
  /// Offsets at which one command, or one line of text, has ended and the next not begun; rising, the last at
  /// the end. Only there may a real-time question stand. No more than 1.8 KB lie between two of them.
  std::vector<std::uint32_t> seams;
  Losses losses;

  void seam() {
    const auto here = static_cast<std::uint32_t>(bytes.size());
    if (here > (seams.empty() ? 0 : seams.back())) {
      seams.push_back(here);
    }
  }
};
/// The most that lies between two seams.
inline constexpr int longest_command = 1800;

}  // namespace lobby::printer::escpos
