#include "daemon/hall/numbers.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace lobby::hall {

namespace {

constexpr std::size_t least_digits = 3;

auto first_behind(auto& ranges, std::uint32_t n) {
  return std::upper_bound(
      ranges.begin(), ranges.end(), n,
      [](std::uint32_t value, const NumberSet::Range& range) { return value < range.first; });
}

}  // namespace

std::optional<NumberSet> NumberSet::from_ranges(std::vector<Range> ranges) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const bool in_order = i == 0 || std::uint64_t{ranges[i - 1].last} + 1 < ranges[i].first;
    if (ranges[i].first > ranges[i].last || !in_order) {
      return std::nullopt;
    }
  }
  NumberSet set;
  set.ranges_ = std::move(ranges);
  return set;
}

void NumberSet::insert(std::uint32_t n) {
  const auto next = first_behind(ranges_, n);
  const bool has_before = next != ranges_.begin();
  if (has_before && n <= std::prev(next)->last) {
    return;
  }
  const bool joins_before = has_before && std::prev(next)->last + 1 == n;
  const bool joins_next = next != ranges_.end() && n + 1 == next->first;
  if (joins_before && joins_next) {
    std::prev(next)->last = next->last;
    ranges_.erase(next);
  } else if (joins_before) {
    std::prev(next)->last = n;
  } else if (joins_next) {
    next->first = n;
  } else {
    ranges_.insert(next, Range{n, n});
  }
}

bool NumberSet::contains(std::uint32_t n) const {
  const auto next = first_behind(ranges_, n);
  return next != ranges_.begin() && n <= std::prev(next)->last;
}

std::optional<std::uint32_t> NumberSet::highest(std::uint32_t first, std::uint32_t last) const {
  const auto next = first_behind(ranges_, last);
  if (next == ranges_.begin() || std::prev(next)->last < first) {
    return std::nullopt;
  }
  return std::min(std::prev(next)->last, last);
}

std::string number_text(std::string_view prefix, std::uint32_t n) {
  const std::string digits = std::to_string(n);
  std::string text{prefix};
  if (digits.size() < least_digits) {
    text.append(least_digits - digits.size(), '0');
  }
  return text += digits;
}

std::optional<std::uint32_t> digits_behind(std::string_view prefix, std::string_view text) {
  if (!text.starts_with(prefix)) {
    return std::nullopt;
  }
  const std::string_view digits = text.substr(prefix.size());
  const bool padded_too_far = digits.size() > least_digits && digits.front() == '0';
  if (digits.size() < least_digits || digits.size() > 10 || padded_too_far) {
    return std::nullopt;
  }
  std::uint64_t n = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    n = n * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (n > std::numeric_limits<std::uint32_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(n);
}

}  // namespace lobby::hall
