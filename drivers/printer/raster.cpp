#include "drivers/printer/raster.hpp"

#include <algorithm>

namespace lobby::printer::escpos {
namespace {

constexpr int strip_rows = 128;
constexpr int longest_frame = 24;  ///< what stands around the dots of a strip
constexpr std::uint8_t dle = 0x10;

constexpr bool follows_dle(std::uint8_t byte) {
  return byte == 0x04 || byte == 0x05 || byte == 0x14;
}

constexpr std::uint8_t byte_of(int value, int shift) {
  return static_cast<std::uint8_t>(value >> shift & 0xFF);
}

std::vector<std::uint8_t> strip_head(int stride, int rows, Profile::Raster command) {
  if (command == Profile::Raster::gs_v_0) {
    return {
        0x1D, 0x76, 0x30, 0x00, byte_of(stride, 0), byte_of(stride, 8), byte_of(rows, 0), byte_of(rows, 8)};
  }
  const int size = 10 + stride * rows;
  const int width = stride * 8;
  return {0x1D,
          0x38,
          0x4C,
          byte_of(size, 0),
          byte_of(size, 8),
          byte_of(size, 16),
          byte_of(size, 24),
          0x30,
          0x70,
          0x30,
          0x01,
          0x01,
          0x31,
          byte_of(width, 0),
          byte_of(width, 8),
          byte_of(rows, 0),
          byte_of(rows, 8)};
}

}  // namespace

bool has_real_time(std::span<const std::uint8_t> bytes) {
  const auto is_pair = [](std::uint8_t a, std::uint8_t b) { return a == dle && follows_dle(b); };
  return std::adjacent_find(bytes.begin(), bytes.end(), is_pair) != bytes.end();
}

void add_raster(Encoded& encoded, const Dots& dots, Profile::Raster command) {
  auto& out = encoded.bytes;
  const int most = std::clamp((longest_command - longest_frame) / std::max(dots.stride, 1), 1, strip_rows);
  for (int row = 0; row < dots.height;) {
    int rows = std::min(most, dots.height - row);
    auto head = strip_head(dots.stride, rows, command);
    while (has_real_time(head)) {
      head = strip_head(dots.stride, --rows, command);  // a length can be one too
    }
    out.insert(out.end(), head.begin(), head.end());
    const auto begin = out.size();
    const auto from = dots.rows.begin() + static_cast<std::ptrdiff_t>(row) * dots.stride;
    out.insert(out.end(), from, from + static_cast<std::ptrdiff_t>(rows) * dots.stride);
    // No head ends with DLE and no command begins with what may not follow it, so the data alone decide.
    for (auto i = begin; i + 1 < out.size(); ++i) {
      if (out[i] == dle && follows_dle(out[i + 1])) {
        out[i] = 0x30;
      }
    }
    if (command == Profile::Raster::gs_8_l) {
      out.insert(out.end(), {0x1D, 0x28, 0x4C, 0x02, 0x00, 0x30, 0x32});  // it was only stored
    }
    encoded.seam();
    row += rows;
  }
}

}  // namespace lobby::printer::escpos
