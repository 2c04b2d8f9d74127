#include "firmware/board/chains.hpp"

#include "firmware/board/pins.hpp"
#include "firmware/board/stm32f1.hpp"
#include "firmware/wire/key_chain.hpp"

namespace lobby::board {
namespace {

constexpr std::uint32_t fastest = 16;  // of 24 MHz: 1.5 Mbit/s

void set_up(std::uint32_t uart, std::uint32_t directions) {
  reg(uart + usart::brr) = fastest;
  reg(uart + usart::cr2) = usart::cr2_clock | usart::cr2_last_clock;
  reg(uart + usart::cr1) = usart::cr1_on | directions;
}

}  // namespace

SignChain::SignChain() {
  set_up(usart::sign, usart::cr1_te);
}

void SignChain::pump() {
  while (!left_.empty() && (reg(usart::sign + usart::sr) & usart::sr_txe) != 0) {
    reg(usart::sign + usart::dr) = left_.front();
    left_ = left_.subspan(1);
  }
}

KeyChain::KeyChain() {
  set_up(usart::keys, usart::cr1_te | usart::cr1_re);
}

void KeyChain::send(std::uint8_t poll) {
  if (poll == wire::key_chain::polls[0]) {
    latch_keys();
  }
  reg(usart::keys + usart::dr) = poll;
}

bool KeyChain::take(std::uint8_t& byte) {
  if ((reg(usart::keys + usart::sr) & usart::sr_rxne) == 0) {
    return false;
  }
  byte = static_cast<std::uint8_t>(reg(usart::keys + usart::dr) & 0xFF);
  return true;
}

}  // namespace lobby::board
