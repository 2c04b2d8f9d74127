#include <algorithm>

#include "display/canvas/columns.hpp"
#include "display/canvas/fit.hpp"
#include "display/canvas/scroll.hpp"
#include "display/page/page_turn.hpp"
#include "display/page/sheet_parts.hpp"

namespace lobby::display {
namespace {

constexpr int between_rows = 4;  ///< free columns

/// Puts the words of a sentence behind each other; keeps those that are seen.
class Sentence {
 public:
  Sentence(int first_column, int behind_column) : first_(first_column), behind_(behind_column) {}

  void add(std::string_view text, Ink ink, Lamp lamp = Lamp::none) {
    const int wide = size_of(text).columns + (lamp == Lamp::none ? 0 : 2);
    if (wide == 0) {
      return;
    }
    if (used_ < behind_ && used_ + wide > first_) {
      seen_.push_back({std::string(text), ink, used_, lamp});
    }
    used_ += wide;
    end_ = used_;
  }
  void gap(int columns) { used_ = end_ == 0 ? 0 : end_ + columns; }
  /// What was added since `begin` is one row.
  void mark(int begin, std::size_t says) {
    if (end_ > begin) {
      marks_.push_back({says, begin, end_ - begin});
    }
  }

  int columns() const { return end_; }
  int next() const { return used_; }
  const std::vector<SheetMark>& marks() const { return marks_; }
  SheetLine take() { return std::move(seen_); }

 private:
  int first_;
  int behind_;
  int used_ = 0;
  int end_ = 0;
  SheetLine seen_;
  std::vector<SheetMark> marks_;  ///< in columns
};

void say(Sentence& sentence, const BoardDraft& draft, bool titled) {
  if (!titled) {
    if (draft.age != nullptr && draft.age->stale) {
      sentence.add(stale_label(*draft.age), Ink::bad);
      sentence.gap(2);
    }
    sentence.add(draft.title, Ink::title);
    sentence.gap(2);
  }
  for (const auto& row : draft.rows) {
    const int begin = sentence.next();
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto& column = draft.columns[i];
      if (column.keep_end && size_of(row[i].text).columns > column.least) {
        sentence.add(fitted_end(row[i].text, column.least), row[i].ink);
      } else {
        sentence.add(row[i].text, row[i].ink, row[i].lamp);
      }
      sentence.gap(1);
    }
    sentence.mark(begin, words_of(row));
    sentence.gap(between_rows);
  }
  for (const auto& entry : draft.entries) {
    const int begin = sentence.next();
    sentence.add(entry.label, Ink::head);
    sentence.gap(1);
    sentence.add(entry.text, entry.ink);
    sentence.mark(begin, words_of(entry.label + '\n' + entry.text));
    sentence.gap(between_rows);
  }
  for (const auto& piece : draft.alone) {
    const int begin = sentence.next();
    sentence.add(piece, draft.alone_ink);
    sentence.mark(begin, words_of(piece));
    sentence.gap(2);
  }
}

}  // namespace

Sheet ticker_sheet(const BoardDraft& draft, const Grid& grid, const BoardStyle& style, PageTime time) {
  Sheet sheet;
  const bool titled = grid.rows > 1 && !draft.is_alone();
  if (titled) {
    sheet.lines.push_back(top_line(draft, grid.columns, 0, 1));
  }
  Sentence whole(0, grid.columns);
  say(whole, draft, titled);
  if (whole.columns() <= grid.columns) {
    sheet.length = reading_time(whole.columns(), style);
    sheet.lines.push_back(whole.take());
    return sheet;
  }
  // It comes in at the right edge and goes until its end has left at the left one.
  const std::int64_t round = std::int64_t{grid.columns + whole.columns()} * grid.cell;
  const auto total = scrolled(style.scroll_speed, time.now - time.since);
  sheet.shift_x = static_cast<int>(total % round) - grid.columns * grid.cell;
  const int first = std::max(0, sheet.shift_x / grid.cell);
  Sentence seen(first, std::max(0, sheet.shift_x + grid.cell - 1) / grid.cell + grid.columns + 1);
  say(seen, draft, titled);
  sheet.moving.push_back(seen.take());
  sheet.way = {style.scroll_speed, round, std::int64_t{grid.columns} * grid.cell, {}};
  if (grid.marks) {
    for (const auto& mark : whole.marks()) {
      sheet.way.marks.push_back({mark.says, (grid.columns + mark.at) * grid.cell, mark.size * grid.cell});
    }
  }
  sheet.length = time_to_scroll(style.scroll_speed, round);
  sheet.next_change = time.since + time_to_scroll(style.scroll_speed, total + 1);
  return sheet;
}

}  // namespace lobby::display
