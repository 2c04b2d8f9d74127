#include <algorithm>
#include <utility>

#include "display/canvas/columns.hpp"
#include "display/canvas/fit.hpp"
#include "display/page/page_turn.hpp"
#include "display/page/sheet_parts.hpp"

namespace lobby::display {
namespace {

/// Lines that belong together.
using Group = std::vector<SheetLine>;

int label_columns(const BoardDraft& draft, int columns) {
  int widest = 0;
  for (const auto& entry : draft.entries) {
    widest = std::max(widest, size_of(entry.label).columns);
  }
  // No room for a column of labels: each stands in front of its text.
  return widest == 0 || widest * 5 > columns * 2 ? 0 : widest + 1;
}

Group entry_group(const DraftEntry& entry, int columns, int label) {
  Group group;
  const bool in_front = label == 0 && !entry.label.empty();
  const int start = entry.label.empty() ? 0 : label;
  const int wide = size_of(entry.text).columns;
  if (in_front && size_of(entry.label).columns + 1 + wide > columns && wide <= columns) {
    // No end of the text alone on a line, where all of it can be.
    return {{{fitted(entry.label, columns), Ink::head, 0}}, {{entry.text, entry.ink, 0}}};
  }
  const auto text = in_front ? entry.label + " " + entry.text : entry.text;
  for (auto& line : wrap(text, columns - start)) {
    group.push_back({{std::move(line), entry.ink, start}});
  }
  if (in_front && group.front().front().text.starts_with(entry.label)) {
    SheetSpan& first = group.front().front();
    std::string rest = first.text.substr(entry.label.size());
    first = {entry.label, Ink::head, 0};
    if (!rest.empty()) {
      group.front().push_back({std::move(rest), entry.ink, size_of(entry.label).columns});
    }
  } else if (start > 0) {
    group.front().insert(group.front().begin(), SheetSpan{entry.label, Ink::head, 0});
  }
  return group;
}

/// A row of a table that has no room, as the words that are needed most.
Group row_group(const BoardDraft& draft, const std::vector<DraftCell>& row, int columns) {
  constexpr int ranks_said = 4;
  Group group(1);
  int used = 0;
  for (int rank = 0; rank < ranks_said; ++rank) {
    const auto column = std::find_if(draft.columns.begin(), draft.columns.end(),
                                     [rank](const DraftColumn& one) { return one.rank == rank; });
    if (column == draft.columns.end()) {
      continue;
    }
    const auto& cell = row[static_cast<std::size_t>(column - draft.columns.begin())];
    const int lamp = cell.lamp == Lamp::none ? 0 : 2;
    std::string text = column->keep_end ? fitted_end(cell.text, std::min(columns, column->least))
                                        : fitted(cell.text, columns - lamp);
    const int wide = size_of(text).columns + lamp;
    if (wide == 0) {
      continue;
    }
    if (used > 0 && used + 1 + wide > columns) {
      group.emplace_back();
      used = 0;
    }
    const int start = used == 0 ? 0 : used + 1;
    group.back().push_back({std::move(text), cell.ink, start, cell.lamp});
    used = start + wide;
  }
  return group;
}

std::vector<Group> groups_of(const BoardDraft& draft, int columns) {
  std::vector<Group> groups;
  groups.reserve(draft.rows.size() + draft.entries.size());
  for (const auto& row : draft.rows) {
    groups.push_back(row_group(draft, row, columns));
  }
  const int label = label_columns(draft, columns);
  for (const auto& entry : draft.entries) {
    groups.push_back(entry_group(entry, columns, label));
  }
  return groups;
}

/// Where no line is free for it, it has a page of its own, before what it tells of.
void add_age(std::vector<Group>& groups, const BoardDraft& draft, int columns) {
  if (draft.age != nullptr && draft.age->stale) {
    groups.insert(groups.begin(), Group{{{fitted(stale_label(*draft.age), columns), Ink::bad, 0}}});
  }
}

/// Groups on pages of so many lines.
std::vector<Group> pages_of(std::vector<Group> groups, std::size_t lines) {
  std::vector<Group> pages(1);
  for (Group& group : groups) {
    if (!pages.back().empty() && group.size() <= lines && pages.back().size() + group.size() > lines) {
      pages.emplace_back();
    }
    for (SheetLine& line : group) {
      if (pages.back().size() == lines) {
        pages.emplace_back();
      }
      pages.back().push_back(std::move(line));
    }
  }
  return pages;
}

Instant reading_time_of(const Group& page, const BoardStyle& style) {
  int columns = 0;
  for (const auto& line : page) {
    for (const auto& span : line) {
      columns += size_of(span.text).columns;
    }
  }
  return reading_time(columns, style);
}

/// Which of the pages is up, below `sheet.lines`.
PageTurn show_page(Sheet& sheet, std::vector<Group>& pages, const BoardStyle& style, PageTime time) {
  std::vector<Instant> dwells;
  dwells.reserve(pages.size());
  for (const auto& page : pages) {
    dwells.push_back(reading_time_of(page, style));
  }
  const auto turn = turn_of(dwells, time);
  sheet.pages = pages.size();
  sheet.length = turn.length;
  sheet.next_change = turn.next_change;
  return turn;
}

/// The pieces on lines, as many as have room.
std::vector<std::string> alone_lines(const BoardDraft& draft, int columns) {
  constexpr int between = 2;
  std::vector<std::string> out;
  int used = 0;
  for (const auto& piece : draft.alone) {
    const int wide = size_of(piece).columns;
    if (!out.empty() && used + between + wide <= columns) {
      out.back().append(between, ' ').append(piece);
      used += between + wide;
      continue;
    }
    for (auto& line : wrap(piece, columns, true)) {
      used = size_of(line).columns;
      out.push_back(std::move(line));
    }
  }
  return out;
}

/// Lines that are free for text that stands alone: the last one may be the place of its age.
int alone_rows(const BoardDraft& draft, int rows) {
  return draft.age != nullptr && rows > 1 ? rows - 1 : rows;
}

}  // namespace

Sheet flow_sheet(const BoardDraft& draft, const Grid& grid, const BoardStyle& style, PageTime time) {
  const bool titled = grid.rows > 1 && !draft.title.empty();
  auto groups = groups_of(draft, grid.columns);
  if (!titled) {
    add_age(groups, draft, grid.columns);
  }
  auto pages = pages_of(std::move(groups), static_cast<std::size_t>(titled ? grid.rows - 1 : grid.rows));
  Sheet sheet;
  const auto turn = show_page(sheet, pages, style, time);
  if (titled) {
    sheet.lines.push_back(top_line(draft, grid.columns, turn.page, pages.size()));
  }
  sheet.spread = pages.size() == 1;
  for (auto& line : pages[turn.page]) {
    sheet.lines.push_back(std::move(line));
  }
  return sheet;
}

bool flow_fits(const BoardDraft& draft, const Grid& grid) {
  std::size_t lines = draft.title.empty() ? 0 : 1;
  for (const auto& group : groups_of(draft, grid.columns)) {
    lines += group.size();
  }
  return lines <= static_cast<std::size_t>(grid.rows);
}

bool alone_fits(const BoardDraft& draft, const Grid& grid) {
  return alone_lines(draft, grid.columns).size() <= static_cast<std::size_t>(alone_rows(draft, grid.rows));
}

Sheet alone_sheet(const BoardDraft& draft, const Grid& grid, const BoardStyle& style, PageTime time) {
  if (grid.rows == 1 && grid.cell > 0 &&
      (!alone_fits(draft, grid) || (draft.age != nullptr && draft.age->stale))) {
    return ticker_sheet(draft, grid, style, time);
  }
  std::vector<Group> groups;
  if (grid.rows == 1) {
    add_age(groups, draft, grid.columns);
  }
  for (auto& line : alone_lines(draft, grid.columns)) {
    const int start = (grid.columns - size_of(line).columns) / 2;
    groups.push_back({{{std::move(line), draft.alone_ink, std::max(0, start)}}});
  }
  auto pages = pages_of(std::move(groups), static_cast<std::size_t>(alone_rows(draft, grid.rows)));
  Sheet sheet;
  const auto turn = show_page(sheet, pages, style, time);
  sheet.lines = std::move(pages[turn.page]);
  sheet.centred = true;
  if (draft.age != nullptr && grid.rows > 1) {
    // The last line is the label's, so that nothing moves when it comes.
    const auto rows = static_cast<std::size_t>(grid.rows);
    const auto free = rows - sheet.lines.size();
    sheet.lines.insert(sheet.lines.begin(), std::min(free / 2, free - 1), SheetLine{});
    sheet.lines.resize(rows);
    sheet.centred = false;
    if (draft.age->stale) {
      const auto label = stale_label(*draft.age);
      const int start = std::max(0, grid.columns - size_of(label).columns);
      sheet.lines.back() = {{fitted(label, grid.columns), Ink::bad, start}};
    }
  }
  return sheet;
}

}  // namespace lobby::display
