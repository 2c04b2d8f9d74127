#include <algorithm>
#include <functional>

#include "display/canvas/columns.hpp"
#include "display/canvas/fit.hpp"
#include "display/page/sheet_parts.hpp"

namespace lobby::display {

std::size_t words_of(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}

std::size_t words_of(const std::vector<DraftCell>& row) {
  std::string all;
  for (const auto& cell : row) {
    all.append(cell.text).push_back('\n');
  }
  return words_of(all);
}

std::string stale_label(const Age& age) {
  return "截至 " + age.as_of;
}

SheetLine top_line(const BoardDraft& draft, int columns, std::size_t page, std::size_t pages) {
  SheetLine line;
  int room = columns;
  if (pages > 1) {
    std::string number = std::to_string(page + 1).append("/").append(std::to_string(pages));
    const int wide = size_of(number).columns;
    if (wide + 3 <= room) {
      room -= wide;
      line.push_back({std::move(number), Ink::dim, room});
      room -= 1;
    }
  }
  const int title = size_of(draft.title).columns;
  if (draft.age != nullptr) {
    const std::string label = stale_label(*draft.age);
    const int place = std::max(10, size_of(label).columns);
    const bool both = title + 1 + place <= room;
    if (draft.age->stale) {
      line.push_back({fitted(label, room), Ink::bad, both ? room - size_of(label).columns : 0});
      if (!both) {
        return line;  // no place beside the title: that it is old matters more
      }
    }
    room -= both ? place + 1 : 0;
  }
  line.push_back({fitted(draft.title, room), Ink::title, 0});
  return line;
}

Sheet sheet_of(const BoardDraft& draft, const Grid& grid, const BoardStyle& style, PageTime time) {
  if (draft.is_alone()) {
    return alone_sheet(draft, grid, style, time);
  }
  if (draft.is_table() && draft.rows.empty()) {
    Sheet sheet;
    sheet.lines.push_back(top_line(draft, grid.columns, 0, 1));
    return sheet;
  }
  if (grid.cell > 0 && grid.rows <= 2) {
    return ticker_sheet(draft, grid, style, time);
  }
  return has_table(draft, grid.columns) && grid.rows > 1 ? table_sheet(draft, grid, style, time)
                                                         : flow_sheet(draft, grid, style, time);
}

}  // namespace lobby::display
