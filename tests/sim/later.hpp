#pragma once

#include <map>
#include <optional>
#include <utility>

#include "tests/sim/faults.hpp"

namespace lobby::sim {

/// What comes due, in the order of its time; what comes due at once, in the order in which it was added.
template <class T>
class Later {
 public:
  void add(TimePoint due, T item) { items_.emplace(due, std::move(item)); }
  /// The first whose time has come.
  std::optional<T> take(TimePoint now) {
    if (items_.empty() || items_.begin()->first > now) {
      return std::nullopt;
    }
    return std::move(items_.extract(items_.begin()).mapped());
  }
  bool is_due(TimePoint now) const { return !items_.empty() && items_.begin()->first <= now; }
  std::optional<TimePoint> next() const {
    return items_.empty() ? std::nullopt : std::optional(items_.begin()->first);
  }
  void clear() { items_.clear(); }
  std::size_t size() const { return items_.size(); }

 private:
  std::multimap<TimePoint, T> items_;
};

}  // namespace lobby::sim
