#include <algorithm>

#include "drivers/link/gb18030.hpp"
#include "drivers/window/window_unit.hpp"
#include "firmware/wire/glyphs.hpp"

namespace lobby::window {

std::vector<std::uint16_t> cells_of(std::string_view utf8, std::size_t& lost) {
  lost = 0;
  std::vector<std::uint16_t> cells;
  for (const auto& character : link::to_gb(utf8, link::GbSet::gb2312)) {
    if (cells.size() == wire::window_unit::text_cells) {
      break;
    }
    lost += character.lost ? 1 : 0;
    cells.push_back(character.size == 1
                        ? character.bytes[0]
                        : static_cast<std::uint16_t>(character.bytes[0] << 8 | character.bytes[1]));
  }
  return cells;
}

bool needs_dots(const std::vector<std::uint16_t>& cells) {
  return !std::all_of(cells.begin(), cells.end(), wire::glyphs::is_builtin);
}

}  // namespace lobby::window
