#include "drivers/board/onbon_bitmap.hpp"

#include <algorithm>
#include <array>

namespace lobby::board::onbon {
namespace {

constexpr std::size_t pixel_bytes = 3;

struct Words {
  std::array<std::uint32_t, 3> lit{};  ///< red, green, blue; the leftmost pixel in bit 31
};

/// Up to 32 pixels from `from` on, the first of them at column `shift` of the word.
Words lit_words(const std::uint8_t* from, std::size_t count, std::size_t shift, std::uint8_t threshold) {
  Words words;
  for (std::size_t i = 0; i < count; ++i, from += pixel_bytes) {
    const auto bit = static_cast<int>(31 - shift - i);
    words.lit[0] |= static_cast<std::uint32_t>(from[0] >= threshold) << bit;
    words.lit[1] |= static_cast<std::uint32_t>(from[1] >= threshold) << bit;
    words.lit[2] |= static_cast<std::uint32_t>(from[2] >= threshold) << bit;
  }
  return words;
}

/// What the board's lamps are of what the picture's colours are.
void fold(Words& words, int planes) {
  auto& [red, green, blue] = words.lit;
  if (planes == 1) {
    red |= green | blue;
  } else if (planes == 2) {
    green |= blue & ~red;
  }
}

void put_word_g6(std::uint8_t* to, std::uint32_t lit) {
  const auto dark = ~lit;
  for (unsigned byte = 0; byte < 4; ++byte) {
    to[byte] = byte_of(dark >> (8 * byte));
  }
}

void put_g6(std::uint8_t* out, const BitmapForm& form, int x, const ImageView& image) {
  const auto width = static_cast<std::size_t>(image.width);
  const auto row_bytes = bitmap_row_bytes(form, x, image.width);
  const auto plane_bytes = row_bytes * static_cast<std::size_t>(image.height);
  for (int y = 0; y < image.height; ++y) {
    const auto* row = image.row(y).data();
    auto* to = out + static_cast<std::size_t>(y) * row_bytes;
    auto shift = static_cast<std::size_t>(x % 32);
    for (std::size_t column = 0; column < width; to += 4) {
      const auto count = std::min(32 - shift, width - column);
      auto words = lit_words(row + column * pixel_bytes, count, shift, form.threshold);
      fold(words, form.planes);
      for (std::size_t plane = 0; plane < static_cast<std::size_t>(form.planes); ++plane) {
        put_word_g6(to + plane * plane_bytes, words.lit[plane]);
      }
      column += count;
      shift = 0;
    }
  }
}

void put_g5(std::uint8_t* to, const BitmapForm& form, const ImageView& image) {
  const auto width = static_cast<std::size_t>(image.width);
  const auto planes = static_cast<std::size_t>(form.planes);
  for (int y = 0; y < image.height; ++y) {
    const auto* row = image.row(y).data();
    for (std::size_t column = 0; column < width; column += 32) {
      const auto count = std::min<std::size_t>(32, width - column);
      auto words = lit_words(row + column * pixel_bytes, count, 0, form.threshold);
      fold(words, form.planes);
      for (std::size_t bit = 0; bit < count; bit += 8) {
        for (std::size_t plane = 0; plane < planes; ++plane) {
          *to++ = byte_of(~words.lit[plane] >> (24 - bit));
        }
      }
    }
  }
}

}  // namespace

std::size_t bitmap_row_bytes(const BitmapForm& form, int x, int width) {
  if (form.generation == Generation::g5) {
    return static_cast<std::size_t>((width + 7) / 8);
  }
  return static_cast<std::size_t>((x + width + 31) / 32 - x / 32) * 4;
}

void put_bitmap(Bytes& out, const BitmapForm& form, int x, const ImageView& image) {
  const auto begin = out.size();
  out.resize(begin + bitmap_row_bytes(form, x, image.width) * static_cast<std::size_t>(image.height) *
                         static_cast<std::size_t>(form.planes));
  if (form.generation == Generation::g6) {
    put_g6(out.data() + begin, form, x, image);
  } else {
    put_g5(out.data() + begin, form, image);
  }
}

}  // namespace lobby::board::onbon
