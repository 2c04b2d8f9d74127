#include "firmware/board/board.hpp"

#include <array>

#include "firmware/board/bus_uart.hpp"
#include "firmware/board/chains.hpp"
#include "firmware/board/clock.hpp"
#include "firmware/board/flash_pages.hpp"
#include "firmware/board/pins.hpp"
#include "firmware/board/stm32f1.hpp"
#include "firmware/core/boot_counter.hpp"

extern "C" {
// The linker script's: RAM that holds no variable and no stack.
extern const std::uint32_t _untouched_begin[];
extern const std::uint32_t _untouched_end[];
}

namespace lobby::board {
namespace {

using firmware::Micros;
using firmware::Unit;
using wire::window_unit::ResetCause;

/// Survives a reset but not a loss of power. Tells lives apart where flash does not count them (the
/// emulator).
__attribute__((section(".noinit"))) std::uint32_t warm_magic;
__attribute__((section(".noinit"))) std::uint16_t warm_boots;

/// What RAM holds when power comes is each chip's own, and a little random. (The unique id of the chip would
/// do, but reading it stops the emulator.)
std::uint16_t salt() {
  std::uint32_t hash = 2'166'136'261U;  // FNV-1a, by words
  for (const std::uint32_t* word = _untouched_begin; word < _untouched_end; ++word) {
    hash = (hash ^ *word) * 16'777'619U;
  }
  return static_cast<std::uint16_t>(hash ^ hash >> 16);
}

std::uint16_t boot_id(firmware::Flash& flash) {
  constexpr std::uint32_t magic = 0x4C6F6262;
  warm_boots = static_cast<std::uint16_t>(warm_magic == magic ? warm_boots + 1 : 0);
  warm_magic = magic;
  const std::uint16_t counted =
      firmware::count_boot(flash, FlashPages::boots, FlashPages::half_words, salt());
  return static_cast<std::uint16_t>(counted + warm_boots * 257U);
}

ResetCause reset_cause() {
  constexpr std::uint32_t clear = 1U << 24, pin = 1U << 26, power = 1U << 27, software = 1U << 28,
                          watchdog = 1U << 29;
  const std::uint32_t flags = reg(rcc::csr);
  reg(rcc::csr) = flags | clear;
  // Every reset pulls the pin too: it comes last.
  return (flags & power) != 0      ? ResetCause::power
         : (flags & watchdog) != 0 ? ResetCause::watchdog
         : (flags & software) != 0 ? ResetCause::software
         : (flags & pin) != 0      ? ResetCause::pin
                                   : ResetCause::unknown;
}

/// About 1 s by the 40 kHz oscillator; nothing stops it any more.
void start_watchdog() {
  reg(iwdg::kr) = iwdg::start;
  reg(iwdg::kr) = iwdg::unlock;
  reg(iwdg::pr) = 3;  // 1/32
  reg(iwdg::rlr) = 1250;
  reg(iwdg::kr) = iwdg::kick;
}

struct Machine {
  Machine(Unit::Model model, FlashPages& pages, ResetCause cause)
      : unit({model, boot_id(pages), cause}, pages, micros()), bus(unit.settings()) {}

  void carry_bus(Micros now) {
    BusUart::Received received;
    while (bus.take(received)) {
      if (received.is_good) {
        unit.bus_byte(received.byte, received.at);
      } else {
        unit.bus_error();
      }
    }
    unit.tick(now);
    if (bus.is_sending()) {
      bus.pump();
      return;
    }
    const auto reply = unit.take_reply(now);
    if (!reply.empty()) {
      bus.send(reply);
    } else if (const auto changed = unit.take_line_change()) {
      bus.set_up(*changed);
    }
  }

  void carry_chains(Micros now, bool is_new_slot) {
    std::uint8_t byte = 0;
    if (keys.take(byte)) {
      unit.key_byte(byte, now);
    }
    if (const auto poll = unit.key_poll(now)) {
      keys.send(*poll);
    }
    if (is_new_slot) {
      send_slot();
    }
  }

  /// At once, at most 0.36 ms (sign_scan.hpp): how long a row is lit is counted in bytes, and a turn of the
  /// main loop lasts longer than five of them. An answer goes on meanwhile, what is heard waits in its ring.
  void send_slot() {
    sign.send(unit.next_slot());
    while (sign.is_sending()) {
      sign.pump();
      if (bus.is_sending()) {
        bus.pump();
      }
    }
  }

  Unit unit;
  BusUart bus;
  SignChain sign;
  KeyChain keys;
};

}  // namespace

void run(Unit::Model model) {
  const ResetCause cause = reset_cause();
  start_clock();
  set_up_pins();
  start_watchdog();
  static FlashPages pages;
  static Machine machine(model, pages, cause);
  std::uint32_t slot = ticks();
  for (;;) {
    const std::uint32_t now_slot = ticks();
    const bool is_new_slot = now_slot != slot;
    slot = now_slot;
    const Micros now = micros();
    machine.carry_bus(now);
    machine.carry_chains(now, is_new_slot);
    set_outputs(machine.unit.lamps(), machine.unit.is_buzzing());
    if (is_new_slot) {
      reg(iwdg::kr) = iwdg::kick;  // the clock runs and the loop came round
    }
    if (!machine.bus.is_sending()) {
      wait_for_interrupt();
    }
  }
}

}  // namespace lobby::board
