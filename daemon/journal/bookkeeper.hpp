#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>

#include "daemon/hall/decide.hpp"
#include "daemon/hall/statistics.hpp"
#include "daemon/journal/event_scan.hpp"
#include "daemon/journal/rollup_file.hpp"

/// Counts the journal, keeps the figures in reports.db, and answers from both. Knows nothing of threads; one
/// at a time.
///
/// reports.db may lag: what is counted since it was written is in memory. So a report is right up to the last
/// event though few of them write anything, and a disk that takes no reports.db does not matter at once.
namespace lobby::journal {

class Bookkeeper {
 public:
  /// How much at a time; tests take less.
  struct Sizes {
    std::uint64_t batch = 4096;             ///< events that one read looks at
    std::uint64_t most_unwritten = 32'768;  ///< events that are counted in memory only
    std::size_t most_rows = 5'000;          ///< of a report
  };
  /// `directory` holds journal.db, and reports.db beside it.
  Bookkeeper(std::string directory, const char* vfs) : Bookkeeper(std::move(directory), vfs, Sizes{}) {}
  Bookkeeper(std::string directory, const char* vfs, Sizes sizes)
      : directory_(std::move(directory)), vfs_(vfs), sizes_(sizes), file_(directory_ + "/reports.db", vfs) {}

  enum class Caught : std::uint8_t { up, interrupted, failed };
  /// Counts what the journal has more than was counted, batch by batch while `go_on`. `failed`: fault() says
  /// why; the next call tries again.
  Caught catch_up(const std::function<bool()>& go_on);
  /// Writes what is counted; false: fault(). What is not written stays counted.
  bool write();

  /// Every event that the journal holds now is in it. `storage_failed` when it cannot be made, or not while
  /// `go_on`.
  std::variant<hall::Statistics, hall::Refusal> report(const hall::StatisticsQuery& query,
                                                       const std::function<bool()>& go_on);

  /// Every event up to this one is counted.
  std::uint64_t counted() const { return counted_.seq; }
  /// The last catch_up() was interrupted.
  bool is_behind() const { return behind_; }
  const std::string& fault() const { return fault_; }

 private:
  bool make_ready();
  bool open_file();
  bool is_of_this_journal(bool& is);
  bool count(std::uint64_t last);
  bool fail(std::string sentence);
  bool next_key(const hall::StatisticsQuery& query, std::optional<std::string>& key);
  bool sum_up(const hall::StatisticsQuery& query, hall::Statistics& statistics);
  void add_unwritten(const hall::StatisticsQuery& query, const std::string& key, Cell& cell) const;

  std::string directory_;
  const char* vfs_;
  Sizes sizes_;
  EventScan journal_;
  RollupFile file_;
  Mark counted_;  ///< where `unwritten_` ends, which begins behind the file's mark
  Rollup unwritten_;
  bool behind_ = false;
  std::string fault_;
};

}  // namespace lobby::journal
