#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace lobby::feed {

/// Which resource is asked next, and when lobbyd is to hear of this process although nothing is asked. Times
/// are milliseconds of a clock that nobody sets; one request is in flight at a time, so what is due at the
/// same time is asked one after the other, the longest waiting first.
class Schedule {
 public:
  /// Everything is due at once, in its order. `interval_ms`: what lobbyd expects to hear at least.
  Schedule(std::size_t resources, std::int64_t interval_ms)
      : resources_(resources), interval_ms_(interval_ms) {}

  struct Step {
    enum class Kind : std::uint8_t {
      pull,  ///< ask this resource
      beat   ///< say of this resource that it still is what it was, and how old that is
    } kind = Kind::pull;
    std::size_t resource = 0;
    std::int64_t at_ms = 0;
  };
  Step next() const;

  /// After a good answer: the next one at `at_ms`.
  void good(std::size_t resource, std::int64_t now_ms, std::int64_t at_ms);
  /// After a failure. `all`: nothing is asked before `at_ms`.
  void failed(std::size_t resource, std::int64_t now_ms, std::int64_t at_ms, bool all);
  void beaten(std::int64_t now_ms) { quiet_until_ms_ = now_ms + interval_ms_; }

 private:
  struct Resource {
    std::int64_t due_ms = INT64_MIN;
    bool good = false;
  };
  std::vector<Resource> resources_;
  std::int64_t interval_ms_;
  std::int64_t held_until_ms_ = INT64_MIN;
  std::int64_t quiet_until_ms_ = INT64_MAX;
};

}  // namespace lobby::feed
