#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/hall/statistics.hpp"

namespace lobby::journal {

/// How often each whole second occurred: durations without loss, as small as they are alike.
class Histogram {
 public:
  void add(std::uint32_t seconds, std::uint32_t times = 1);
  void add(const Histogram& other);
  bool empty() const { return buckets_.empty(); }
  hall::DurationFigures figures() const;

  /// Appended, so that read() knows where it ends.
  void write(std::string& out) const;
  /// Takes it off the front of `in` and adds it to what is here; false: no write() made this.
  [[nodiscard]] bool read(std::string_view& in);

 private:
  struct Bucket {
    std::uint32_t seconds, times;
  };
  static void join(std::vector<Bucket>& buckets);
  std::vector<Bucket> joined() const;
  void push(Bucket bucket);

  /// A second may stand here more than once, in any order, up to about as often again as there are seconds.
  std::vector<Bucket> buckets_;
  std::size_t next_join_ = 64;
};

/// Little numbers in few bytes, seven bits in each.
void put_varint(std::string& out, std::uint64_t value);
/// Takes one off the front; false when there is none, or it has bits that no number has.
[[nodiscard]] bool take_varint(std::string_view& in, std::uint64_t& value);

}  // namespace lobby::journal
