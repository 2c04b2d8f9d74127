#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <string>

#include "daemon/api/options.hpp"

namespace lobby::api {

/// Wrong tries of those who guess at a secret. Bounded: who tried longest ago is forgotten for the newest.
class Tries {
 public:
  struct Limit {
    std::size_t most = 5;  ///< within `span`; then nobody is let in
    std::chrono::seconds span{60};
    /// Until a span after the last of them; else until the first is a span old.
    bool from_last = false;
  };
  explicit Tries(Limit limit) : limit_(limit) {}

  /// Seconds to wait before the next try; 0: go on, and it counts as wrong until forgive(). `who`: whom a
  /// lock shuts out; nobody else.
  int count(const std::string& who, Options::MonoTime now);
  /// The last one of `who` was right.
  void forgive(const std::string& who);

 private:
  static constexpr std::size_t most_who = 1024;
  Limit limit_;
  std::map<std::string, std::deque<Options::MonoTime>, std::less<>> wrong_;
};

}  // namespace lobby::api
