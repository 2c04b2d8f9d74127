#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Text on a grid of half-width places, of paper or of a board: ASCII takes one, everything else two (the
/// fonts of Chinese printers and boards draw it so, a four-byte character of GB 18030 too).
namespace lobby::display {

struct TextSize {
  int columns = 0;
  bool plain = true;  ///< one line of UTF-8, nothing in it that breaks lines or is no character
};
/// Bytes that are no UTF-8 count as two places each: what they become is as wide.
TextSize size_of(std::string_view utf8);

/// The text on lines of at most `columns` places, at least 2. It is broken at `\n`, else at a blank or
/// between two characters: never inside a word or number that fits on a line, never so that a closing mark
/// begins a line or an opening one ends it. Lines end without blanks; other control characters are left out.
/// `balanced`: about equally long lines, for a heading.
std::vector<std::string> wrap(std::string_view utf8, int columns, bool balanced = false);

}  // namespace lobby::display
