#pragma once

#include <algorithm>
#include <chrono>

#include "drivers/link/executor.hpp"

namespace lobby::link {

/// Pauses between attempts: they double from `first` to `last`. Pure.
class BackOff {
 public:
  explicit constexpr BackOff(Duration first = std::chrono::milliseconds(200),
                             Duration last = std::chrono::seconds(5))
      : first_(first), last_(last), next_(first) {}
  constexpr Duration next() {
    const Duration pause = next_;
    next_ = std::min(next_ * 2, last_);
    return pause;
  }
  constexpr void reset() { next_ = first_; }

 private:
  Duration first_;
  Duration last_;
  Duration next_;
};

}  // namespace lobby::link
