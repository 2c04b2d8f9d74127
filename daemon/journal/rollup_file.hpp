#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/journal/db.hpp"
#include "daemon/journal/rollup.hpp"

/// reports.db: what Rollup counted, and up to which event. Derived, so it may go at any time; whoever finds
/// it damaged discards it. One thread's. A call that gives false has failed: fault() is the sentence, and
/// is_damaged() says that the file is at fault, not the disk.
namespace lobby::journal {

/// Every event up to this one is counted.
struct Mark {
  std::uint64_t seq = 0;          ///< 0: none is
  std::uint64_t fingerprint = 0;  ///< of that event, so that another journal is told from ours
  friend bool operator==(const Mark&, const Mark&) = default;
};

class RollupFile {
 public:
  RollupFile(std::string file, const char* vfs) : file_(std::move(file)), vfs_(vfs) {}

  /// Begins an empty file where there is none, or none that is ours.
  [[nodiscard]] bool open();
  bool is_open() const { return open_; }
  /// Somebody deleted the file, put another one in its place, or wrote into it.
  bool is_touched();
  void close();
  /// Closes and deletes it.
  void discard();

  const Mark& mark() const { return mark_now_; }  ///< of the open file
  /// All of it, or nothing. After a power cut the last ones may be missing, from the end on.
  [[nodiscard]] bool store(const Rollup& counted, const Mark& mark);
  /// The first key in alphabetical order that is not before `from`; nullopt: there is none.
  [[nodiscard]] bool key_from(hall::StatisticsBy by, std::string_view from, std::optional<std::string>& key);
  /// Adds what is kept of this key in these days.
  [[nodiscard]] bool add_to(Cell& cell, const hall::StatisticsQuery& days, const std::string& key);

  bool is_damaged() const { return damaged_; }
  const std::string& fault() const { return fault_; }

 private:
  bool fail();
  bool fail_damaged(const char* how);
  bool prepare();
  bool prepare_statements();
  bool has_schema(bool& empty);
  bool is_whole();
  bool data_version(std::int64_t& version);
  bool put(const CellKey& key, const Cell& cell, std::uint64_t& digest);
  bool read(std::string_view sealed, const CellKey& key, Cell& cell);

  std::string file_;
  const char* vfs_;
  Database db_;
  Statement begin_, commit_, rollback_, mark_, put_mark_, one_, put_, next_key_, days_, all_,
      data_version_of_;
  std::int64_t data_version_ = 0;
  Mark mark_now_;
  std::uint64_t digest_ = 0;  ///< of all figures, so that none can be missing
  bool open_ = false;
  bool damaged_ = false;
  std::string fault_;
};

}  // namespace lobby::journal
