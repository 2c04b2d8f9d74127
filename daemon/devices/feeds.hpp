#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/devices/config.hpp"
#include "daemon/devices/roster.hpp"
#include "daemon/hall/approval.hpp"
#include "drivers/link/executor.hpp"

namespace lobby::devices {

/// One whole answer of an upstream, as lobby-feed told it line by line (the line format: feed_lines.hpp).
struct FeedBatch {
  bool full = false;                 ///< the rows are all there is: others of this feed are gone
  std::vector<hall::CaseRow> cases;  ///< masked; version is not set
  std::vector<std::string> removed;  ///< upstream ids
  std::string cursor;
  std::uint32_t skipped = 0;         ///< rows that could not be read
  std::uint32_t unknown_status = 0;  ///< rows with a status word that the mapping does not know
  std::uint32_t bad_values = 0;      ///< fields left empty because their value could not be read
};

/// Starts and watches one lobby-feed process per feed: memory, time and line length limited, killed and
/// restarted with back-off (1 … 60 s) when it ends, says something that is no line of the protocol, or
/// nothing for longer than its own timing allows. Tells the roster what it learns: `ok` after each answer
/// that was kept or is fresh; `degraded` with the fault of the last pull, or when the last kept answer is
/// older than max_age_s; `gone` with the reason when the process has ended, until the next one has something
/// to say.
class Feeds {
 public:
  /// A whole batch arrived; call `taken(true)` when it is durable, `taken(false)` when it could not be kept
  /// (the same batch then comes again with the next pull).
  using Arrived = std::function<void(const hall::DeviceId&, FeedBatch, std::function<void(bool)> taken)>;
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
  /// Never nullptr.
  using Spawn = std::function<std::unique_ptr<Process>(const FeedConfig&, ProcessEvents)>;

  Feeds(link::Executor& executor, const std::vector<FeedConfig>& configs, Spawn spawn,
        std::function<std::string(const hall::DeviceId&)> cursor, Roster& roster, Arrived arrived);
  ~Feeds();

  /// Ends the processes and starts none any more. What is known of the feeds stays and grows older.
  void stop();

  /// When the feed last had a whole, kept answer; nullopt: not since the start. Of several feeds the one that
  /// is furthest behind speaks for all.
  std::optional<hall::Instant> as_of() const;
  /// Some feed has no kept answer, or one older than its max_age_s.
  bool is_stale(hall::Instant now) const;

 private:
  struct Unit;
  std::vector<std::unique_ptr<Unit>> units_;
};

}  // namespace lobby::devices
