#include "tests/sim/sign_decoder.hpp"

#include <bit>
#include <utility>

namespace lobby::sim {

namespace chain = wire::sign_chain;

void SignDecoder::take(std::span<const std::uint8_t> bytes) {
  for (const std::uint8_t byte : bytes) {
    if (filled_ == 0 && byte != chain::start) {
      counts_.stray += byte != 0 ? 1 : 0;
      continue;
    }
    frame_[filled_++] = byte;
    if (filled_ < size) {
      continue;
    }
    filled_ = 0;
    if (is_sound()) {
      ++counts_.frames;
      light();
      continue;
    }
    ++counts_.bad;
    // The next frame may have begun inside of this heap.
    const std::array<std::uint8_t, size> heap = frame_;
    take(std::span(heap).subspan(1));
  }
}

bool SignDecoder::is_sound() const {
  std::uint8_t check = 0;
  for (std::size_t i = 0; i + 1 < size; ++i) {
    check = static_cast<std::uint8_t>(check ^ frame_[i]);
  }
  const unsigned rows = frame_[chain::at_rows] | static_cast<unsigned>(frame_[chain::at_rows + 1]) << 8;
  return check == frame_[chain::at_check] && std::popcount(rows) <= 1;
}

void SignDecoder::light() {
  const unsigned rows = frame_[chain::at_rows] | static_cast<unsigned>(frame_[chain::at_rows + 1]) << 8;
  if (rows == 0) {
    dark_frames_ += 1;
    if (dark_frames_ >= longest_dark) {
      end_round();
    }
    return;
  }
  dark_frames_ = 0;
  const int row = std::countr_zero(rows);
  if (row <= last_row_) {
    end_round();
  }
  last_row_ = row;
  for (int x = 0; x < 64; ++x) {
    const std::uint8_t byte = frame_[chain::at_columns + static_cast<std::size_t>(x / 8)];
    round_.set(x, row, (byte >> (7 - x % 8) & 1) != 0);
  }
}

void SignDecoder::end_round() {
  ++counts_.rounds;
  picture_ = std::exchange(round_, display::Bitmap(64, 16));
  last_row_ = -1;
  dark_frames_ = 0;
}

}  // namespace lobby::sim
