#include "drivers/link/asio_executor.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <unordered_map>
#include <utility>

namespace lobby::link {

/// All timers in one order on one Asio timer: equal deadlines keep their order, which Asio's own heap does
/// not promise.
struct AsioExecutor::Timers : std::enable_shared_from_this<Timers> {
  explicit Timers(boost::asio::io_context& io) : alarm(io) {}

  void arm() {
    if (waiting.empty()) {
      alarm.cancel();
      return;
    }
    const MonoTime first = waiting.begin()->first.first;
    alarm.expires_at(std::chrono::time_point_cast<std::chrono::steady_clock::duration>(first));
    alarm.async_wait([weak = weak_from_this()](boost::system::error_code ec) {
      if (auto self = weak.lock(); self && !ec) {
        self->run_due();
      }
    });
  }

  void run_due() {
    const MonoTime now = std::chrono::steady_clock::now();
    while (!ended && !waiting.empty() && waiting.begin()->first.first <= now) {
      auto node = waiting.extract(waiting.begin());
      deadlines.erase(node.key().second);
      node.mapped()();
    }
    if (!ended) {
      arm();
    }
  }

  boost::asio::steady_timer alarm;
  std::map<std::pair<MonoTime, TimerId>, std::function<void()>> waiting;
  std::unordered_map<TimerId, MonoTime> deadlines;
  TimerId last_id = 0;
  bool ended = false;
};

AsioExecutor::AsioExecutor(boost::asio::io_context& io) : io_(io), timers_(std::make_shared<Timers>(io)) {}

AsioExecutor::~AsioExecutor() {
  timers_->ended = true;
  timers_->alarm.cancel();
  timers_->waiting.clear();
}

MonoTime AsioExecutor::now() const {
  return std::chrono::steady_clock::now();
}

void AsioExecutor::post(std::function<void()> work) {
  boost::asio::post(io_, std::move(work));
}

Executor::TimerId AsioExecutor::after(Duration delay, std::function<void()> work) {
  const TimerId id = ++timers_->last_id;
  const MonoTime deadline = now() + std::max(delay, Duration::zero());
  const auto place = timers_->waiting.emplace(std::pair{deadline, id}, std::move(work)).first;
  timers_->deadlines.emplace(id, deadline);
  if (place == timers_->waiting.begin()) {
    timers_->arm();
  }
  return id;
}

void AsioExecutor::cancel(TimerId timer) {
  const auto known = timers_->deadlines.find(timer);
  if (known == timers_->deadlines.end()) {
    return;
  }
  const bool was_first = timers_->waiting.begin()->first.second == timer;
  // The work may own what asked for the cancelling: let it end after the books are right.
  const auto node = timers_->waiting.extract({known->second, timer});
  timers_->deadlines.erase(known);
  if (was_first) {
    timers_->arm();
  }
}

}  // namespace lobby::link
