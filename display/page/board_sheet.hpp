#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "display/page/board_draft.hpp"
#include "display/page/board_page.hpp"

/// What stands in which column and row of a zone at an instant.
namespace lobby::display {

struct SheetSpan {
  std::string text;
  Ink ink = Ink::text;
  int column = 0;
  Lamp lamp = Lamp::none;  ///< at `column`; the text then begins two columns further
};
using SheetLine = std::vector<SheetSpan>;

/// The room, in half-width columns and lines.
struct Grid {
  int columns = 2;
  int rows = 1;
  int cell = 0;        ///< dots of a column; 0: nothing scrolls
  int pitch = 0;       ///< dots from line to line
  bool marks = false;  ///< the sheet also tells where its rows are
};

/// A row on the way of what moves: what it says, and where it begins and how much room it takes, in dots from
/// the start of a round.
struct SheetMark {
  std::size_t says = 0;
  std::int64_t at = 0;
  std::int64_t size = 0;
};

/// How a sheet moves; `speed` 0: it does not.
struct SheetWay {
  int speed = 0;                 ///< dots a second
  std::int64_t round = 0;        ///< dots until it begins anew
  std::int64_t seen = 0;         ///< dots that are seen at once
  std::vector<SheetMark> marks;  ///< in order; only if the grid asks
};

struct Sheet {
  std::vector<SheetLine> lines;  ///< from the top; those that do not move
  bool centred = false;          ///< the lines stand alone, in the middle
  bool spread = false;           ///< lines that do not fill the room stand further apart

  /// What moves stands below the lines: a sentence whose columns count from `shift_x` dots, or rows of which
  /// the first is `shift_y` dots above its place.
  std::vector<SheetLine> moving;
  int shift_x = 0;
  int shift_y = 0;
  SheetWay way;

  std::size_t pages = 1;
  bool flashes = false;  ///< a new call is on it
  std::optional<Instant> next_change;
  Instant length = {};
};

Sheet sheet_of(const BoardDraft& draft, const Grid& grid, const BoardStyle& style, PageTime time);
Sheet sheet_of(const CallsView& view, const Grid& grid, const BoardStyle& style, PageTime time);

}  // namespace lobby::display
