#pragma once

#include <string_view>
#include <vector>

#include "display/page/board_page.hpp"

/// Which page of several is up, by the time alone.
namespace lobby::display {

struct PageTurn {
  std::size_t page = 0;
  Instant length = {};                 ///< all of them once
  std::optional<Instant> next_change;  ///< none: there is one page
};

/// Pages that stay for so long each, again and again. None: page 0, no time.
PageTurn turn_of(const std::vector<Instant>& dwells, PageTime time);

/// Half-width columns that people read count half a character.
Instant reading_time(int columns, const BoardStyle& style);

}  // namespace lobby::display
