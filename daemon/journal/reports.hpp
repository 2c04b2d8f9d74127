#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <variant>

#include "daemon/hall/decide.hpp"
#include "daemon/hall/statistics.hpp"
#include "daemon/journal/bookkeeper.hpp"

/// The thread that makes the reports: reads the journal beside its writer, keeps reports.db, and runs at a
/// low priority, so that nobody's ticket waits for a year's figures.
///
/// When asked, it counts up to the journal's last event first: an answer is never older than its question.
/// Nobody needs the figures in between, so it counts by itself only now and then, and only that writes
/// reports.db (or a backlog does): a card is not worn out by it.
namespace lobby::journal {

class Reports {
 public:
  /// Makes the answer of the figures. Runs on the thread: nothing of the loop's may be in it.
  using Render = std::function<std::string(const hall::Statistics&)>;
  /// On the loop, once.
  using Done = std::function<void(std::variant<std::string, hall::Refusal>)>;

  struct Options {
    std::string directory;                            ///< of journal.db, which is there
    std::function<void(std::function<void()>)> post;  ///< runs a completion on the loop; thread-safe
    std::chrono::milliseconds first_after{30'000};    ///< counts by itself, from the start
    std::chrono::milliseconds every{600'000};         ///< and then
    std::chrono::milliseconds patience{20'000};       ///< who asks waits so long for the counting at most
    const char* vfs = nullptr;
  };

  explicit Reports(Options options);
  ~Reports();  ///< writes what is counted, and stops; what waits is refused
  Reports(const Reports&) = delete;
  Reports& operator=(const Reports&) = delete;

  /// false: too many wait already, and `done` is not called.
  [[nodiscard]] bool ask(const hall::StatisticsQuery& query, Render render, Done done);
  /// Every event up to this one is counted. Any thread.
  std::uint64_t counted() const { return counted_; }

 private:
  static constexpr std::size_t most_waiting = 64;
  struct Question {
    hall::StatisticsQuery query;
    Render render;
    Done done;
  };

  void run();
  bool wait_until(std::chrono::steady_clock::time_point due);
  bool take(Question& question);
  bool somebody_waits();
  /// Both: false when the counting came to no end.
  bool answer(Question question);
  bool keep_books();

  Options options_;
  std::atomic<std::uint64_t> counted_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Question> waiting_;
  Bookkeeper books_;  ///< the thread's
  std::thread thread_;
};

}  // namespace lobby::journal
