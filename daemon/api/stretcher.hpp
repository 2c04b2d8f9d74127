#pragma once

#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace lobby::api {

/// A thread for what is slow on purpose (stretching passwords), so that a login never holds up the loop.
class Stretcher {
 public:
  /// Runs on the thread: nothing of the loop's may be in it.
  using Slow = std::function<std::string()>;
  /// Runs on the loop, with what the slow part gave.
  using Then = std::function<void(std::string)>;

  explicit Stretcher(boost::asio::io_context& io) : io_(io) {}
  /// Waits for the work under way; what waits is dropped, and what is done but not yet told is not told.
  ~Stretcher();
  Stretcher(const Stretcher&) = delete;
  Stretcher& operator=(const Stretcher&) = delete;

  /// false: too much waits already.
  bool run(Slow slow, Then then);

 private:
  static constexpr std::size_t most_waiting = 16;
  struct Work {
    Slow slow;
    Then then;
  };
  void serve();

  boost::asio::io_context& io_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< touched on the loop only
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Work> waiting_;
  bool stopping_ = false;
  std::thread thread_;  ///< started by the first work: most days nobody logs in
};

}  // namespace lobby::api
