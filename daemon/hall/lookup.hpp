#pragma once

#include <algorithm>
#include <vector>

namespace lobby::hall {

/// The item with this id; nullptr when there is none. For the short lists of a site.
template <class T, class Id>
const T* find_in(const std::vector<T>& items, const Id& id) {
  const auto it = std::find_if(items.begin(), items.end(), [&](const T& item) { return item.id == id; });
  return it == items.end() ? nullptr : &*it;
}

bool has(const auto& list, const auto& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace lobby::hall
