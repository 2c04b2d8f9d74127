#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>

namespace lobby::link {

using Duration = std::chrono::nanoseconds;
/// Monotonic; its zero means nothing.
using MonoTime = std::chrono::time_point<std::chrono::steady_clock, Duration>;

/// The loop as drivers see it. Every callback of a driver runs here, one at a time, never re-entrantly from
/// the call that caused it. Real: Asio (asio_executor.hpp). In tests: virtual time
/// (tests/fakes/virtual_executor.hpp).
class Executor {
 public:
  using TimerId = std::uint64_t;  ///< 0 is no timer
  virtual ~Executor() = default;
  virtual MonoTime now() const = 0;
  /// Runs `work` later on the loop. The only call that any thread may make.
  virtual void post(std::function<void()> work) = 0;
  /// Runs `work` once, not before `delay` has passed. Equal deadlines keep their order.
  virtual TimerId after(Duration delay, std::function<void()> work) = 0;
  /// The work of a cancelled timer never runs; unknown ids are ignored.
  virtual void cancel(TimerId timer) = 0;
};

/// A timer that ends with its owner.
class Timer {
 public:
  explicit Timer(Executor& executor) : executor_(&executor) {}
  ~Timer() { cancel(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// Replaces a pending start.
  void start(Duration delay, std::function<void()> work) {
    cancel();
    id_ = executor_->after(delay, [this, work = std::move(work)] {
      id_ = 0;
      work();
    });
  }
  void cancel() {
    if (id_ != 0) {
      executor_->cancel(std::exchange(id_, 0));
    }
  }
  bool pending() const { return id_ != 0; }

 private:
  Executor* executor_;
  Executor::TimerId id_ = 0;
};

}  // namespace lobby::link
