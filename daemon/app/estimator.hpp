#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "daemon/hall/estimate.hpp"

namespace lobby::app {

/// Keeps the estimates of the waits: looks at the hall on the loop thread, plays it forward on a thread of
/// its own. Owned and called by the loop thread; the sites that it looks at outlive it.
class Estimator {
 public:
  Estimator();
  ~Estimator();  ///< waits for what is being played
  Estimator(const Estimator&) = delete;
  Estimator& operator=(const Estimator&) = delete;

  /// Estimates of this state are to be had a little later. While those of an earlier one are still being
  /// played, nothing happens: ask again.
  void look(const hall::Site& site, const hall::State& state, hall::Instant now);
  /// The last ones; nullptr when they are older than is shown. Valid until the next call.
  const hall::Estimates* fresh(hall::Instant now);

 private:
  void run();

  std::shared_ptr<const hall::Estimates> shown_;  ///< the loop thread's

  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<hall::Outlook> seen_;
  std::shared_ptr<const hall::Estimates> played_;
  bool playing_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace lobby::app
