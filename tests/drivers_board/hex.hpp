#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace lobby::tests {

/// `a5*8 01 00`: pairs of hexadecimal digits, each perhaps repeated.
inline std::vector<std::uint8_t> hex(const std::string& text) {
  std::vector<std::uint8_t> out;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(" \n", at)) != std::string::npos) {
    const auto end = std::min(text.find_first_of(" \n", at), text.size());
    const auto word = text.substr(at, end - at);
    const auto star = word.find('*');
    const auto count = star == std::string::npos ? 1UL : std::stoul(word.substr(star + 1));
    if (word.substr(0, star).size() != 2) {
      throw std::invalid_argument(word);
    }
    out.insert(out.end(), count, static_cast<std::uint8_t>(std::stoul(word, nullptr, 16)));
    at = end;
  }
  return out;
}

}  // namespace lobby::tests
