#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "daemon/hall/command.hpp"
#include "daemon/hall/event.hpp"
#include "daemon/hall/site.hpp"
#include "daemon/hall/state.hpp"
#include "daemon/journal/journal.hpp"

namespace lobby::tests {

/// The loop thread's queue: the writer posts, the test runs.
class Loop {
 public:
  std::function<void(std::function<void()>)> poster() {
    return [this](std::function<void()> work) {
      const std::lock_guard lock{mutex_};
      work_.push_back(std::move(work));
      ++posts_;
      arrived_.notify_one();
    };
  }
  /// Runs what is posted until `ready`; throws when nothing comes for long.
  template <class Ready>
  void run_until(Ready ready) {
    while (!ready()) {
      std::unique_lock lock{mutex_};
      if (!arrived_.wait_for(lock, std::chrono::seconds{30}, [this] { return !work_.empty(); })) {
        throw std::runtime_error{"the journal does not answer"};
      }
      auto work = std::move(work_.front());
      work_.pop_front();
      lock.unlock();
      work();
    }
  }
  /// Runs what has been posted already.
  void run_posted() {
    std::unique_lock lock{mutex_};
    while (!work_.empty()) {
      auto work = std::move(work_.front());
      work_.pop_front();
      lock.unlock();
      work();
      lock.lock();
    }
  }
  std::size_t posts() const {
    const std::lock_guard lock{mutex_};
    return posts_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::function<void()>> work_;
  std::size_t posts_ = 0;
};

/// How often a trial by chance is repeated; more often with LOBBY_LONG. Every append is handed from thread to
/// thread and back, which costs a loaded machine milliseconds where an idle one needs microseconds.
std::size_t trials(std::size_t usual, std::size_t in_a_long_run);

/// A directory of its own, gone at the end.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  std::string path() const { return path_.string(); }
  std::string journal() const { return (path_ / "journal.db").string(); }

 private:
  std::filesystem::path path_;
};

/// A lobby's days by chance: commands at random, the events that the hall makes of them.
class History {
 public:
  explicit History(std::uint64_t seed);

  /// The next events, at least `count`, folded into `state`.
  std::vector<hall::Event> next(std::size_t count);
  std::vector<journal::Line> next_lines(std::size_t count);

  hall::State state;
  std::mt19937_64 random;

 private:
  hall::Command any_command();
  hall::Command window_command();
  hall::Command world_command();
  hall::Command print_command();
  std::string word(const char* stem, std::uint64_t count) { return stem + std::to_string(random() % count); }
  hall::TicketId any_ticket();

  hall::Site site_;
  std::int64_t now_ms_ = 1795395931123;  // 2026-11-23, 09:05
};

journal::Commit append_and_wait(journal::Journal& journal, Loop& loop, journal::Batch batch);
journal::Commit probe_and_wait(journal::Journal& journal, Loop& loop);

/// Runs SQL on a database file; throws with SQLite's words when it fails.
void run_sql(const std::string& file, const std::string& sql);
/// All rows, columns parted by `|`, rows by line ends.
std::string query_sql(const std::string& file, const std::string& sql);

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace lobby::tests
