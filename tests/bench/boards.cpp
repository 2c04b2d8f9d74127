#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <limits>
#include <stdexcept>
#include <vector>

#include "drivers/board/onbon_area.hpp"
#include "tests/bench/benches.hpp"

namespace lobby::bench {
namespace {

constexpr int board_width = 1024, board_height = 64;

/// Rows of text as a board's page has them: about a sixth of the pixels is lit.
board::Bytes board_page() {
  board::Bytes rgb(std::size_t{board_width} * board_height * 3, 0);
  unsigned random = 1;
  for (std::size_t pixel = 0; pixel < rgb.size() / 3; ++pixel) {
    random = random * 1'664'525U + 1'013'904'223U;
    if (random >> 24U < 43) {
      rgb[pixel * 3] = 255;
      rgb[pixel * 3 + 1] = pixel % 2 == 0 ? 200 : 0;
    }
  }
  return rgb;
}

/// The fastest of many: what the work takes when nobody disturbs it.
double fastest_ms(int times, const std::function<std::size_t()>& work) {
  double best = std::numeric_limits<double>::max();
  for (int i = 0; i < times; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    if (work() == 0) {
      throw std::runtime_error("nothing was encoded");
    }
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
    best = std::min(best, taken.count());
  }
  return best;
}

}  // namespace

void boards(int frames) {
  const auto rgb = board_page();
  const board::ImageView image{board_width, board_height, rgb};
  board::Bytes copy(rgb.size());
  // So that nobody sees that the copy is not read.
  void* (*volatile copy_bytes)(void*, const void*, std::size_t) = std::memcpy;
  const auto floor = fastest_ms(frames, [&] {
    copy_bytes(copy.data(), rgb.data(), rgb.size());
    return static_cast<std::size_t>(copy[rgb.size() / 2]) + 1;
  });
  for (const auto generation : {board::onbon::Generation::g6, board::onbon::Generation::g5}) {
    board::onbon::GraphicArea area;
    area.generation = generation;
    std::size_t bytes = 0;
    const auto taken = fastest_ms(frames, [&] {
      bytes = board::onbon::area_frames(area, image).front().size();
      return bytes;
    });
    fmt::print(
        "boards {}x{} Onbon {}G: {} bytes in {:.3f} ms (aim < 0.2) = {:.1f} x the {:.4f} ms of copying its "
        "{} bytes of pixels\n",
        board_width, board_height, generation == board::onbon::Generation::g6 ? 6 : 5, bytes, taken,
        taken / floor, floor, rgb.size());
  }
}

}  // namespace lobby::bench
