#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "display/page/board_style.hpp"
#include "display/page/board_views.hpp"

/// What a page says, before it is known how much room there is.
namespace lobby::display {

/// A lamp stands in front of its text and takes two columns.
enum class Lamp : std::uint8_t { none, lit, ring };

struct DraftCell {
  std::string_view text = {};
  Ink ink = Ink::text;
  Lamp lamp = Lamp::none;
};

struct DraftColumn {
  std::string_view head = {};
  int least = 0;          ///< below that it is left out
  int wish = 0;           ///< what it gets before another gets more than it wishes
  int rank = 0;           ///< 0 is needed most; from 4 on not said where there is no room for a table
  bool keep_end = false;  ///< of what is too long the end is kept
};

struct DraftEntry {
  std::string label;
  std::string text;
  Ink ink = Ink::text;
};

/// One of these: a table, entries, or text that stands alone. Refers to the view and the style.
struct BoardDraft {
  std::string_view title = {};
  const Age* age = nullptr;
  std::vector<DraftColumn> columns = {};
  std::vector<std::vector<DraftCell>> rows = {};
  std::vector<DraftEntry> entries = {};
  std::vector<std::string> alone = {};  ///< pieces; each stays on one line if it fits there
  Ink alone_ink = Ink::text;

  bool is_table() const { return !columns.empty(); }
  bool is_alone() const { return !alone.empty(); }
};

/// Of a blank page, calls and a self-test empty: they are no text, or depend on the time.
BoardDraft draft_of(const BoardView& view, const BoardStyle& style);

}  // namespace lobby::display
