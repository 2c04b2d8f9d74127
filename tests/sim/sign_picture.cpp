#include <algorithm>

#include "firmware/wire/button_panel.hpp"
#include "firmware/wire/glyphs.hpp"
#include "tests/sim/gb_text.hpp"
#include "tests/sim/unit_model.hpp"

namespace lobby::sim {
namespace {

using display::Bitmap;
using display::Colour;
using display::Picture;

constexpr int pitch = 8;   ///< picture dots per diode
constexpr int frame = 20;  ///< around the pane
constexpr Colour housing{0x24, 0x26, 0x29};
constexpr Colour edge{0x3A, 0x3D, 0x41};
constexpr Colour pane{0x0A, 0x05, 0x05};
constexpr Colour unlit{0x26, 0x0B, 0x0A};
constexpr Colour glow{0x7A, 0x10, 0x08};
constexpr Colour lit{0xFF, 0x2B, 0x18};
constexpr Colour core{0xFF, 0x8A, 0x70};

constexpr int button = 96;  ///< of a panel, with what is around it
constexpr int buttons_per_row = 4;
constexpr Colour button_dark{0x4A, 0x4D, 0x52};
constexpr Colour button_lit{0x4C, 0xD2, 0x5E};
constexpr Colour button_blinking{0xFF, 0xC2, 0x2E};
constexpr Colour rim{0x16, 0x17, 0x19};

}  // namespace

Bitmap sign_dots(std::span<const std::uint16_t> cells, const display::DotFont& font, bool builtin_only) {
  Bitmap dots(wire::window_unit::sign_width, wire::window_unit::sign_height);
  int x = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    for (const char32_t c : from_cells(cells.subspan(i, 1))) {
      // The wire says the width, not the font: two bytes are 16 dots, one is 8.
      const int width = cells[i] > 0xFF ? 16 : 8;
      const bool lacks = builtin_only && !wire::glyphs::is_builtin(cells[i]);
      const Bitmap glyph =
          lacks ? display::missing_glyph(width, wire::window_unit::sign_height) : font.glyph(c);
      dots.draw(glyph, x + (width - glyph.width()) / 2, 0);
      x += width;
    }
  }
  return dots;
}

Picture sign_picture(const Bitmap& dots) {
  const int width = dots.width() * pitch;
  const int height = dots.height() * pitch;
  Picture picture(width + 2 * frame, height + 2 * frame, housing);
  picture.fill(frame - 10, frame - 10, width + 20, height + 20, edge);
  picture.fill(frame - 8, frame - 8, width + 16, height + 16, pane);
  const auto each = [&](bool on, auto&& draw) {
    for (int y = 0; y < dots.height(); ++y) {
      for (int x = 0; x < dots.width(); ++x) {
        if (dots.at(x, y) == on) {
          draw(frame + (x + 0.5) * pitch, frame + (y + 0.5) * pitch);
        }
      }
    }
  };
  each(false, [&](double x, double y) { picture.disc(x, y, 2.6, unlit); });
  each(true, [&](double x, double y) { picture.disc(x, y, 4.6, glow); });
  each(true, [&](double x, double y) {
    picture.disc(x, y, 3.3, lit);
    picture.disc(x, y, 1.5, core);
  });
  return picture;
}

Picture panel_picture(std::uint16_t lamps, std::uint16_t blinking, const display::DotFont& font) {
  constexpr int count = wire::button_panel::buttons;
  Picture picture(buttons_per_row * button + 2 * frame, count / buttons_per_row * button + 2 * frame,
                  housing);
  for (int n = 0; n < count; ++n) {
    const int x = frame + n % buttons_per_row * button + button / 2;
    const int y = frame + n / buttons_per_row * button + button / 2;
    const bool is_lit = (lamps >> n & 1) != 0;
    const bool blinks = is_lit && (blinking >> n & 1) != 0;
    picture.disc(x, y, 42, rim);
    picture.disc(x, y, 38, blinks ? button_blinking : is_lit ? button_lit : button_dark);
    const Bitmap digit = font.glyph(static_cast<char32_t>(U'1' + n));
    picture.draw(digit, x - digit.width() / 2, y - digit.height() / 2, rim);
  }
  return picture;
}

}  // namespace lobby::sim
