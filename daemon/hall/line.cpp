#include "daemon/hall/line.hpp"

#include <algorithm>

namespace lobby::hall {

void Line::insert(Entry entry) {
  if (entries_.empty() || entries_.back() < entry) {
    entries_.push_back(entry);
    return;
  }
  const auto first = entries_.begin() + static_cast<std::ptrdiff_t>(head_);
  const auto at = std::lower_bound(first, entries_.end(), entry);
  if (at == first && head_ > 0) {
    entries_[--head_] = entry;
  } else if (at == entries_.end() || *at != entry) {
    entries_.insert(at, entry);
  }
}

bool Line::erase(Entry entry) {
  const auto first = entries_.begin() + static_cast<std::ptrdiff_t>(head_);
  const auto at = std::lower_bound(first, entries_.end(), entry);
  if (at == entries_.end() || *at != entry) {
    return false;
  }
  if (at != first) {
    entries_.erase(at);
  } else if (++head_ == entries_.size()) {
    entries_ = {};
    head_ = 0;
  } else if (head_ >= 64 && head_ * 2 >= entries_.size()) {
    entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  return true;
}

std::size_t Line::before(Entry entry) const {
  const auto all = entries();
  return static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), entry) - all.begin());
}

bool operator==(const Line& a, const Line& b) {
  return std::ranges::equal(a.entries(), b.entries());
}

}  // namespace lobby::hall
