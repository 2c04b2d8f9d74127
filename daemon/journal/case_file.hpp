#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/hall/approval.hpp"
#include "daemon/journal/case_store.hpp"
#include "daemon/journal/db.hpp"

/// The shape of approvals.db, and who writes it.
namespace lobby::journal {

/// The columns of a case in the order of read_case(): all texts by name, then return_count, suppressed,
/// overdue_days, estimated, mismatch, judge_at, version.
std::string case_columns();
/// `next`: the column of the first; afterwards the one behind the last.
hall::CaseRow read_case(const Query& query, int& next);

/// The connection that writes; belongs to one thread after open().
class CaseLedger {
 public:
  /// Opens the file and makes its tables. A sentence when it is damaged, of another version, or cannot be.
  std::optional<std::string> open(const std::string& file, const char* vfs);
  /// The version of what was written; nullopt: nothing was, fault() says why.
  std::optional<std::uint64_t> store(const hall::SourceChange& change);
  bool judge_all_by(const std::string& rules);
  /// Takes out what is not of one of these sources and kinds.
  bool keep_only(const std::vector<std::pair<std::string, hall::What>>& sources);
  /// How long the log was after the last write; every write makes it longer until it is moved.
  int log_pages() const { return log_pages_; }
  /// Moves the log into the file, which waits for the disk.
  void checkpoint();
  const std::string& fault() const { return fault_; }
  /// open() refused a file that no other try will read.
  bool is_useless() const { return useless_; }

 private:
  std::optional<std::string> refuse();
  bool prepare();
  bool prepare_cases();
  bool count();
  bool write(const hall::SourceChange& change, std::uint64_t version);
  bool remove(std::uint64_t key, bool is_case);
  bool put(const hall::SourceChange& change, const hall::CaseRow& row, std::uint64_t version);
  bool put_judged(const hall::SourceChange& change, const hall::CaseRow& row, std::uint64_t version);
  bool finish(bool written);

  Database db_;
  Statement begin_, commit_, rollback_, find_case_, add_case_, change_case_, move_case_, judge_case_,
      know_case_, forget_case_, remove_case_, put_record_, remove_record_, put_cursor_;
  Statement put_version_, put_count_, put_rules_, make_due_;
  std::uint64_t version_ = 0;
  std::int64_t cases_ = 0;  ///< rows of approval_case
  int log_pages_ = 0;
  bool useless_ = false;
  std::string fault_;
};

}  // namespace lobby::journal
