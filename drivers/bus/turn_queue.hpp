#pragma once

#include <array>
#include <deque>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "drivers/bus/bus.hpp"

namespace lobby::bus {

/// Who may speak next: urgent before normal before poll, first come first served within each. Bounded. Pure,
/// not locked.
class TurnQueue {
 public:
  struct Waiting {
    Exchange exchange;
    std::function<void(Reply)> done;
  };
  static constexpr std::size_t most = 256;

  std::size_t size() const { return turns_[0].size() + turns_[1].size() + turns_[2].size(); }
  bool empty() const { return size() == 0; }

  /// False, and `waiting` is untouched, when `most` already wait.
  bool push(Waiting& waiting) {
    if (size() >= most) {
      return false;
    }
    turns_[static_cast<std::size_t>(waiting.exchange.turn)].push_back(std::move(waiting));
    return true;
  }
  std::optional<Waiting> pop() {
    for (auto& turn : turns_) {
      if (!turn.empty()) {
        std::optional<Waiting> next(std::move(turn.front()));
        turn.pop_front();
        return next;
      }
    }
    return std::nullopt;
  }
  /// All that wait, in the order of their turns.
  std::vector<Waiting> take_all() {
    std::vector<Waiting> all;
    while (auto next = pop()) {
      all.push_back(std::move(*next));
    }
    return all;
  }

 private:
  std::array<std::deque<Waiting>, 3> turns_;
};

}  // namespace lobby::bus
