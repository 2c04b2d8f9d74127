#pragma once

#include <optional>
#include <vector>

#include "display/page/board_sheet.hpp"

namespace lobby::display {

/// The calls that a board with so many places shows at an instant.
struct ShownCalls {
  struct One {
    const CallsView::Call* call = nullptr;
    Instant start = {};  ///< when it got its place: when it was made, or when one was free
  };
  std::vector<One> calls;  ///< the newest first
  /// Until then some call flashes, or waits for a place to do so; at most `now`: none does.
  Instant busy_until = {};
  std::optional<Instant> next_change;
};

/// A call gets a place when it is made, unless all hold calls that have not yet flashed for their time. A
/// newer call of the same ticket stands in for the older one.
ShownCalls shown_calls(const CallsView& view, std::size_t places, const BoardStyle& style, Instant now);

/// How many calls a grid has room for.
std::size_t call_places(const Grid& grid);

}  // namespace lobby::display
