#pragma once

#include <string>
#include <vector>

#include "display/ticket/ticket_face.hpp"
#include "tests/sim/paper.hpp"

/// A face as a printer's head burns it: 24-dot characters, lines 30 dots apart, 12 dots a column.
namespace lobby::app::testing {

/// The symbols are of level M.
sim::Sheet sheet_of(const std::vector<display::PaperItem>& items, int columns);

/// PNG of sheets on a desk.
std::string picture_of(const std::vector<sim::Sheet>& sheets, int columns);

}  // namespace lobby::app::testing
