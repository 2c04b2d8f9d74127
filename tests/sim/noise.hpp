#pragma once

#include <cstdint>
#include <random>
#include <span>

namespace lobby::sim {

/// What a bad line does to whole frames. Seeded: the same line has the same bad luck.
class Noise {
 public:
  enum class Does : std::uint8_t { nothing, lose, twice, spoil };
  struct Counts {
    std::uint64_t lost = 0, doubled = 0, spoilt = 0;
  };

  explicit Noise(std::uint32_t seed) : dice_(seed + 1U) {}

  void set(unsigned per_mille) { per_mille_ = per_mille; }
  unsigned per_mille() const { return per_mille_; }
  /// What becomes of the next frame; `spoil` has been done to it already.
  Does hit(std::span<std::uint8_t> frame) {
    if (frame.empty() || dice_() % 1000 >= per_mille_) {
      return Does::nothing;
    }
    switch (dice_() % 3) {
      case 0:
        ++counts_.lost;
        return Does::lose;
      case 1:
        ++counts_.doubled;
        return Does::twice;
      default:
        ++counts_.spoilt;
        spoil(frame);
        return Does::spoil;
    }
  }
  void spoil(std::span<std::uint8_t> frame) {
    std::uint8_t& byte = frame[dice_() % frame.size()];
    byte = static_cast<std::uint8_t>(byte ^ (1U << dice_() % 8));
  }
  void scramble(std::span<std::uint8_t> frame) {
    for (std::uint8_t& byte : frame) {
      byte = static_cast<std::uint8_t>(dice_() >> 8);
    }
  }
  const Counts& counts() const { return counts_; }

 private:
  std::mt19937 dice_;
  unsigned per_mille_ = 0;
  Counts counts_;
};

}  // namespace lobby::sim
