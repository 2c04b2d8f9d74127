#pragma once

#include <cstddef>
#include <string_view>

#include "drivers/board/bytes.hpp"

namespace lobby::board {

/// What became of a text on the way to a card that holds the font.
struct TextLosses {
  std::size_t replaced = 0;  ///< characters that GBK lacks: 〓 stands there
  std::size_t cut = 0;       ///< characters behind the longest text
  friend bool operator==(const TextLosses&, const TextLosses&) = default;
};

/// Appends a text in GBK, at most `room` bytes of it and only whole characters. A backslash, which would
/// begin an order to the card, becomes a wide one.
void put_gbk(Bytes& out, std::string_view utf8, std::size_t room, TextLosses& losses);

}  // namespace lobby::board
