#include "firmware/core/key_log.hpp"

namespace lobby::firmware {

namespace map = wire::window_unit;

void KeyLog::press(std::uint8_t key) {
  const auto waiting = static_cast<std::uint16_t>(count_ - acknowledged_);
  lost_ = static_cast<std::uint16_t>(lost_ + (waiting >= map::key_ring ? 1 : 0));
  ++count_;
  const auto slot = static_cast<std::uint16_t>(count_ - 1) % map::key_ring;
  ring_[slot] = static_cast<std::uint16_t>((count_ & 0xFFU) << 8 | key);
}

void KeyLog::acknowledge(std::uint16_t number) {
  constexpr std::uint16_t behind = 0x8000;
  if (static_cast<std::uint16_t>(count_ - number) < behind) {
    acknowledged_ = number;  // of presses that never were (an order for a former life) it says nothing
  }
}

std::uint16_t KeyLog::last() const {
  // Before the first press of a life every slot is 0; after 65536 presses the ring is full for good.
  return ring_[static_cast<std::uint16_t>(count_ - 1) % map::key_ring];
}

void KeyPad::change(std::uint16_t down, std::uint16_t up, Micros now, KeyLog& log) {
  for (unsigned key = 0; key < wire::key_chain::keys; ++key) {
    const auto bit = static_cast<std::uint16_t>(1U << key);
    const auto& meaning = wire::key_chain::pad[key];
    if ((down & bit) != 0) {
      down_at_[key] = now;
      down_ = static_cast<std::uint16_t>(down_ | bit);
      counted_ = static_cast<std::uint16_t>(counted_ & ~bit);
      if (meaning.pressed == meaning.held) {
        log.press(static_cast<std::uint8_t>(meaning.pressed));
        counted_ = static_cast<std::uint16_t>(counted_ | bit);
      }
    } else if ((up & bit) != 0) {
      if ((counted_ & bit) == 0) {
        log.press(static_cast<std::uint8_t>(meaning.pressed));
      }
      down_ = static_cast<std::uint16_t>(down_ & ~bit);
    }
  }
}

void KeyPad::found_held(std::uint16_t keys, Micros now) {
  down_ = static_cast<std::uint16_t>(down_ | keys);
  counted_ = static_cast<std::uint16_t>(counted_ | keys);
  for (unsigned key = 0; key < wire::key_chain::keys; ++key) {
    down_at_[key] = (keys & 1U << key) != 0 ? now : down_at_[key];
  }
}

void KeyPad::tick(Micros now, KeyLog& log) {
  is_stuck_ = false;
  for (unsigned key = 0; key < wire::key_chain::keys; ++key) {
    const auto bit = static_cast<std::uint16_t>(1U << key);
    if ((down_ & bit) == 0) {
      continue;
    }
    const Micros held = since(now, down_at_[key]);
    if ((counted_ & bit) == 0 && held >= hold_time) {
      log.press(static_cast<std::uint8_t>(wire::key_chain::pad[key].held));
      counted_ = static_cast<std::uint16_t>(counted_ | bit);
    }
    if (held >= stuck_time) {
      is_stuck_ = true;
      down_at_[key] = now - stuck_time;  // or the clock would wrap around it
    }
  }
}

}  // namespace lobby::firmware
