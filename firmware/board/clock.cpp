#include "firmware/board/clock.hpp"

#include "firmware/board/stm32f1.hpp"

namespace lobby::board {
namespace {

volatile std::uint32_t tick_count;

constexpr std::uint32_t reload = cpu_hz / tick_hz - 1;

/// The oscillator needs 0.2 ms. Ready flags read 0 for ever in the emulator.
void wait_for(std::uint32_t address, std::uint32_t bits) {
  for (int i = 0; i < 1000 && (reg(address) & bits) == 0; ++i) {
  }
}

}  // namespace

void start_clock() {
  constexpr std::uint32_t pll_on = 1U << 24, pll_ready = 1U << 25, by_6 = 4U << 18, pll = 2U,
                          is_pll = 2U << 2;
  reg(rcc::cfgr) = by_6;  // of the 8 MHz oscillator / 2
  reg(rcc::cr) = reg(rcc::cr) | pll_on;
  wait_for(rcc::cr, pll_ready);
  reg(rcc::cfgr) = by_6 | pll;
  wait_for(rcc::cfgr, is_pll);
  reg(systick::rvr) = reload;
  reg(systick::cvr) = 0;
  reg(systick::csr) = 7;  // CPU clock, interrupt, on
}

std::uint32_t ticks() {
  return tick_count;
}

firmware::Micros micros() {
  std::uint32_t count = tick_count;
  std::uint32_t left = reg(systick::cvr);
  if (count != tick_count) {
    count = tick_count;
    left = reg(systick::cvr);
  }
  return count * (1'000'000U / tick_hz) + (reload - left) / (cpu_hz / 1'000'000U);
}

void wait_for_interrupt() {
  __asm volatile("wfi");
}

}  // namespace lobby::board

extern "C" void systick_handler() {
  lobby::board::tick_count = lobby::board::tick_count + 1;
}
