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
  std::uint32_t skipped = 0;  ///< rows that could not be read
};

/// Starts and watches one lobby-feed process per feed: memory, time and line length limited, killed and
/// restarted with back-off. Tells the roster what it learns.
class Feeds {
 public:
  /// A whole batch arrived; call `taken(true)` when it is durable, `taken(false)` when it could not be kept
  /// (the same batch then comes again with the next pull).
  using Arrived = std::function<void(const hall::DeviceId&, FeedBatch, std::function<void(bool)> taken)>;
  /// A child process as Feeds sees it; real: feed_process.hpp, in tests a script of lines.
  class Process {
   public:
    virtual ~Process() = default;  ///< kills it
    virtual void write_line(std::string line) = 0;
  };
  struct ProcessEvents {
    std::function<void(std::string_view line)> line;
    std::function<void(std::string_view reason)> ended;
  };
  using Spawn = std::function<std::unique_ptr<Process>(const FeedConfig&, ProcessEvents)>;

  Feeds(link::Executor& executor, const std::vector<FeedConfig>& configs, Spawn spawn,
        std::function<std::string(const hall::DeviceId&)> cursor, Roster& roster, Arrived arrived);
  ~Feeds();

  /// When the feed last had a whole, kept answer; nullopt: not since the start.
  std::optional<hall::Instant> as_of() const;
  bool is_stale(hall::Instant now) const;

 private:
  struct Unit;
  std::vector<std::unique_ptr<Unit>> units_;
};

}  // namespace lobby::devices
