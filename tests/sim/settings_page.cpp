#include "tests/sim/settings_page.hpp"

#include <array>

namespace lobby::sim {

Bytes settings_page(const UnitModel::Settings& settings) {
  constexpr std::uint16_t rest_after = wire::window_unit::default_rest_after;
  // Magic "LS", layout, sequence, address, baud, parity, rest after, rest blank; 8 cells of rest text;
  // brightness. Half-words, low byte first, as the MCU reads them.
  std::array<std::uint16_t, 17> words{0x4C53,          1,         1, settings.address, settings.baud,
                                      settings.parity, rest_after};
  words[16] = 100;
  Bytes page;
  for (const std::uint16_t word : words) {
    page.push_back(static_cast<std::uint8_t>(word & 0xFF));
    page.push_back(static_cast<std::uint8_t>(word >> 8));
  }
  append_crc(page);
  return page;
}

}  // namespace lobby::sim
