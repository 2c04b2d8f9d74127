#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The numbers on the tickets of one day.
namespace lobby::hall {

/// A set of numbers, kept as ranges: a day's sequence is one range, however long it grows.
class NumberSet {
 public:
  struct Range {
    std::uint32_t first = 0;
    std::uint32_t last = 0;  ///< inclusive
    friend bool operator==(const Range&, const Range&) = default;
  };

  NumberSet() = default;
  /// nullopt unless the ranges ascend and none touches the next.
  static std::optional<NumberSet> from_ranges(std::vector<Range> ranges);

  void insert(std::uint32_t n);
  bool contains(std::uint32_t n) const;
  /// The highest member within [first, last].
  std::optional<std::uint32_t> highest(std::uint32_t first, std::uint32_t last) const;
  const std::vector<Range>& ranges() const { return ranges_; }

 private:
  std::vector<Range> ranges_;
};

/// The numbers used today behind one prefix. What makes a repeated number impossible even if a range or a
/// prefix was changed during the day.
struct Series {
  std::string prefix;
  NumberSet used;
};

/// Prefix and at least three digits: `A017`.
std::string number_text(std::string_view prefix, std::uint32_t n);
/// The digits of `text` when it reads as number_text(prefix, n) for some n.
std::optional<std::uint32_t> digits_behind(std::string_view prefix, std::string_view text);

}  // namespace lobby::hall
