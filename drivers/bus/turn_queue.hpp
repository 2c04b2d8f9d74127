#pragma once

#include <array>
#include <deque>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "drivers/bus/bus.hpp"

namespace lobby::bus {

/// Who may speak next: urgent before normal before poll, first come first served within each. But no turn is
/// passed over more than `patience` times in a row while somebody waits in it: units that are in a hurry all
/// the time slow the others down and do not silence them. Bounded. Pure, not locked.
class TurnQueue {
 public:
  struct Waiting {
    Exchange exchange;
    std::function<void(Reply)> done;
  };
  static constexpr std::size_t most = 256;
  static constexpr int patience = 4;

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
    const std::size_t chosen = choose();
    if (chosen == turns_.size()) {
      return std::nullopt;
    }
    for (std::size_t lower = chosen + 1; lower < turns_.size(); ++lower) {
      passed_[lower] += turns_[lower].empty() ? 0 : 1;
    }
    passed_[chosen] = 0;
    std::optional<Waiting> next(std::move(turns_[chosen].front()));
    turns_[chosen].pop_front();
    return next;
  }
  /// All that wait, in the order in which they would have spoken.
  std::vector<Waiting> take_all() {
    std::vector<Waiting> all;
    while (auto next = pop()) {
      all.push_back(std::move(*next));
    }
    return all;
  }

 private:
  /// Whose turn it is; turns_.size() when nobody waits. Who has waited longest for his share comes first.
  std::size_t choose() const {
    for (std::size_t turn = turns_.size(); turn-- > 0;) {
      if (!turns_[turn].empty() && passed_[turn] >= patience) {
        return turn;
      }
    }
    std::size_t turn = 0;
    while (turn < turns_.size() && turns_[turn].empty()) {
      ++turn;
    }
    return turn;
  }

  std::array<std::deque<Waiting>, 3> turns_;
  std::array<int, 3> passed_{};  ///< how often the first of each was passed over
};

}  // namespace lobby::bus
