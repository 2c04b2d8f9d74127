#include "display/page/board_room.hpp"

#include <algorithm>
#include <array>

#include "display/page/sheet_parts.hpp"

namespace lobby::display {
namespace {

constexpr std::array sizes = {48, 32, 24, 16};
constexpr int smallest = 16;

BoardRoom divided(Rect zone, int size, const BoardStyle& style) {
  BoardRoom room;
  room.lettering.size = std::max(8, std::min(size, zone.height));
  room.lettering.smooth = style.smooth;
  const int cell = std::max(1, room.lettering.size / 2);
  room.grid.columns = std::max(2, zone.width / cell);
  room.grid.rows = std::max(1, zone.height / room.lettering.size);
  room.grid.cell = style.scroll_speed > 0 ? cell : 0;
  room.grid.pitch = std::max(room.lettering.size, zone.height / room.grid.rows);
  room.left = std::max(0, zone.width - room.grid.columns * cell) / 2;
  room.top = std::max(0, zone.height - room.grid.rows * room.grid.pitch) / 2 +
             (room.grid.pitch - room.lettering.size) / 2;
  return room;
}

int table_size(Rect zone) {
  constexpr int wide_enough = 48;  ///< columns for a table that says something
  const int wanted = zone.height < 96 ? 16 : zone.height < 192 ? 24 : zone.height < 384 ? 32 : 48;
  for (const int size : sizes) {
    if (size <= wanted && zone.width / (size / 2) >= wide_enough) {
      return size;
    }
  }
  return smallest;
}

int call_size(Rect zone) {
  constexpr int whole_call = 10;  ///< columns of A023到3号
  for (const int size : sizes) {
    if (size <= std::max(32, zone.height / 4) && size <= zone.height &&
        zone.width / (size / 2) >= whole_call) {
      return size;
    }
  }
  return smallest;
}

}  // namespace

BoardRoom room_of(Rect zone, const BoardView& view, const BoardDraft& draft, const BoardStyle& style) {
  if (style.size > 0) {
    return divided(zone, style.size, style);
  }
  if (std::holds_alternative<CallsView>(view)) {
    return divided(zone, call_size(zone), style);
  }
  if (draft.is_table()) {
    return divided(zone, table_size(zone), style);
  }
  for (const int size : sizes) {
    const auto room = divided(zone, size, style);
    if (size <= zone.height &&
        (draft.is_alone() ? alone_fits(draft, room.grid) : flow_fits(draft, room.grid))) {
      return room;
    }
  }
  return divided(zone, smallest, style);
}

}  // namespace lobby::display
