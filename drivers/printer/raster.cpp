#include "drivers/printer/raster.hpp"

#include <algorithm>

namespace lobby::printer::escpos {
namespace {

constexpr int strip_rows = 128;
constexpr int longest_frame = 40;  ///< what stands around the dots of a strip, a change of style too
constexpr std::uint8_t dle = 0x10;

constexpr bool follows_dle(std::uint8_t byte) {
  return byte == 0x04 || byte == 0x05 || byte == 0x14;
}

/// No head ends with DLE and no command begins with what may not follow it, so the data alone decide.
void break_real_time(std::span<std::uint8_t> data) {
  for (std::size_t i = 0; i + 1 < data.size(); ++i) {
    if (data[i] == dle && follows_dle(data[i + 1])) {
      data[i] = 0x30;
    }
  }
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
  int width = stride * 8;
  if (const std::uint8_t named[] = {byte_of(width, 0), byte_of(width, 8)}; has_real_time(named)) {
    --width;  // 1040 dots are DLE EOT: the rows are as long, their last dot stays white
  }
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

bool add_raster(Encoded& encoded, const Dots& dots, Profile::Raster command) {
  auto& out = encoded.bytes;
  const int most = std::clamp((longest_command - longest_frame) / std::max(dots.stride, 1), 1, strip_rows);
  for (int row = 0; row < dots.height;) {
    int rows = std::min(most, dots.height - row);
    auto head = strip_head(dots.stride, rows, command);
    while (has_real_time(head) && rows > 1) {
      head = strip_head(dots.stride, --rows, command);  // a length can be one too
    }
    if (has_real_time(head) || dots.stride > longest_command - longest_frame) {
      return false;
    }
    out.insert(out.end(), head.begin(), head.end());
    const auto begin = out.size();
    const auto from = dots.rows.begin() + static_cast<std::ptrdiff_t>(row) * dots.stride;
    out.insert(out.end(), from, from + static_cast<std::ptrdiff_t>(rows) * dots.stride);
    break_real_time(std::span(out).subspan(begin));
    if (command == Profile::Raster::gs_8_l) {
      out.insert(out.end(), {0x1D, 0x28, 0x4C, 0x02, 0x00, 0x30, 0x32});  // it was only stored
    }
    encoded.seam();
    row += rows;
  }
  return true;
}

void add_bit_image(Encoded& encoded, std::span<const std::uint32_t, 24> rows, int width) {
  auto& out = encoded.bytes;
  out.insert(out.end(), {0x1B, 0x2A, 33, byte_of(width, 0), byte_of(width, 8)});
  const auto begin = out.size();
  for (int x = 0; x < width; ++x) {
    for (std::size_t top = 0; top < rows.size(); top += 8) {
      unsigned column = 0;
      for (std::size_t y = top; y < top + 8; ++y) {
        column = column << 1U | (rows[y] >> (31 - x) & 1U);
      }
      out.push_back(static_cast<std::uint8_t>(column));
    }
  }
  break_real_time(std::span(out).subspan(begin));
  encoded.seam();
}

}  // namespace lobby::printer::escpos
