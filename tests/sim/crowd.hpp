#pragma once

#include <map>
#include <mutex>

#include "tests/sim/faults.hpp"

namespace lobby::sim {

/// Who waits in the hall with a ticket, and until when. Used by several threads.
class Crowd {
 public:
  void sit_down(std::uint64_t ticket, TimePoint leaves_at) {
    const std::lock_guard lock(mutex_);
    leaves_at_[ticket] = leaves_at;
  }
  /// The ticket is called: has its person gone home? Somebody whom nobody saw is there.
  bool has_left(std::uint64_t ticket, TimePoint now) {
    const std::lock_guard lock(mutex_);
    const auto found = leaves_at_.find(ticket);
    if (found == leaves_at_.end()) {
      return false;
    }
    const bool left = found->second <= now;
    leaves_at_.erase(found);
    return left;
  }

 private:
  std::mutex mutex_;
  std::map<std::uint64_t, TimePoint> leaves_at_;
};

}  // namespace lobby::sim
