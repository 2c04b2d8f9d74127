#pragma once

#include <cstdint>

#include "firmware/core/clock.hpp"

namespace lobby::firmware {

/// On and off for ever, from begin() on. Asked at least once in half an hour.
class Flasher {
 public:
  constexpr Flasher(Micros on, Micros off) : on_(on), off_(off) {}
  void begin(Micros now) {
    is_on_ = true;
    changed_at_ = now;
  }
  bool is_on(Micros now) {
    const Micros span = is_on_ ? on_ : off_;
    if (since(now, changed_at_) >= span) {
      is_on_ = !is_on_;
      changed_at_ += span;
      if (since(now, changed_at_) >= span) {
        changed_at_ = now;  // nobody asked for long
      }
    }
    return is_on_;
  }

 private:
  Micros on_;
  Micros off_;
  Micros changed_at_ = 0;
  bool is_on_ = true;
};

/// Something that ends by itself; at most half an hour long.
class Countdown {
 public:
  void start(Micros now, Micros length) {
    began_ = now;
    length_ = length;
  }
  void stop() { length_ = 0; }
  bool is_running(Micros now) {
    if (length_ > 0 && since(now, began_) >= length_) {
      length_ = 0;
    }
    return length_ > 0;
  }
  Micros left(Micros now) { return is_running(now) ? length_ - since(now, began_) : 0; }

 private:
  Micros began_ = 0;
  Micros length_ = 0;
};

}  // namespace lobby::firmware
