#pragma once

#include <optional>
#include <string>
#include <vector>

#include "display/canvas/dot_font.hpp"
#include "tests/sim/board_card.hpp"

namespace pugi {
class xml_node;
}

namespace lobby::sim {

/// One programme of a Huidu card: areas side by side, each with its pages. A programme lasts as long as its
/// longest area.
struct HuiduProgram {
  struct Page {
    display::Picture dots;
    milliseconds stay{0};
  };
  struct Area {
    int x = 0, y = 0;
    std::vector<Page> pages;
  };
  std::string guid;
  std::vector<Area> areas;

  milliseconds length() const;
  /// Into the glass what it shows so long after its begin.
  void draw(display::Picture& onto, milliseconds age) const;
};

/// Reads <program>. Assumed of it, as such cards are commonly sent it: <area> with <rectangle x y width
/// height/> and <resources>; in these <text singleLine> with <style align valign/>, <string>, <font size
/// color/> and <effect duration/> in tenths of a second. nullopt: something is missing, or does not fit the
/// board.
std::optional<HuiduProgram> read_huidu_program(const pugi::xml_node& from, const BoardShape& shape,
                                               const display::DotFont& font);

}  // namespace lobby::sim
