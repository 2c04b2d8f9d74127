#pragma once

#include <algorithm>
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
/// the time slow the others down and do not silence them. Only those who hurry as much have to pay for that:
/// a first call does not wait because writes have held up polls. Bounded. Pure, not locked.
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
    turn_of(waiting).push_back(std::move(waiting));
    return true;
  }
  /// The newest value wins: `waiting` takes the place of the first that waits and for which `is_older`, in
  /// the more urgent of both turns. What is replaced; nothing, and `waiting` is untouched, when there is
  /// none.
  template <class IsOlder>
  std::optional<Waiting> replace(Waiting& waiting, IsOlder is_older) {
    for (auto& turn : turns_) {
      const auto old =
          std::find_if(turn.begin(), turn.end(), [&](const Waiting& one) { return is_older(one.exchange); });
      if (old == turn.end()) {
        continue;
      }
      if (waiting.exchange.turn >= old->exchange.turn) {
        waiting.exchange.turn = old->exchange.turn;
        return std::exchange(*old, std::move(waiting));
      }
      std::optional<Waiting> replaced(std::move(*old));
      turn.erase(old);
      turn_of(waiting).push_back(std::move(waiting));
      return replaced;
    }
    return std::nullopt;
  }

  /// The next of those that `may` speak now; the others keep their places.
  template <class May>
  std::optional<Waiting> pop(May may) {
    std::array<std::deque<Waiting>::iterator, 3> first;
    for (std::size_t turn = 0; turn < turns_.size(); ++turn) {
      first[turn] = std::find_if(turns_[turn].begin(), turns_[turn].end(),
                                 [&](const Waiting& one) { return may(one.exchange); });
    }
    const auto waits = [&](std::size_t turn) { return first[turn] != turns_[turn].end(); };
    const std::size_t chosen = choose(waits);
    if (chosen == turns_.size()) {
      return std::nullopt;
    }
    for (std::size_t lower = chosen + 1; lower < turns_.size(); ++lower) {
      passed_[chosen][lower] += waits(lower) ? 1 : 0;
    }
    for (auto& by_turn : passed_) {
      by_turn[chosen] = 0;
    }
    std::optional<Waiting> next(std::move(*first[chosen]));
    turns_[chosen].erase(first[chosen]);
    return next;
  }
  std::optional<Waiting> pop() {
    return pop([](const Exchange&) { return true; });
  }
  template <class Visit>
  void each(Visit visit) const {
    for (const auto& turn : turns_) {
      for (const auto& one : turn) {
        visit(one.exchange);
      }
    }
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
  std::deque<Waiting>& turn_of(const Waiting& waiting) {
    return turns_[static_cast<std::size_t>(waiting.exchange.turn)];
  }
  /// Whose turn it is; turns_.size() when nobody waits.
  template <class Waits>
  std::size_t choose(Waits waits) const {
    std::size_t first = 0;
    while (first < turns_.size() && !waits(first)) {
      ++first;
    }
    for (std::size_t turn = turns_.size(); turn-- > first + 1;) {
      int passed = 0;
      for (std::size_t by = 0; by <= first; ++by) {
        passed += passed_[by][turn];
      }
      if (waits(turn) && passed >= patience) {
        return turn;
      }
    }
    return first;
  }

  std::array<std::deque<Waiting>, 3> turns_;
  std::array<std::array<int, 3>, 3> passed_{};  ///< by which turn, and how often the first of which
};

}  // namespace lobby::bus
