#pragma once

#include <vector>

#include "display/page/board_sheet.hpp"

/// The ways in which a draft fills its room.
namespace lobby::display {

/// What a row says, to find it again in another version of its page.
std::size_t words_of(const std::vector<DraftCell>& row);
std::size_t words_of(std::string_view text);

/// 截至 hh:mm
std::string stale_label(const Age& age);

/// Title, the place of the age, and `page` of `pages` (from 0; nothing when there is one).
SheetLine top_line(const BoardDraft& draft, int columns, std::size_t page, std::size_t pages);

/// A table with as many columns as fit; false when too few do, and sentences say more.
bool has_table(const BoardDraft& draft, int columns);
Sheet table_sheet(const BoardDraft& draft, const Grid& grid, const BoardStyle& style, PageTime time);

/// Everything as one sentence on the last line, below a title if there are more.
Sheet ticker_sheet(const BoardDraft& draft, const Grid& grid, const BoardStyle& style, PageTime time);

/// Entries and sentences, broken into lines; lines of one stay on one page if they fit there.
Sheet flow_sheet(const BoardDraft& draft, const Grid& grid, const BoardStyle& style, PageTime time);
/// Does the flow fit without a second page?
bool flow_fits(const BoardDraft& draft, const Grid& grid);

Sheet alone_sheet(const BoardDraft& draft, const Grid& grid, const BoardStyle& style, PageTime time);
bool alone_fits(const BoardDraft& draft, const Grid& grid);

}  // namespace lobby::display
