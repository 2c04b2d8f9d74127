#include "daemon/api/stretcher.hpp"

#include <malloc.h>

#include <boost/asio/post.hpp>
#include <utility>

namespace lobby::api {

Stretcher::~Stretcher() {
  *alive_ = false;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    waiting_.clear();
  }
  wake_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

bool Stretcher::run(Slow slow, Then then) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= most_waiting) {
      return false;
    }
    waiting_.push_back({std::move(slow), std::move(then)});
  }
  if (!thread_.joinable()) {
    thread_ = std::thread([this] { serve(); });
  }
  wake_.notify_one();
  return true;
}

void Stretcher::serve() {
  // Stretching takes 16 MB for a moment. From this size on, memory is mapped for its use and goes back to the
  // system with it; left to itself, malloc would keep it in this thread's arena for good.
  constexpr int mapped_from = 1 << 20;
  ::mallopt(M_MMAP_THRESHOLD, mapped_from);
  while (true) {
    Work work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) {
        return;
      }
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    std::string result = work.slow();
    // Moved, so that what `then` holds of the loop's dies there and not here.
    boost::asio::post(io_,
                      [alive = alive_, then = std::move(work.then), result = std::move(result)]() mutable {
                        if (*alive) {
                          then(std::move(result));
                        }
                      });
  }
}

}  // namespace lobby::api
