#pragma once

#include <deque>
#include <functional>
#include <map>
#include <utility>

#include "drivers/link/executor.hpp"

namespace lobby::fakes {

/// The loop in virtual time: jumps from event to event, so minutes of protocol take microseconds.
class VirtualExecutor final : public link::Executor {
 public:
  link::MonoTime now() const override { return now_; }
  void post(std::function<void()> work) override { ready_.push_back(std::move(work)); }
  TimerId after(link::Duration delay, std::function<void()> work) override {
    const TimerId id = ++last_id_;
    const auto when = now_ + (delay < link::Duration::zero() ? link::Duration::zero() : delay);
    timers_.emplace(std::pair{when, id}, std::move(work));
    return id;
  }
  void cancel(TimerId timer) override {
    for (auto it = timers_.begin(); it != timers_.end(); ++it) {
      if (it->first.second == timer) {
        timers_.erase(it);
        return;
      }
    }
  }

  /// Runs what is posted, not the timers.
  void drain() {
    while (!ready_.empty()) {
      auto work = std::move(ready_.front());
      ready_.pop_front();
      work();
    }
  }
  /// Runs everything that is due within `span`, in order, then stands at now() + span.
  void run_for(link::Duration span) {
    const auto until = now_ + span;
    drain();
    while (!timers_.empty() && timers_.begin()->first.first <= until) {
      auto node = timers_.extract(timers_.begin());
      now_ = node.key().first;
      node.mapped()();
      drain();
    }
    now_ = until;
  }
  bool idle() const { return ready_.empty() && timers_.empty(); }

 private:
  link::MonoTime now_{};
  TimerId last_id_ = 0;
  std::deque<std::function<void()>> ready_;
  std::map<std::pair<link::MonoTime, TimerId>, std::function<void()>> timers_;
};

}  // namespace lobby::fakes
