#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Names that are hidden in one field of a row are hidden in all others.
namespace lobby::feed {

struct Hidden {
  std::u32string name;   ///< folded letters (fold.hpp), two or more
  std::u32string shown;  ///< what stands in its place
};

/// Every place where `text` says one of the names, however it is written (fold.hpp: full-width, case, marks,
/// dots and spaces between the letters), becomes what is shown of it; where several begin, the first listed.
/// Latin names of two and three letters count only as whole words.
std::u32string hide_names(std::u32string_view text, const std::vector<Hidden>& names);

/// Does `text` say one of the names?
bool tells_name(std::u32string_view text, const std::vector<Hidden>& names);

}  // namespace lobby::feed
