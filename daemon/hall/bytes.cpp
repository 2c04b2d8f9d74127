#include "daemon/hall/bytes.hpp"

#include <algorithm>
#include <bit>

namespace lobby::hall {

std::uint64_t checksum(std::string_view bytes) {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
  std::uint64_t sum = bytes.size() * odd;
  // Each step is a bijection of sum and of word: one changed word always shows.
  const auto step = [&](std::uint64_t word) { sum = std::rotl((sum ^ word) * odd, 29); };
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    step(load<std::uint64_t>(bytes.data() + at));
  }
  char rest[8] = {};
  std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end(), rest);
  step(load<std::uint64_t>(rest));
  return (sum ^ (sum >> 32)) * odd;
}

}  // namespace lobby::hall
