#pragma once

#include <string>
#include <vector>

#include "display/ticket/ticket_face.hpp"
#include "drivers/printer/escpos.hpp"
#include "tests/sim/paper.hpp"

/// A face as a printer's head burns it: made of the bytes that go out to the printer, read by Epson's
/// reference and not by our encoder, with the rare characters from this machine's fonts.
namespace lobby::app::testing {

/// A line of text, or an image, on the paper; in dots from its upper left corner.
struct BurntLine {
  std::string text;  ///< a bit image is the character that it shows, or □; `[QR …]`, `[image]` for others
  int top = 0, height = 0, left = 0, width = 0;
};

struct Burnt {
  std::vector<BurntLine> lines;
  sim::Sheet sheet;  ///< to be looked at
  printer::escpos::Encoded encoded;
  unsigned unknown = 0;  ///< commands that this head does not know

  const BurntLine& line(const std::string& text) const;
  std::string text() const;  ///< all lines, one behind the other
};

/// An 80 mm printer with 48 columns, a 58 mm one with 32. Both know GB 2312 only, so that much is drawn.
printer::Profile paper_profile(int columns);

Burnt burn(const std::vector<display::PaperItem>& items, const printer::Profile& profile);
inline Burnt burn(const std::vector<display::PaperItem>& items, int columns) {
  return burn(items, paper_profile(columns));
}

/// PNG of sheets on a desk.
std::string picture_of(const std::vector<Burnt>& papers, int columns);

}  // namespace lobby::app::testing
