#include "firmware/board/bus_uart.hpp"

#include "firmware/board/clock.hpp"
#include "firmware/board/pins.hpp"
#include "firmware/board/stm32f1.hpp"

namespace lobby::board {
namespace {

constexpr unsigned ring_size = 64;  // 5 ms at 115200 Bd; the loop comes round in less than one
BusUart::Received ring[ring_size];
volatile unsigned ring_head;
volatile unsigned ring_tail;

constexpr unsigned irq = 37;

}  // namespace

BusUart::BusUart(const firmware::Settings& settings) {
  set_up(settings);
  reg(nvic_enable_32) = 1U << (irq - 32);
}

void BusUart::set_up(const firmware::Settings& settings) {
  const std::uint32_t parity = settings.parity == 0 ? 0
                               : settings.parity == 1
                                   ? usart::cr1_nine_bits | usart::cr1_parity
                                   : usart::cr1_nine_bits | usart::cr1_parity | usart::cr1_odd;
  reg(usart::bus + usart::brr) = (cpu_hz + settings.baud * 50U) / (settings.baud * 100U);
  reg(usart::bus + usart::cr1) = usart::cr1_on | usart::cr1_te | usart::cr1_re | usart::cr1_rxneie | parity;
}

bool BusUart::take(Received& received) {
  const unsigned tail = ring_tail;
  if (tail == ring_head) {
    return false;
  }
  received = ring[tail];
  ring_tail = (tail + 1) % ring_size;
  return true;
}

void BusUart::send(std::span<const std::uint8_t> bytes) {
  left_ = bytes;
  is_sending_ = true;
  // A unit whose receiver hears the line it drives would take its own answer to FC 05 or 06 for a request.
  reg(usart::bus + usart::cr1) = reg(usart::bus + usart::cr1) & ~usart::cr1_re;
  set_driver(true);
  pump();
}

void BusUart::pump() {
  const std::uint32_t status = reg(usart::bus + usart::sr);
  if (!left_.empty()) {
    if ((status & usart::sr_txe) != 0) {
      reg(usart::bus + usart::dr) = left_.front();
      left_ = left_.subspan(1);
    }
  } else if ((status & usart::sr_tc) != 0) {  // not TXE: the last character is still on its way
    set_driver(false);
    reg(usart::bus + usart::cr1) = reg(usart::bus + usart::cr1) | usart::cr1_re;
    is_sending_ = false;
  }
}

}  // namespace lobby::board

extern "C" void usart1_handler() {
  using namespace lobby::board;
  const std::uint32_t status = reg(usart::bus + usart::sr);
  const auto byte = static_cast<std::uint8_t>(reg(usart::bus + usart::dr) & 0xFF);
  if ((status & (usart::sr_rxne | usart::sr_errors)) == 0) {
    return;
  }
  const unsigned next = (ring_head + 1) % ring_size;
  if (next != ring_tail) {
    ring[ring_head] = {byte, (status & usart::sr_errors) == 0, micros()};
    ring_head = next;
  }
}
