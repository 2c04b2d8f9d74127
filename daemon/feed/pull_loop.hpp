#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "daemon/feed/lines.hpp"
#include "daemon/feed/retry.hpp"
#include "daemon/feed/schedule.hpp"
#include "daemon/feed/source.hpp"

namespace lobby::feed {

/// Asks one upstream for its resources in turn and tells lobbyd what it says. The fault of one resource does
/// not stop the others; what the whole upstream refuses stops all of them until its pause is over.
class PullLoop {
 public:
  /// `jitter`: uniform in [-1, 1]. The settings name no resource that the mapping has not.
  PullLoop(const Settings& settings, const Mapping& mapping, Source& source, Desk desk,
           std::function<std::int64_t()> steady_ms, std::function<double()> jitter);

  /// Does what is due and says how long nothing will be; nullopt: an answer was begun and cannot be ended,
  /// the process is of no more use.
  std::optional<std::chrono::milliseconds> step();

 private:
  struct Entry {
    const Resource* resource;
    Retry retry;
    std::int64_t started_ms = 0;  ///< of the last pull that was good
    Proof proof;
  };
  bool pull(std::size_t index);
  void tell_failure(std::size_t index, const Failure& failure);
  std::optional<Delivered> tell(Entry& entry, const Pulled& pulled);
  void beat(const Entry& entry);
  std::chrono::seconds longest_pause(const Pulled& pulled) const;
  std::chrono::milliseconds since(std::int64_t then_ms) const;

  const Settings& settings_;
  Source& source_;
  Desk desk_;
  std::function<std::int64_t()> steady_ms_;
  std::function<double()> jitter_;
  std::vector<Entry> entries_;
  Retry whole_;  ///< of what concerns the whole upstream
  Schedule schedule_;
};

/// The resources that the settings want, in their order, or all of the mapping's.
std::vector<const Resource*> wanted_resources(const Settings& settings, const Mapping& mapping);

}  // namespace lobby::feed
