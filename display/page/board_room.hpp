#pragma once

#include "display/page/board_sheet.hpp"

namespace lobby::display {

/// How a zone is divided for a page: the size of its characters and its lines.
struct BoardRoom {
  Lettering lettering;
  Grid grid;
  int left = 0;  ///< the dots that are no whole column or line are shared out at the edges
  int top = 0;
};

/// The style's size, or by the zone's: what stands alone or fills no table is as large as fits.
BoardRoom room_of(Rect zone, const BoardView& view, const BoardDraft& draft, const BoardStyle& style);

}  // namespace lobby::display
