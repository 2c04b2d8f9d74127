#include "tests/sim/onbon_bitmap.hpp"

#include <algorithm>

namespace lobby::sim {
namespace {

constexpr std::uint8_t dynamic_area = 0x10;
constexpr std::uint8_t most_display_mode = 48;
constexpr std::size_t page_head_six = 0x1A;
constexpr std::size_t page_head_five = 13;
constexpr milliseconds stay_step{10};
constexpr int word_bits = 32;

struct PageHead {
  milliseconds stay{0};
  std::uint32_t offset = 0, length = 0;
};

std::size_t planes_of(BoardColour colour) {
  return colour == BoardColour::red ? 1 : colour == BoardColour::dual ? 2 : 3;
}

/// A lit dot of one plane added to what the others have lit.
void add_plane(display::Picture& dots, int x, int y, std::size_t plane) {
  display::Colour colour = dots.at(x, y);
  (plane == 0 ? colour.red : plane == 1 ? colour.green : colour.blue) = 255;
  dots.set(x, y, colour);
}

bool has_place(const OnbonArea& area, const BoardShape& shape) {
  return area.width > 0 && area.height > 0 && area.x + area.width <= shape.width &&
         area.y + area.height <= shape.height;
}

/// The head that both generations share, and where the area is.
OnbonError read_area_head(ByteReader& from, OnbonBitmapArea& out, const BoardShape& shape) {
  out.id = from.u8();
  const std::uint8_t run = from.u8();
  out.area.timeout = from.le16();
  const std::uint8_t relates_all = from.u8();
  const std::uint16_t programmes = from.le16();
  from.skip(std::size_t{2} * programmes);
  const std::uint8_t immediate = from.u8();
  from.skip(4);
  const std::uint8_t type = from.u8();
  out.area.x = from.le16();
  out.area.y = from.le16();
  out.area.width = from.le16();
  out.area.height = from.le16();
  from.skip(1);  // frame
  if (!from.is_ok() || run >= onbon_runs || relates_all > 1 || immediate > 2 || type != dynamic_area) {
    return OnbonError::parameter;
  }
  out.area.run = static_cast<OnbonRun>(run);
  return has_place(out.area, shape) ? OnbonError::none : OnbonError::screen_parameter;
}

/// From pageStyle to validLen; false: a field is none.
bool read_page_style(ByteReader& from, const OnbonArea& area, PageHead& page) {
  from.skip(1);  // style
  const std::uint8_t mode = from.u8();
  from.skip(2);  // clear mode, speed
  page.stay = from.le16() * stay_step;
  from.skip(1);  // repeat
  const std::uint16_t valid = from.le16();
  return mode <= most_display_mode && valid == area.width;
}

/// Sixth generation: planes one after the other, words of 32 absolute columns, little-endian; 0 is lit.
std::size_t row_bytes_six(const OnbonArea& area) {
  const int first = area.x / word_bits;
  const int behind = (area.x + area.width + word_bits - 1) / word_bits;
  return static_cast<std::size_t>(behind - first) * 4;
}

std::size_t draw_six(std::span<const std::uint8_t> bits, std::size_t planes, const OnbonArea& area,
                     display::Picture& dots) {
  const std::size_t row_bytes = row_bytes_six(area);
  const int indent = area.x % word_bits;
  std::size_t outside = 0;
  for (std::size_t plane = 0; plane < planes; ++plane) {
    for (int y = 0; y < area.height; ++y) {
      const auto row = bits.subspan(
          (plane * static_cast<std::size_t>(area.height) + static_cast<std::size_t>(y)) * row_bytes,
          row_bytes);
      for (std::size_t column = 0; column < row_bytes * 8; ++column) {
        const std::uint8_t byte = row[column / word_bits * 4 + 3 - column % word_bits / 8];
        if ((byte >> (7 - column % 8) & 1) != 0) {
          continue;
        }
        const int x = static_cast<int>(column) - indent;
        if (x >= 0 && x < area.width) {
          add_plane(dots, x, y, plane);
        } else {
          ++outside;
        }
      }
    }
  }
  return outside;
}

/// Fifth generation: row by row, a byte of each plane in turn, from the area's left edge; 0 is lit.
std::size_t row_bytes_five(const OnbonArea& area) {
  return static_cast<std::size_t>(area.width + 7) / 8;
}

std::size_t draw_five(std::span<const std::uint8_t> bits, std::size_t planes, const OnbonArea& area,
                      display::Picture& dots) {
  const std::size_t row_bytes = row_bytes_five(area);
  std::size_t outside = 0;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    const int y = static_cast<int>(i / (row_bytes * planes));
    const std::size_t in_row = i % (row_bytes * planes);
    for (int bit = 0; bit < 8; ++bit) {
      const int x = static_cast<int>(in_row / planes) * 8 + bit;
      if ((bits[i] >> (7 - bit) & 1) != 0) {
        continue;
      }
      if (x < area.width) {
        add_plane(dots, x, y, in_row % planes);
      } else {
        ++outside;
      }
    }
  }
  return outside;
}

/// Area by area: info, then the bitmaps of its pages one behind the other.
OnbonError read_area_six(ByteReader& from, const BoardShape& shape, OnbonBitmapArea& out) {
  const std::uint32_t length = from.le32();
  ByteReader info(from.take(length));
  if (const OnbonError error = read_area_head(info, out, shape); error != OnbonError::none) {
    return error;
  }
  info.skip(9);
  const std::uint16_t count = info.le16();
  std::vector<PageHead> heads;
  for (int n = 0; n < count && info.is_ok(); ++n) {
    PageHead page;
    const bool has_size = info.le32() == page_head_six;
    const bool has_style = read_page_style(info, out.area, page);
    info.skip(9);
    page.offset = info.le32();
    page.length = info.le32();
    if (!has_size || !has_style) {
      return OnbonError::parameter;
    }
    heads.push_back(page);
  }
  if (!info.is_spent() || heads.empty()) {
    return OnbonError::parameter;
  }
  const std::size_t planes = planes_of(shape.colour);
  const std::size_t size = row_bytes_six(out.area) * static_cast<std::size_t>(out.area.height) * planes;
  std::size_t offset = 0;
  for (const PageHead& page : heads) {
    const auto bits = from.take(page.length);
    if (page.offset != offset || page.length != size || bits.size() != size) {
      return OnbonError::parameter;
    }
    offset += size;
    display::Picture dots(out.area.width, out.area.height);
    out.lit_outside += draw_six(bits, planes, out.area, dots);
    out.area.pages.push_back({std::move(dots), page.stay});
  }
  return OnbonError::none;
}

OnbonError read_area_five(ByteReader& from, const BoardShape& shape, OnbonBitmapArea& out) {
  if (from.le32() != from.left()) {
    return OnbonError::parameter;
  }
  if (const OnbonError error = read_area_head(from, out, shape); error != OnbonError::none) {
    return error;
  }
  const std::uint16_t count = from.le16();
  const std::size_t planes = planes_of(shape.colour);
  const std::size_t size = row_bytes_five(out.area) * static_cast<std::size_t>(out.area.height) * planes;
  for (int n = 0; n < count; ++n) {
    PageHead page;
    const bool has_size = from.le32() == page_head_five + size;
    const bool has_style = read_page_style(from, out.area, page);
    from.skip(4);
    const auto bits = from.take(size);
    if (!has_size || !has_style || !from.is_ok()) {
      return OnbonError::parameter;
    }
    display::Picture dots(out.area.width, out.area.height);
    out.lit_outside += draw_five(bits, planes, out.area, dots);
    out.area.pages.push_back({std::move(dots), page.stay});
  }
  return count > 0 && from.is_spent() ? OnbonError::none : OnbonError::parameter;
}

}  // namespace

std::optional<std::vector<OnbonBitmapArea>> read_bitmap_areas(std::span<const std::uint8_t> data,
                                                              OnbonGeneration generation,
                                                              const BoardShape& shape, OnbonError& error) {
  ByteReader from(data);
  const bool is_six = generation == OnbonGeneration::six;
  const std::uint16_t count = is_six ? from.le16() : std::uint16_t{1};
  std::vector<OnbonBitmapArea> areas;
  error = count == 0 ? OnbonError::parameter : OnbonError::none;
  for (int n = 0; n < count && error == OnbonError::none; ++n) {
    OnbonBitmapArea area;
    error = is_six ? read_area_six(from, shape, area) : read_area_five(from, shape, area);
    areas.push_back(std::move(area));
  }
  if (error == OnbonError::none && !from.is_spent()) {
    error = OnbonError::parameter;
  }
  return error == OnbonError::none ? std::optional(std::move(areas)) : std::nullopt;
}

}  // namespace lobby::sim
