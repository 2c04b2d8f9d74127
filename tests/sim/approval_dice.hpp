#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lobby::sim {

/// Chance that is cheap to begin anew: one number makes all of one case, so 200,000 of them need not be kept.
class ApprovalDice {
 public:
  explicit ApprovalDice(std::uint64_t seed) : state_(seed) {}
  ApprovalDice(std::uint64_t seed, std::uint64_t number) : state_(seed * 0x9E3779B97F4A7C15U + number) {}

  std::uint64_t roll() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(roll() % end); }
  template <class T, std::size_t N>
  const T& one_of(const T (&from)[N]) {
    return from[below(N)];
  }

 private:
  std::uint64_t state_;
};

}  // namespace lobby::sim
