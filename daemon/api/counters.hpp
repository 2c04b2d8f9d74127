#pragma once

#include <cstdint>
#include <map>

namespace lobby::api {

/// What the API has done so far.
struct Counters {
  std::map<int, std::uint64_t> answers;  ///< by status
  std::uint64_t accepted = 0;            ///< connections
  std::uint64_t refused = 0;             ///< connections beyond the limit
  std::uint64_t evicted = 0;             ///< closed to make room for others
  std::uint64_t late = 0;                ///< cut off: a request, or the reading of an answer, took too long
  std::uint64_t snapshots = 0;           ///< streams that were too far behind
  std::uint64_t connections = 0, streams = 0;  ///< open now
};

}  // namespace lobby::api
