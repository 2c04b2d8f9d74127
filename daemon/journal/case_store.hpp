#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/hall/approval.hpp"

/// What the sources say, mirrored: `approvals.db` beside the journal, in a file and on a thread of its own so
/// that no ticket ever waits behind a big answer. A write is atomic; one that a power cut takes back comes
/// again, because the place in the source's list goes with the rows.
namespace lobby::journal {

struct CaseStoreOptions {
  std::string directory;
  std::function<void(std::function<void()>)> post;  ///< runs a completion on the loop; thread-safe
  int checkpoint_pages = 1000;                      ///< of the log, when idle; at most eight times as many
  const char* vfs = nullptr;
  /// What is still asked of whom: everything else is taken out at the start, for nobody would ever say how
  /// old it is. nullopt: all of it stays.
  std::optional<std::vector<std::pair<std::string, hall::What>>> only = {};
};

/// Owned and called by the loop thread; the writer thread is inside. Reads see what is committed, are bounded
/// by their limits, and give what they got so far when the disk fails.
class CaseStore {
 public:
  /// A file that is damaged or of another version is put aside (`approvals.db.old`) and begun anew: all of it
  /// comes again. Throws std::runtime_error when there can be no file.
  static std::unique_ptr<CaseStore> open(CaseStoreOptions options);
  virtual ~CaseStore() = default;

  /// In order; every row takes the version of its write, which is above all earlier ones. `done` gets it, or
  /// nullopt: nothing was written.
  virtual void write(hall::SourceChange change, std::function<void(std::optional<std::uint64_t>)> done) = 0;
  /// Why the last write failed; empty: it did not.
  virtual std::string reason() const = 0;

  // --- what is known, for comparing ---
  using UseKnown = std::function<void(std::uint64_t key, std::uint64_t meaning)>;
  /// Looks at the next rows from `place` on, at first the smallest number there is: up to known_at_once of
  /// whatever source. The place to go on from; nullopt: that was all.
  static constexpr int known_at_once = 250;
  virtual std::optional<std::int64_t> each_known(std::string_view feed, hall::What what, std::int64_t place,
                                                 const UseKnown& use) = 0;
  /// Keys of cases that ended, the longest ago first; of other kinds those that were written first.
  virtual std::vector<std::uint64_t> oldest(std::string_view feed, hall::What what, std::size_t limit) = 0;
  virtual std::string cursor(std::string_view feed, hall::What what) = 0;
  /// Cases whose light may change by itself until `now_ms`, the earliest first, with their source.
  struct DueCase {
    std::string feed;
    hall::CaseRow row;
  };
  virtual std::vector<DueCase> due(std::int64_t now_ms, std::size_t limit) = 0;
  /// As `now_ms`: only those that judge_all_by() made due.
  static constexpr std::int64_t due_by_rules = 1;
  /// Makes every case due, unless that was done for these rules before.
  virtual void judge_all_by(std::string_view rules) = 0;

  // --- what is shown ---
  virtual std::uint64_t version() = 0;
  /// Last moved first: by `updated_at`, or `accepted_at` where that is unknown. Without `age`.
  virtual hall::CasePage cases(const hall::CaseQuery& query) = 0;
  virtual std::optional<hall::CaseRow> find_case(std::string_view case_no) = 0;
  /// `today` as `yyyy-MM-dd`. Counted anew only when something was written since.
  virtual hall::CaseTotals totals(std::string_view today) = 0;
  virtual std::vector<hall::CaseRow> mismatches(std::size_t limit) = 0;
  virtual std::vector<hall::ReturnedTwice> returned_twice(std::size_t limit) = 0;
  /// Of all sources, by id.
  virtual std::vector<hall::Record> records(hall::What what, std::size_t limit) = 0;
};

}  // namespace lobby::journal
