#include "tests/sim/board_picture.hpp"

#include <algorithm>

namespace lobby::sim {
namespace {

constexpr display::Colour board_housing{0x24, 0x26, 0x29};
constexpr display::Colour board_edge{0x3A, 0x3D, 0x41};
constexpr display::Colour board_pane{0x06, 0x06, 0x07};
constexpr display::Colour board_unlit{0x1B, 0x1B, 0x1D};
constexpr int widest_picture = 8192;

std::uint8_t part_of(std::uint8_t value, int percent) {
  return static_cast<std::uint8_t>(value * percent / 100);
}

display::Colour dimmed(display::Colour c, int percent) {
  return {part_of(c.red, percent), part_of(c.green, percent), part_of(c.blue, percent)};
}

display::Colour whiter(display::Colour c) {
  const auto lift = [](std::uint8_t value) {
    return static_cast<std::uint8_t>(value + (255 - value) * 2 / 5);
  };
  return {lift(c.red), lift(c.green), lift(c.blue)};
}

}  // namespace

display::Picture board_picture(const display::Picture& pixels, int pitch) {
  const int most = std::max(1, widest_picture / std::max({1, pixels.width(), pixels.height()}));
  pitch = std::clamp(pitch, 1, most);
  if (pitch == 1) {
    return pixels;
  }
  const int around = 2 + pitch * 2;
  const int width = pixels.width() * pitch;
  const int height = pixels.height() * pitch;
  display::Picture out(width + 2 * around, height + 2 * around, board_housing);
  out.fill(around - pitch - 2, around - pitch - 2, width + 2 * pitch + 4, height + 2 * pitch + 4, board_edge);
  out.fill(around - pitch, around - pitch, width + 2 * pitch, height + 2 * pitch, board_pane);
  const auto each = [&](bool lit, auto&& draw) {
    for (int y = 0; y < pixels.height(); ++y) {
      for (int x = 0; x < pixels.width(); ++x) {
        if (const display::Colour colour = pixels.at(x, y); (colour != display::Colour{}) == lit) {
          draw(around + (x + 0.5) * pitch, around + (y + 0.5) * pitch, colour);
        }
      }
    }
  };
  each(false, [&](double x, double y, display::Colour) { out.disc(x, y, pitch * 0.325, board_unlit); });
  each(true, [&](double x, double y, display::Colour c) { out.disc(x, y, pitch * 0.575, dimmed(c, 45)); });
  each(true, [&](double x, double y, display::Colour c) {
    out.disc(x, y, pitch * 0.41, c);
    out.disc(x, y, pitch * 0.19, whiter(c));
  });
  return out;
}

display::Picture lit_picture(const display::Bitmap& dots) {
  constexpr display::Colour red{0xFF, 0, 0};
  display::Picture picture(dots.width(), dots.height());
  picture.draw(dots, 0, 0, red);
  return picture;
}

}  // namespace lobby::sim
