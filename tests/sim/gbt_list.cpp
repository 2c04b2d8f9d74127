#include "tests/sim/gbt_list.hpp"

#include <algorithm>
#include <charconv>

#include "display/canvas/utf8.hpp"
#include "tests/sim/board_text.hpp"

namespace lobby::sim {
namespace {

constexpr milliseconds gbt_tick{10};
constexpr int gbt_cell = 16;
constexpr int gbt_most_scale = 8;
constexpr std::size_t most_items = 64;

bool are_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<int> whole_number(std::string_view text) {
  int value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool fits = fault == std::errc() && end == text.data() + text.size() && are_digits(text);
  return fits ? std::optional(value) : std::nullopt;
}

/// Draws one item's content; the pen goes on from mark to mark.
class GbtPen {
 public:
  GbtPen(const BoardShape& shape, const display::DotFont& font)
      : shape_(shape), font_(font), dots_(shape.width, shape.height) {}

  /// false: a mark that is none.
  bool write(std::string_view content) {
    while (!content.empty()) {
      const std::size_t plain = plain_length(content);
      put(content.substr(0, plain));
      content.remove_prefix(plain);
      if (!content.empty() && !obey(content)) {
        return false;
      }
    }
    return true;
  }
  display::Picture dots() const { return dots_; }
  const std::string& text() const { return text_; }

 private:
  /// Up to the next mark; the second half of a character can be a backslash.
  static std::size_t plain_length(std::string_view content) {
    std::size_t i = 0;
    while (i < content.size() && content[i] != '\\') {
      i += static_cast<unsigned char>(content[i]) >= 0x80 ? 2 : 1;
    }
    return std::min(i, content.size());
  }

  void put(std::string_view gbk) {
    const std::span bytes(reinterpret_cast<const std::uint8_t*>(gbk.data()), gbk.size());
    const auto glyphs = gbk_glyphs(bytes, on_glass(colour_, shape_.colour));
    x_ = draw_glyphs(dots_, glyphs, x_, y_, scale_, font_);
    for (const BoardGlyph& glyph : glyphs) {
      display::append_utf8(text_, glyph.c);
    }
  }

  std::optional<int> part(std::string_view digits, std::size_t from, std::size_t size) const {
    return digits.size() >= from + size ? whole_number(digits.substr(from, size)) : std::nullopt;
  }

  /// A mark at the front of `content`, which is taken off.
  bool obey(std::string_view& content) {
    const char mark = content.size() > 1 ? content[1] : '\0';
    const std::string_view behind = content.substr(std::min<std::size_t>(2, content.size()));
    std::size_t size = 0;
    if (mark == 'C') {
      size = 6;
      const auto x = part(behind, 0, 3);
      const auto y = part(behind, 3, 3);
      if (!x || !y || *x >= shape_.width || *y >= shape_.height) {
        return false;
      }
      x_ = left_ = *x;
      y_ = *y;
    } else if (mark == 'f' || mark == 'F') {
      size = 5;
      const auto height = part(behind, 1, 2);
      if (!height || !part(behind, 3, 2) || *height < gbt_cell) {
        return false;
      }
      scale_ = std::min(*height / gbt_cell, gbt_most_scale);
    } else if (mark == 'c') {
      size = 12;
      const auto red = part(behind, 0, 3);
      const auto green = part(behind, 3, 3);
      const auto blue = part(behind, 6, 3);
      if (!red || !green || !blue || !part(behind, 9, 3) || *red > 255 || *green > 255 || *blue > 255) {
        return false;
      }
      colour_ = {static_cast<std::uint8_t>(*red), static_cast<std::uint8_t>(*green),
                 static_cast<std::uint8_t>(*blue)};
    } else if (mark == 'n') {
      x_ = left_;
      y_ += gbt_cell * scale_;
      text_ += '\n';
    } else {
      return false;
    }
    content.remove_prefix(2 + size);
    return true;
  }

  const BoardShape& shape_;
  const display::DotFont& font_;
  display::Picture dots_;
  std::string text_;
  display::Colour colour_{255, 0, 0};
  int x_ = 0, y_ = 0, left_ = 0, scale_ = 1;
};

/// "Item003=500,1,0,content"; nullopt: it is something else. An item that is wrong comes back without dots.
std::optional<GbtItem> read_item(std::string_view line, const BoardShape& shape,
                                 const display::DotFont& font) {
  const std::size_t sign = line.find('=');
  std::string key(line.substr(0, std::min(sign, line.size())));
  std::transform(key.begin(), key.end(), key.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (sign == std::string_view::npos || !key.starts_with("item") ||
      !are_digits(std::string_view(key).substr(4))) {
    return std::nullopt;
  }
  std::string_view rest = line.substr(sign + 1);
  GbtItem item{milliseconds(0), display::Picture(0, 0), {}};
  for (int n = 0; n < 3; ++n) {
    const std::size_t comma = rest.find(',');
    const auto value = comma == std::string_view::npos ? std::nullopt : whole_number(rest.substr(0, comma));
    if (!value) {
      return item;
    }
    item.stay = n == 0 ? *value * gbt_tick : item.stay;
    rest.remove_prefix(comma + 1);
  }
  GbtPen pen(shape, font);
  if (item.stay.count() > 0 && pen.write(rest)) {
    item.dots = pen.dots();
    item.text = pen.text();
  }
  return item;
}

}  // namespace

std::optional<std::vector<GbtItem>> read_gbt_list(std::span<const std::uint8_t> gbk, const BoardShape& shape,
                                                  const display::DotFont& font) {
  std::string_view left(reinterpret_cast<const char*>(gbk.data()), gbk.size());
  std::vector<GbtItem> items;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find('\n'), left.size());
    std::string_view line = left.substr(0, end);
    left.remove_prefix(std::min(end + 1, left.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) {
      line.remove_suffix(1);
    }
    auto item = read_item(line, shape, font);
    if (!item) {
      continue;
    }
    if (item->dots.width() == 0 || items.size() == most_items) {
      return std::nullopt;
    }
    items.push_back(std::move(*item));
  }
  return items.empty() ? std::nullopt : std::optional(std::move(items));
}

}  // namespace lobby::sim
