#include "drivers/board/gb_text.hpp"

#include <array>

#include "drivers/link/gb18030.hpp"

namespace lobby::board {

void put_gbk(Bytes& out, std::string_view utf8, std::size_t room, TextLosses& losses) {
  constexpr std::array<std::uint8_t, 2> wide_backslash{0xA3, 0xDC};
  bool is_full = false;
  for (const auto& character : link::to_gb(utf8, link::GbSet::gbk)) {
    ByteView bytes(character.bytes.data(), character.size);
    if (character.size == 1 && character.bytes[0] == '\\') {
      bytes = wide_backslash;
    }
    is_full = is_full || bytes.size() > room;
    if (is_full) {
      ++losses.cut;
      continue;
    }
    room -= bytes.size();
    losses.replaced += character.lost ? 1 : 0;
    put(out, bytes);
  }
}

}  // namespace lobby::board
