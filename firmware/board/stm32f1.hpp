#pragma once

#include <cstdint>

/// The registers of an STM32F100/F103 that the units use (reference manuals RM0041, RM0008; never run on
/// silicon).
namespace lobby::board {

inline volatile std::uint32_t& reg(std::uint32_t address) {
  return *reinterpret_cast<volatile std::uint32_t*>(address);  // NOLINT(performance-no-int-to-ptr)
}

namespace rcc {
inline constexpr std::uint32_t base = 0x40021000, cr = base, cfgr = base + 0x04, apb2enr = base + 0x18,
                               apb1enr = base + 0x1C, csr = base + 0x24;
}
namespace gpio {
inline constexpr std::uint32_t a = 0x40010800, b = 0x40010C00;
inline constexpr std::uint32_t crl = 0x00, crh = 0x04, bsrr = 0x10;
}  // namespace gpio
namespace usart {
inline constexpr std::uint32_t bus = 0x40013800, sign = 0x40004400, keys = 0x40004800;  // USART1, 2, 3
inline constexpr std::uint32_t sr = 0x00, dr = 0x04, brr = 0x08, cr1 = 0x0C, cr2 = 0x10;
inline constexpr std::uint32_t sr_errors = 0x0F, sr_rxne = 1U << 5, sr_tc = 1U << 6, sr_txe = 1U << 7;
inline constexpr std::uint32_t cr1_re = 1U << 2, cr1_te = 1U << 3, cr1_rxneie = 1U << 5, cr1_odd = 1U << 9,
                               cr1_parity = 1U << 10, cr1_nine_bits = 1U << 12, cr1_on = 1U << 13;
inline constexpr std::uint32_t cr2_last_clock = 1U << 8, cr2_clock = 1U << 11;
}  // namespace usart
namespace iwdg {
inline constexpr std::uint32_t kr = 0x40003000, pr = 0x40003004, rlr = 0x40003008;
inline constexpr std::uint32_t unlock = 0x5555, kick = 0xAAAA, start = 0xCCCC;
}  // namespace iwdg
namespace flash {
inline constexpr std::uint32_t keyr = 0x40022004, sr = 0x4002200C, cr = 0x40022010, ar = 0x40022014;
inline constexpr std::uint32_t key1 = 0x45670123, key2 = 0xCDEF89AB;
inline constexpr std::uint32_t cr_program = 1U << 0, cr_erase = 1U << 1, cr_start = 1U << 6,
                               cr_lock = 1U << 7;
inline constexpr std::uint32_t sr_busy = 1U << 0;
}  // namespace flash
namespace systick {
inline constexpr std::uint32_t csr = 0xE000E010, rvr = 0xE000E014, cvr = 0xE000E018;
}
inline constexpr std::uint32_t nvic_enable_32 = 0xE000E104;  // interrupts 32…63
inline constexpr std::uint32_t icsr = 0xE000ED04;
inline constexpr std::uint32_t icsr_systick_pending = 1U << 26;

}  // namespace lobby::board
