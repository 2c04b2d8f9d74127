#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "display/canvas/dot_font.hpp"
#include "display/canvas/picture.hpp"
#include "tests/sim/board_card.hpp"

namespace lobby::sim {

inline TimePoint at_ms(std::int64_t ms) {
  return TimePoint(std::chrono::hours(1)) + milliseconds(ms);
}

/// Bytes of hex digits; what is no digit only parts them.
inline Bytes hex(std::string_view text) {
  Bytes out;
  int high = -1;
  for (const char c : text) {
    const char low = static_cast<char>(c | 0x20);
    const int digit = c >= '0' && c <= '9' ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
    if (digit < 0) {
      continue;
    }
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<std::uint8_t>(high * 16 + digit));
      high = -1;
    }
  }
  return out;
}

inline void append(Bytes& to, const Bytes& more) {
  to.insert(to.end(), more.begin(), more.end());
}

inline const std::shared_ptr<const display::DotFont>& font() {
  static const auto one = std::make_shared<const display::DotFont>();
  return one;
}

inline std::uint64_t refused(const BoardCard& card, std::string_view reason) {
  const auto found = card.counts().refused.find(reason);
  return found == card.counts().refused.end() ? 0 : found->second;
}

inline bool is_dark(const display::Picture& picture) {
  const auto& bytes = picture.bytes();
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

/// R, G, Y and B for dots of one colour, W for all, '.' for dark; rows end with \n.
inline std::string art(const display::Picture& picture, int x, int y, int width, int height) {
  std::string out;
  for (int row = y; row < y + height; ++row) {
    for (int column = x; column < x + width; ++column) {
      const auto c = picture.at(column, row);
      out += ".RGYBMCW"[(c.red != 0 ? 1 : 0) + (c.green != 0 ? 2 : 0) + (c.blue != 0 ? 4 : 0)];
    }
    out += '\n';
  }
  return out;
}

/// What every single wrong bit of something sent does to a card.
struct Flips {
  std::size_t bits = 0;
  std::size_t refused = 0;   ///< the glass is as it was
  std::size_t harmless = 0;  ///< the glass is as the right bits would have made it
  std::size_t wrong = 0;     ///< anything else
  std::vector<std::size_t> wrong_at;

  void tell(const char* name) const {
    std::printf(
        "%s: %zu single-bit flips: %zu leave the glass, %zu show what was sent, %zu show anything else\n",
        name, bits, refused, harmless, wrong);
  }
};

/// `make` gives a card that shows something else already. The pieces are fed whole, with one bit of them
/// wrong at a time, from the byte `first` of all on to before `last`; looked at a moment later.
inline Flips flip_each_bit(const std::function<std::unique_ptr<BoardCard>()>& make,
                           const std::vector<Bytes>& pieces, std::size_t first, std::size_t last) {
  const auto after = [&](const std::vector<Bytes>& sent) {
    const auto card = make();
    TimePoint now = at_ms(1000);
    for (const Bytes& piece : sent) {
      card->feed(piece, now);
    }
    return card->pixels(now + milliseconds(100)).bytes();
  };
  const auto before = after({});
  const auto meant = after(pieces);
  REQUIRE(before != meant);
  Flips flips;
  std::size_t place = 0;
  std::vector<Bytes> sent = pieces;
  for (Bytes& piece : sent) {
    for (std::uint8_t& byte : piece) {
      for (int bit = 0; bit < 8 && place >= first && place < last; ++bit) {
        byte = static_cast<std::uint8_t>(byte ^ 1 << bit);
        const auto seen = after(sent);
        byte = static_cast<std::uint8_t>(byte ^ 1 << bit);
        ++flips.bits;
        if (seen == before) {
          ++flips.refused;
        } else if (seen == meant) {
          ++flips.harmless;
        } else {
          ++flips.wrong;
          flips.wrong_at.push_back(place);
        }
      }
      ++place;
    }
  }
  return flips;
}

}  // namespace lobby::sim
