#pragma once

#include <optional>
#include <string>
#include <vector>

#include "display/canvas/canvas.hpp"
#include "display/page/board_style.hpp"
#include "display/page/board_views.hpp"

/// One page of a board. Everything here is a pure function: the same view, room, style and instants give the
/// same dots, whatever was shown before.
namespace lobby::display {

struct PageTime {
  Instant now = {};
  Instant since = {};  ///< when the page came up: dwell, paging and scrolling count from it
};

struct PageResult {
  /// When the page looks different, if nobody changes the view; none: never by itself. While something
  /// scrolls that is its next step of one dot.
  std::optional<Instant> next_change;
  /// How long it takes to show everything once; 0: there is nothing to wait for (an empty table).
  Instant length = {};
  MissingGlyphs missing;  ///< boxes that were drawn
};

/// Draws the page into `zone` of the picture, over whatever was there, and nothing outside.
///
/// By the room there is: one line holds everything as one sentence, which scrolls when it is longer; from two
/// lines on, the first holds the title, the place of 截至 hh:mm (kept free while the data is fresh) and the
/// page number; a table has as many columns as fit, the most needed first; rows that do not fit come page by
/// page, or roll. Text is never cut inside a character but while it scrolls; `…` tells of what is left out.
PageResult draw_page(Picture& picture, Rect zone, const BoardView& view, const BoardStyle& style,
                     PageTime time, Glyphs& glyphs);

/// For cards that have fonts of their own: the same page as lines of coloured text.
struct TextSpan {
  std::string text;
  Ink ink = Ink::text;
  friend bool operator==(const TextSpan&, const TextSpan&) = default;
};
using TextLine = std::vector<TextSpan>;

struct TextPage {
  std::vector<TextLine> lines;  ///< at most `rows`, each at most `columns` half-width places
  std::optional<Instant> next_change;
  Instant length = {};
  bool flashes = false;  ///< a new call is on it
};
/// Nothing scrolls (the card does that by itself if it is told to): what is longer comes page by page. Of a
/// self-test only the address is text.
TextPage lines(const BoardView& view, int columns, int rows, const BoardStyle& style, PageTime time);

}  // namespace lobby::display
