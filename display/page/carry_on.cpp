#include <algorithm>

#include "display/canvas/scroll.hpp"
#include "display/page/board_room.hpp"
#include "display/page/playlist.hpp"

namespace lobby::display {
namespace {

/// How a page moves in its zone, with the places of its rows.
SheetWay way_of(Rect area, const BoardView& view, const BoardStyle& style) {
  if (area.empty() || std::holds_alternative<CallsView>(view) || std::holds_alternative<BlankView>(view) ||
      std::holds_alternative<SelfTestView>(view)) {
    return {};
  }
  const auto draft = draft_of(view, style);
  Grid grid = room_of(area, view, draft, style).grid;
  grid.marks = true;
  return sheet_of(draft, grid, style, {}).way;
}

/// By how many dots the rows lie further back than they did, told by the first of those that are seen which
/// is still there; none: nothing of what is read is left, or nothing is seen yet.
std::optional<std::int64_t> moved_by(const SheetWay& before, const SheetWay& after, std::int64_t position) {
  for (const auto& mark : before.marks) {
    if (mark.at + mark.size <= position || mark.at >= position + before.seen) {
      continue;
    }
    const auto again = std::find_if(after.marks.begin(), after.marks.end(),
                                    [&](const auto& other) { return other.says == mark.says; });
    if (again != after.marks.end()) {
      return again->at - mark.at;
    }
  }
  return std::nullopt;
}

Turn carried_turn(const SheetWay& before, const SheetWay& after, Turn turn, Instant now) {
  if (after.speed == 0 || before.speed != after.speed) {
    turn.ahead = {};
    return turn;
  }
  const Instant elapsed = now - (turn.since - turn.ahead);
  const auto total = scrolled(before.speed, elapsed);
  const auto position = total % before.round;
  if (const auto moved = moved_by(before, after, position)) {
    const auto rounds = total / before.round;
    const auto then = std::max<std::int64_t>(0, rounds * after.round + position + *moved);
    // The part of a dot that is on its way goes on, too.
    turn.ahead += time_to_scroll(after.speed, then) - time_to_scroll(before.speed, total);
  }
  return turn;
}

}  // namespace

Turns carried_on(const Playlist& playlist, const BoardViews& before, const BoardViews& after, Turns turns,
                 Instant now) {
  for (std::size_t i = 0; i < std::min(turns.zones.size(), playlist.zones.size()); ++i) {
    const auto& zone = playlist.zones[i];
    Turn& turn = turns.zones[i];
    if (!turn.begun || turn.item >= zone.items.size()) {
      continue;
    }
    const auto& name = zone.items[turn.item].view;
    const auto old_page = before.pages.find(name);
    const auto page = after.pages.find(name);
    if (old_page == before.pages.end() || page == after.pages.end() || old_page->second == page->second) {
      continue;
    }
    turn = carried_turn(way_of(zone.area, old_page->second, playlist.style),
                        way_of(zone.area, page->second, playlist.style), turn, now);
  }
  return turns;
}

}  // namespace lobby::display
