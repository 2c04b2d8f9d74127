#include "firmware/board/flash_pages.hpp"

#include "firmware/board/stm32f1.hpp"

namespace lobby::board {
namespace {

constexpr std::uint32_t first_page = 0x0800F400;
constexpr std::uint32_t page_bytes = 1024;

std::uint32_t address_of(unsigned page, unsigned index) {
  return first_page + page * page_bytes + index * 2;
}

void unlock() {
  if ((reg(flash::cr) & flash::cr_lock) != 0) {
    reg(flash::keyr) = flash::key1;
    reg(flash::keyr) = flash::key2;
  }
}

/// A page takes 40 ms at most; the watchdog is kicked before and has a second.
void wait() {
  for (int i = 0; i < 1'000'000 && (reg(flash::sr) & flash::sr_busy) != 0; ++i) {
  }
  reg(iwdg::kr) = iwdg::kick;
}

volatile std::uint16_t& half_word(unsigned page, unsigned index) {
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  return *reinterpret_cast<volatile std::uint16_t*>(address_of(page, index));
}

}  // namespace

std::uint16_t FlashPages::read(unsigned page, unsigned index) const {
  return half_word(page, index);
}

void FlashPages::erase(unsigned page) {
  unlock();
  reg(flash::cr) = flash::cr_erase;
  reg(flash::ar) = address_of(page, 0);
  reg(flash::cr) = flash::cr_erase | flash::cr_start;
  wait();
  reg(flash::cr) = flash::cr_lock;
}

void FlashPages::program(unsigned page, unsigned index, std::uint16_t value) {
  unlock();
  reg(flash::cr) = flash::cr_program;
  half_word(page, index) = value;
  wait();
  reg(flash::cr) = flash::cr_lock;
}

}  // namespace lobby::board
