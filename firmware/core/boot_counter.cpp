#include "firmware/core/boot_counter.hpp"

namespace lobby::firmware {
namespace {

constexpr std::uint16_t erased = 0xFFFF;
constexpr std::uint16_t booted = 0;

}  // namespace

std::uint16_t count_boot(Flash& flash, unsigned page, unsigned half_words, std::uint16_t salt) {
  const std::uint16_t found = flash.read(page, 0);
  std::uint16_t rounds = found == erased ? salt : found;
  unsigned boots = 1;
  while (boots < half_words && flash.read(page, boots) != erased) {
    ++boots;
  }
  if (found == erased || boots == half_words) {
    ++rounds;
    rounds = rounds == erased ? std::uint16_t{0} : rounds;
    boots = 1;
    flash.erase(page);
    flash.program(page, 0, rounds);
  }
  flash.program(page, boots, booted);
  return static_cast<std::uint16_t>(rounds * (half_words - 1) + boots);
}

}  // namespace lobby::firmware
