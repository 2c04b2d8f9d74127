#include <algorithm>

#include "display/canvas/columns.hpp"
#include "display/canvas/fit.hpp"
#include "display/canvas/scroll.hpp"
#include "display/page/page_turn.hpp"
#include "display/page/sheet_parts.hpp"

namespace lobby::display {
namespace {

struct Placed {
  std::size_t column = 0;  ///< of the draft
  int need = 0;            ///< of its longest text
  int width = 0;
  int start = 0;
};

int columns_of(const DraftCell& cell) {
  return size_of(cell.text).columns + (cell.lamp == Lamp::none ? 0 : 2);
}

/// The columns that say something at all.
std::vector<Placed> used_columns(const BoardDraft& draft) {
  std::vector<Placed> used;
  for (std::size_t i = 0; i < draft.columns.size(); ++i) {
    int need = 0;
    for (const auto& row : draft.rows) {
      need = std::max(need, columns_of(row[i]));
    }
    if (need > 0) {
      need = std::max(need, size_of(draft.columns[i].head).columns);
      used.push_back({i, need, std::min(need, draft.columns[i].least), 0});
    }
  }
  return used;
}

/// Those that fit, the most needed first; then they grow to what their text needs, and the rest goes between.
std::vector<Placed> placed_columns(const BoardDraft& draft, int columns) {
  auto placed = used_columns(draft);
  const auto by_rank = [&](const Placed& a, const Placed& b) {
    return draft.columns[a.column].rank < draft.columns[b.column].rank;
  };
  std::sort(placed.begin(), placed.end(), by_rank);
  int room = columns + 1;
  std::erase_if(placed, [&room](const Placed& one) {
    if (one.width + 1 > room) {
      return true;
    }
    room -= one.width + 1;
    return false;
  });
  for (const bool wished : {true, false}) {
    for (Placed& one : placed) {
      const int aim = wished ? std::min(one.need, draft.columns[one.column].wish) : one.need;
      const int more = std::clamp(aim - one.width, 0, room);
      one.width += more;
      room -= more;
    }
  }
  std::sort(placed.begin(), placed.end(),
            [](const Placed& a, const Placed& b) { return a.column < b.column; });
  const int gaps = static_cast<int>(placed.size()) - 1;
  const int between = 1 + (gaps > 0 ? room / gaps : 0);
  int start = 0;
  for (Placed& one : placed) {
    one.start = start;
    start += one.width + between;
  }
  return placed;
}

SheetLine head_line(const BoardDraft& draft, const std::vector<Placed>& placed) {
  SheetLine line;
  for (const Placed& one : placed) {
    line.push_back({fitted(draft.columns[one.column].head, one.width), Ink::head, one.start});
  }
  return line;
}

SheetLine row_line(const BoardDraft& draft, const std::vector<Placed>& placed, std::size_t row) {
  SheetLine line;
  for (const Placed& one : placed) {
    const DraftCell& cell = draft.rows[row][one.column];
    const int width = one.width - (cell.lamp == Lamp::none ? 0 : 2);
    std::string text =
        draft.columns[one.column].keep_end ? fitted_end(cell.text, width) : fitted(cell.text, width);
    if (!text.empty() || cell.lamp != Lamp::none) {
      line.push_back({std::move(text), cell.ink, one.start, cell.lamp});
    }
  }
  return line;
}

void roll(Sheet& sheet, const BoardDraft& draft, const std::vector<Placed>& placed, const Grid& grid,
          std::pair<int, PageTime> speed_and_time) {
  const auto& [speed, time] = speed_and_time;
  const std::size_t body = static_cast<std::size_t>(grid.rows) - sheet.lines.size();
  // A line stays free between the last row and the first.
  const std::size_t round = draft.rows.size() + 1;
  const auto round_dots = static_cast<std::int64_t>(round) * grid.pitch;
  const auto total = scrolled(speed, time.now - time.since);
  const auto offset = total % round_dots;
  sheet.shift_y = static_cast<int>(offset % grid.pitch);
  for (std::size_t i = 0; i <= body; ++i) {
    const std::size_t row = (static_cast<std::size_t>(offset / grid.pitch) + i) % round;
    sheet.moving.push_back(row < draft.rows.size() ? row_line(draft, placed, row) : SheetLine{});
  }
  sheet.way = {speed, round_dots, static_cast<std::int64_t>(body) * grid.pitch, {}};
  for (std::size_t row = 0; grid.marks && row < draft.rows.size(); ++row) {
    sheet.way.marks.push_back(
        {words_of(draft.rows[row]), static_cast<std::int64_t>(row) * grid.pitch, grid.pitch});
  }
  sheet.length = time_to_scroll(speed, round_dots);
  sheet.next_change = time.since + time_to_scroll(speed, total + 1);
}

}  // namespace

bool has_table(const BoardDraft& draft, int columns) {
  if (!draft.is_table()) {
    return false;
  }
  const auto used = used_columns(draft).size();
  return placed_columns(draft, columns).size() >= std::min<std::size_t>(used, 3);
}

Sheet table_sheet(const BoardDraft& draft, const Grid& grid, const BoardStyle& style, PageTime time) {
  Sheet sheet;
  const bool with_head = grid.rows >= 4;
  const auto body = static_cast<std::size_t>(std::max(1, grid.rows - (with_head ? 2 : 1)));
  const auto placed = placed_columns(draft, grid.columns);
  const bool rolls = style.roll && style.roll_speed > 0 && grid.cell > 0 && draft.rows.size() > body;
  sheet.pages = rolls ? 1 : (draft.rows.size() + body - 1) / body;
  const auto turn = turn_of(std::vector<Instant>(sheet.pages, style.dwell), time);
  sheet.lines.push_back(top_line(draft, grid.columns, turn.page, sheet.pages));
  if (with_head) {
    sheet.lines.push_back(head_line(draft, placed));
  }
  if (rolls) {
    roll(sheet, draft, placed, grid, {style.roll_speed, time});
    return sheet;
  }
  for (std::size_t row = turn.page * body; row < std::min(draft.rows.size(), (turn.page + 1) * body); ++row) {
    sheet.lines.push_back(row_line(draft, placed, row));
  }
  sheet.length = turn.length;
  sheet.next_change = turn.next_change;
  return sheet;
}

}  // namespace lobby::display
