#include "firmware/board/pins.hpp"

#include <array>

#include "firmware/board/stm32f1.hpp"

namespace lobby::board {
namespace {

struct Pin {
  std::uint32_t port;
  unsigned number;
};

constexpr Pin driver_enable{gpio::a, 8};
constexpr Pin buzzer{gpio::b, 1};
constexpr Pin key_latch{gpio::b, 13};
constexpr std::array<Pin, 8> lamp_pins{{{gpio::a, 0},
                                        {gpio::a, 1},
                                        {gpio::a, 5},
                                        {gpio::a, 6},
                                        {gpio::a, 7},
                                        {gpio::b, 5},
                                        {gpio::b, 6},
                                        {gpio::b, 7}}};

std::uint16_t lit_lamps = 0;
bool is_sounding = false;

void set(Pin pin, bool is_high) {
  reg(pin.port + gpio::bsrr) = 1U << (pin.number + (is_high ? 0 : 16));
}

}  // namespace

void set_up_pins() {
  constexpr std::uint32_t afio = 1U, port_a = 1U << 2, port_b = 1U << 3, usart1 = 1U << 14;
  constexpr std::uint32_t usart2 = 1U << 17, usart3 = 1U << 18;
  reg(rcc::apb2enr) = afio | port_a | port_b | usart1;
  reg(rcc::apb1enr) = usart2 | usart3;
  set(driver_enable, false);
  set(buzzer, false);
  set(key_latch, true);
  // One digit a pin, pin 0 last: 4 input floating, 2 output, B alternate output 50 MHz.
  reg(gpio::a + gpio::crl) = 0x222B4B22;  // PA2 sign data, PA4 sign clock; PA0, 1, 5, 6, 7 lamps
  reg(gpio::a + gpio::crh) = 0x444444B2;  // PA8 DE, PA9 bus TX, PA10 bus RX
  reg(gpio::b + gpio::crl) = 0x22244424;  // PB1 buzzer; PB5, 6, 7 lamps
  reg(gpio::b + gpio::crh) = 0x442B4B44;  // PB10 key poll, PB11 key data, PB12 key clock, PB13 key latch
}

void set_outputs(std::uint16_t lamps, bool is_buzzing) {
  for (unsigned i = 0; i < lamp_pins.size(); ++i) {
    if (((lamps ^ lit_lamps) >> i & 1U) != 0) {
      set(lamp_pins[i], (lamps >> i & 1U) != 0);
    }
  }
  lit_lamps = lamps;
  if (is_buzzing != is_sounding) {
    set(buzzer, is_buzzing);
    is_sounding = is_buzzing;
  }
}

void set_driver(bool is_on) {
  set(driver_enable, is_on);
}

void latch_keys() {
  set(key_latch, false);
  set(key_latch, true);
}

}  // namespace lobby::board
