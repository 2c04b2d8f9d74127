#include "daemon/app/estimator.hpp"

#include <utility>

namespace lobby::app {

Estimator::Estimator() : thread_([this] { run(); }) {}

Estimator::~Estimator() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Estimator::look(const hall::Site& site, const hall::State& state, hall::Instant now) {
  {
    const std::lock_guard lock(mutex_);
    if (playing_) {
      return;
    }
  }
  auto seen = hall::look(site, state, now);
  {
    const std::lock_guard lock(mutex_);
    seen_ = std::move(seen);
    playing_ = true;
  }
  wake_.notify_one();
}

const hall::Estimates* Estimator::fresh(hall::Instant now) {
  {
    const std::lock_guard lock(mutex_);
    if (played_) {
      shown_ = std::move(played_);
    }
  }
  return shown_ && shown_->is_fresh(now) ? shown_.get() : nullptr;
}

void Estimator::run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stopping_ || seen_; });
    if (stopping_) {
      return;
    }
    auto seen = *std::exchange(seen_, std::nullopt);
    lock.unlock();
    auto played = std::make_shared<const hall::Estimates>(hall::play(std::move(seen)));
    lock.lock();
    played_ = std::move(played);
    playing_ = false;
  }
}

}  // namespace lobby::app
