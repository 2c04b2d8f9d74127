#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lobby::ctl {

/// How many columns of a terminal the text takes: two for a Chinese character, none for a combining mark.
int width_of(std::string_view utf8);

/// For a terminal: control characters (also those of a foreign device's text) become spaces, bytes that are
/// no UTF-8 become `?`.
std::string printable(std::string_view utf8);

/// Columns as wide as their widest cell, two spaces between them; the last column is not padded. Cells are
/// made printable. Short rows are filled up with nothing.
std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace lobby::ctl
