#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "display/page/program.hpp"
#include "display/screen/server_link.hpp"

namespace lobby::display {

/// Asks the server for a wall's program again and again, on a thread of its own, and tells it what is shown.
///
/// Every half second; every ten seconds while the server refuses the wall. What changes about the server is
/// said once, in one sentence. A stop is waited for no longer than one exchange takes.
class ProgramPoller {
 public:
  using Settings = PollerSettings;
  /// An answer that holds: a program, or that the last one still does. Instants of the steady clock.
  struct News {
    std::optional<BoardProgram> program;
    Instant asked = {};
    Instant answered = {};
    bool after_loss = false;  ///< it may be a server that does not know what this wall shows
  };

  explicit ProgramPoller(Settings settings);
  ~ProgramPoller();
  ProgramPoller(const ProgramPoller&) = delete;
  ProgramPoller& operator=(const ProgramPoller&) = delete;

  /// What has come since it was last asked for, the oldest first.
  std::vector<News> news();
  /// The wall shows this version now: told until the server has taken it, or shows another.
  void shown(std::uint64_t version);
  /// Cuts an exchange off that takes longer than any should. To be called now and then.
  void watch() { link_.watch(); }

 private:
  void run();
  void ask();
  void took_program(const ServerLink::Answer& answer);
  void say_trouble(int status);
  bool tell_shown();  ///< false: it could not be told
  void took(News news);
  void say(std::string sentence);

  Settings settings_;
  ServerLink link_;
  std::mutex mutex_;
  std::condition_variable turn_;
  bool stopping_ = false;
  std::deque<News> news_;
  std::optional<std::uint64_t> to_tell_;
  // Of the thread alone.
  std::string state_, etag_;
  Instant clock_due_ = {};
  int clock_answers_ = 0;
  bool was_lost_ = false;
  bool refused_ = false;
  std::thread thread_;
};

}  // namespace lobby::display
