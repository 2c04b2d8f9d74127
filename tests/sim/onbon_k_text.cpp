#include "tests/sim/onbon_k_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tests/sim/board_text.hpp"

namespace lobby::sim {
namespace {

constexpr std::size_t area_head = 27;
constexpr unsigned in_pixels = 0x8000;
constexpr milliseconds stay_unit{500};
constexpr int most_display_modes = 6;

/// X and Width count in eights unless their top bit is set.
int columns(std::uint16_t value) {
  return (value & in_pixels) != 0 ? value & 0x7FFF : value * 8;
}

Place place_of(unsigned bits) {
  return bits == 1 ? Place::end : bits == 2 ? Place::middle : Place::begin;
}

/// \C1 red, \C2 green, \C3 yellow, \n a new line (assumed), \FE001 a font, of which there is one here. What
/// else begins with a backslash is text.
std::vector<BoardGlyph> marked_glyphs(std::span<const std::uint8_t> data) {
  static constexpr std::array<display::Colour, 3> colours{{{255, 0, 0}, {0, 255, 0}, {255, 255, 0}}};
  std::vector<BoardGlyph> out;
  display::Colour colour = colours[0];
  Bytes plain;
  const auto write_out = [&] {
    for (const BoardGlyph& glyph : gbk_glyphs(plain, colour)) {
      out.push_back(glyph);
    }
    plain.clear();
  };
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto at = [&](std::size_t n) { return i + n < data.size() ? data[i + n] : std::uint8_t{0}; };
    if (at(0) >= 0x80 && i + 1 < data.size()) {
      plain.insert(plain.end(), {at(0), at(1)});  // the second half of a character can be a backslash
      ++i;
    } else if (at(0) == '\\' && at(1) == 'C' && at(2) >= '1' && at(2) <= '3') {
      write_out();
      colour = colours[static_cast<std::size_t>(at(2) - '1')];
      i += 2;
    } else if (at(0) == '\\' && at(1) == 'F' && i + 5 < data.size()) {
      i += 5;
    } else if (at(0) == '\\' && at(1) == 'n') {
      plain.push_back('\n');
      ++i;
    } else {
      plain.push_back(at(0));
    }
  }
  write_out();
  return out;
}

struct TextHead {
  int x = 0, y = 0, width = 0, height = 0;
  std::uint8_t id = 0, spacing = 0, run = 0;
  std::uint16_t timeout = 0;
  std::uint8_t extra = 0, setting = 0, single = 0, new_line = 0, display_mode = 0, stay = 0;
  std::uint32_t length = 0;
};

TextHead read_head(ByteReader& from) {
  TextHead head;
  from.skip(1);  // type
  head.x = columns(from.le16());
  head.y = from.le16();
  head.width = columns(from.le16());
  head.height = from.le16();
  head.id = from.u8();
  head.spacing = from.u8();
  head.run = from.u8();
  head.timeout = from.le16();
  from.skip(1);  // sound
  head.extra = from.u8();
  head.setting = from.u8();
  head.single = from.u8();
  head.new_line = from.u8();
  head.display_mode = from.u8();
  from.skip(2);  // exit, speed
  head.stay = from.u8();
  head.length = from.le32();
  return head;
}

OnbonError judge_head(const TextHead& head, const BoardShape& shape) {
  if (head.run >= onbon_runs || head.extra != 0 || (head.setting & 0xF0U) != 0 || (head.setting & 3U) == 3 ||
      (head.setting >> 2U & 3U) == 3 || head.single < 1 || head.single > 2 || head.new_line < 1 ||
      head.new_line > 2 || head.display_mode < 1 || head.display_mode > most_display_modes) {
    return OnbonError::parameter;
  }
  const bool fits = head.width > 0 && head.height > 0 && head.x + head.width <= shape.width &&
                    head.y + head.height <= shape.height;
  return fits ? OnbonError::none : OnbonError::screen_parameter;
}

}  // namespace

std::optional<OnbonTextArea> read_text_area(ByteReader& from, const BoardShape& shape,
                                            const display::DotFont& font, OnbonError& error) {
  const std::size_t size = from.le16();
  const auto whole = from.take(size);
  error = OnbonError::parameter;
  if (!from.is_ok() || size < area_head) {
    return std::nullopt;
  }
  ByteReader reader(whole);
  const TextHead head = read_head(reader);
  if (head.length != reader.left()) {
    return std::nullopt;
  }
  error = judge_head(head, shape);
  if (error != OnbonError::none) {
    return std::nullopt;
  }
  TextBox box;
  box.width = head.width;
  box.height = head.height;
  box.spacing = head.spacing;
  box.one_line = head.single == 1;
  box.wraps = head.new_line == 2;
  box.across = place_of(head.setting & 3U);
  box.down = place_of(head.setting >> 2U & 3U);
  OnbonTextArea out;
  out.id = head.id;
  out.area.x = head.x;
  out.area.y = head.y;
  out.area.width = head.width;
  out.area.height = head.height;
  out.area.run = static_cast<OnbonRun>(head.run);
  out.area.timeout = head.timeout;
  std::vector<BoardGlyph> glyphs = marked_glyphs(reader.rest());
  for (BoardGlyph& glyph : glyphs) {
    glyph.colour = on_glass(glyph.colour, shape.colour);
  }
  for (display::Picture& page : text_pages(glyphs, box, font)) {
    out.area.pages.push_back({std::move(page), std::max(1, static_cast<int>(head.stay)) * stay_unit});
  }
  return out;
}

}  // namespace lobby::sim
