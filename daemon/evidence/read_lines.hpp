#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace lobby::evidence {

/// Gives every whole line of the file, without its end, until `use` says false; what is behind the last line
/// end, or the beginning of a line that is longer than `longest`, comes back. A part of the file is held at a
/// time. Throws std::runtime_error with a sentence when the file cannot be read.
std::string read_lines(const std::string& file, std::size_t longest,
                       const std::function<bool(std::string_view)>& use);

}  // namespace lobby::evidence
