#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace lobby::app {

/// `dead-letters/NAME.ndjson` in the state directory: what another system will never take, for a person to
/// look at. Written and synced by a thread of its own, because a bad disk may take its time.
class DeadLetters {
 public:
  using Post = std::function<void(std::function<void()>)>;  ///< runs work on the loop; thread-safe
  using Done = std::function<void(std::string fault)>;      ///< on the loop; empty: it is on the disk

  DeadLetters(std::string state_directory, Post post);
  ~DeadLetters();  ///< writes what waits
  DeadLetters(const DeadLetters&) = delete;
  DeadLetters& operator=(const DeadLetters&) = delete;

  /// Appends whole lines, all or none. One file's are written in order.
  void append(std::string name, std::string lines, Done done);

 private:
  struct Task {
    std::string name, lines;
    Done done;
  };
  void run();

  const std::string directory_;
  const Post post_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

/// The writing itself: makes folder and file (for their owner only) when they are missing. Empty, or what
/// went wrong; then the file is as it was. A line that a power cut has left half is closed.
std::string append_lines(const std::string& directory, const std::string& name, const std::string& lines);

}  // namespace lobby::app
