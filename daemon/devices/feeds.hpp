#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/devices/config.hpp"
#include "daemon/devices/roster.hpp"
#include "daemon/hall/approval.hpp"
#include "drivers/link/executor.hpp"

namespace lobby::devices {

/// Starts and watches one lobby-feed process per source: memory, time and line length limited, killed and
/// restarted with back-off (1 … 60 s) when it ends, says something that is no line of the protocol
/// (feed_lines.hpp), or nothing for longer than its own timing allows. Tells the roster what it learns: `ok`
/// after each whole answer that was kept or is fresh; `degraded` with the fault of the last pull, with why an
/// answer is held back or was read only in part (its rows are kept, but prove no freshness), or when the last
/// kept answer is older than max_age_s; `gone` with the reason when the process has ended, until the next one
/// has something to say.
class Feeds {
 public:
  using Taken = std::function<void(bool kept, std::string reason)>;
  /// Who gets the answers, part by part: each is answered before the next one comes. `taken(false)`: nothing
  /// more of this answer is wanted; it comes again with the next pull.
  struct Sink {
    std::function<void(const hall::DeviceId&, const hall::AnswerHead&, Taken)> begin;
    std::function<void(const hall::DeviceId&, hall::AnswerSlice, Taken)> slice;
    std::function<void(const hall::DeviceId&, std::string cursor, Taken)> end;
    /// What has begun goes no further.
    std::function<void(const hall::DeviceId&)> broken;
  };
  /// A child process as Feeds sees it; real: feed_process.hpp, in tests a script of lines. It may be
  /// destroyed at any time, after which no event comes.
  class Process {
   public:
    virtual ~Process() = default;  ///< kills it
    virtual void write_line(std::string line) = 0;
  };
  /// Called on the loop, never from within Spawn or write_line.
  struct ProcessEvents {
    std::function<void(std::string_view line)> line;  ///< without its line feed
    std::function<void(std::string_view reason)>
        ended;  ///< last event of a process, also when it could not start
  };
  struct Ports {
    /// Never nullptr.
    std::function<std::unique_ptr<Process>(const FeedConfig&, ProcessEvents)> spawn;
    /// The first line to a process, as JSON.
    std::function<std::string(const FeedConfig&)> settings;
    std::function<hall::Instant()> now;
    Sink sink;
  };
  using Spawn = decltype(Ports::spawn);

  Feeds(link::Executor& executor, const std::vector<FeedConfig>& configs, Ports ports, Roster& roster);
  ~Feeds();

  /// Ends the processes and starts none any more. What is known of the feeds stays and grows older.
  void stop();

  /// Of all sources that have this kind: the one that is furthest behind speaks for all. Counted on a clock
  /// that nobody sets.
  hall::Age age(hall::What what) const;

 private:
  struct Unit;
  std::vector<std::unique_ptr<Unit>> units_;
};

}  // namespace lobby::devices
