#pragma once

#include "firmware/core/settings.hpp"

namespace lobby::board {

/// The last three pages of 64 KB: settings twice, boots. While a page is erased (20…40 ms) the CPU stands
/// still, and with it sign and bus: it happens when somebody saves settings, and once in 512 boots.
class FlashPages final : public firmware::Flash {
 public:
  static constexpr unsigned boots = 2;
  static constexpr unsigned half_words = 512;

  std::uint16_t read(unsigned page, unsigned index) const override;
  void erase(unsigned page) override;
  void program(unsigned page, unsigned index, std::uint16_t value) override;
};

}  // namespace lobby::board
