#pragma once

#include <array>
#include <cstdint>

#include "firmware/core/clock.hpp"
#include "firmware/wire/key_chain.hpp"
#include "firmware/wire/window_unit.hpp"

namespace lobby::firmware {

/// The presses, counted, the last ones kept until the host has taken them (window_unit.hpp, reg_keys).
class KeyLog {
 public:
  void press(std::uint8_t key);
  void acknowledge(std::uint16_t number);
  std::uint16_t count() const { return count_; }
  std::uint16_t acknowledged() const { return acknowledged_; }
  std::uint16_t lost() const { return lost_; }
  std::uint16_t slot(std::uint16_t index) const { return ring_[index]; }
  /// The newest press as the ring has it; 0 before the first.
  std::uint16_t last() const;

 private:
  std::array<std::uint16_t, wire::window_unit::key_ring> ring_{};
  std::uint16_t count_ = 0;
  std::uint16_t acknowledged_ = 0;
  std::uint16_t lost_ = 0;
};

/// Which key code a key of the pad means. One with a single meaning counts when it goes down; one with two
/// when it is let go, or as the second after it was held for a second.
class KeyPad {
 public:
  static constexpr Micros hold_time = milliseconds(1000);
  static constexpr Micros stuck_time = milliseconds(30'000);

  /// Keys that went down and up just now; what they mean goes into `log`.
  void change(std::uint16_t down, std::uint16_t up, Micros now, KeyLog& log);
  /// Keys that were down already when they could first be seen: no press, also not when let go.
  void found_held(std::uint16_t keys, Micros now);
  /// Now and then: for keys that are held.
  void tick(Micros now, KeyLog& log);
  bool is_stuck() const { return is_stuck_; }

 private:
  std::uint16_t down_ = 0;
  std::uint16_t counted_ = 0;  ///< of those that are down: done with
  std::array<Micros, wire::key_chain::keys> down_at_{};
  bool is_stuck_ = false;
};

}  // namespace lobby::firmware
