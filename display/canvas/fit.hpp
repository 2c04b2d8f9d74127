#pragma once

#include <string>
#include <string_view>

/// Text that has to do with a given room, in half-width columns.
namespace lobby::display {

/// As much of the text as has room, with `…` when something was left out. Whole characters only; less than
/// two columns hold what they hold.
std::string fitted(std::string_view utf8, int columns);
/// The same for a number, whose end tells one from the other: `…` in front of it.
std::string fitted_end(std::string_view utf8, int columns);
/// How many of the text's bytes fill at most `columns`, in whole characters.
std::size_t bytes_within(std::string_view utf8, int columns);

}  // namespace lobby::display
