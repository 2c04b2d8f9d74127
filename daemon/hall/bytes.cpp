#include "daemon/hall/bytes.hpp"

#include <bit>

namespace lobby::hall {

std::uint64_t checksum(std::string_view bytes) {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
  std::uint64_t sum = bytes.size() * odd;
  while (!bytes.empty()) {
    const std::size_t size = bytes.size() < 8 ? bytes.size() : 8;
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < size; ++i) {
      word |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
    // Each step is a bijection of sum and of word: one changed word always shows.
    sum = std::rotl((sum ^ word) * odd, 29);
    bytes.remove_prefix(size);
  }
  return (sum ^ (sum >> 32)) * odd;
}

}  // namespace lobby::hall
