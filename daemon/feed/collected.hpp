#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/feed/rows.hpp"
#include "daemon/feed/spool.hpp"

namespace lobby::feed {

/// What the answers of one pull bring, each id once. Ids are known by 64-bit sums: 200,000 of them need a few
/// megabytes.
class Collected {
 public:
  static constexpr std::size_t most = 200'000;  ///< lines

  explicit Collected(std::string spool_folder) : spool_(std::move(spool_folder)) {}

  enum class Told : std::uint8_t {
    first,   ///< not heard of before
    again,   ///< known
    no_room  ///< not kept: there are `most` lines
  };
  /// `newest`: of one id, the last row counts, otherwise the first one.
  Told row(Row row, bool newest);
  Told removed(std::string_view id, bool newest);
  /// An id that is known, but not delivered. `newest`: any more.
  Told outside(std::string_view id, bool newest);

  std::size_t rows() const { return rows_; }
  std::size_t removals() const { return removals_; }
  /// Equal for equal sets of lines, in whatever order they came.
  std::uint64_t fingerprint() const { return sum_; }
  /// See Spool.
  const std::string& fault() const { return spool_.fault(); }
  bool each(const std::function<bool(std::string_view line)>& see);

 private:
  static constexpr std::uint32_t nowhere = UINT32_MAX;
  struct Line {
    std::uint64_t sum = 0;  ///< 0: another line of the id took its place
    bool removal = false;
  };
  Told keep(std::string_view id, std::string line, bool removal, bool newest);
  void give_up(std::uint32_t index);

  Spool spool_;
  std::unordered_map<std::uint64_t, std::uint32_t> index_;  ///< by sum of id: number of its line, or nowhere
  std::vector<Line> lines_;
  std::size_t rows_ = 0;
  std::size_t removals_ = 0;
  std::uint64_t sum_ = 0;
};

/// Of a text, well mixed; never 0.
std::uint64_t sum_of(std::string_view text);

}  // namespace lobby::feed
