#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/journal/db.hpp"
#include "daemon/journal/journal.hpp"

/// The connection that writes journal.db: whole transactions only, each synced before the call returns. Used
/// by one thread at a time; knows nothing of queues.
namespace lobby::journal {

inline constexpr std::int64_t answer_lifetime_ms = 24LL * 60 * 60 * 1000;

class Ledger {
 public:
  Ledger(std::string file, const char* vfs) : file_(std::move(file)), vfs_(vfs) {}
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// Opens and prepares the file; also again after a failure. nullopt: ready, else a sentence.
  std::optional<std::string> open();

  /// All of them durably, or none of them: then fault() says why, until the next success. A batch whose
  /// events do not follow the last one without a gap is such a failure too.
  /// (If the disk refused only the sync, a power cut before the next success may still leave all of it.)
  [[nodiscard]] bool store(const std::vector<const Batch*>& batches);
  /// Keeps this snapshot and the one before it.
  [[nodiscard]] bool store_snapshot(std::uint64_t seq, std::string_view state);
  /// A synced write of the size of a busy moment; opens the file anew.
  [[nodiscard]] bool probe();

  std::uint64_t last_seq() const { return last_seq_; }
  /// Pages in the log that wait to be moved into the file.
  int log_pages() const { return log_pages_; }
  /// Moves what it can without waiting for anyone. A failure costs nothing but room.
  void checkpoint();
  const std::string& fault() const { return fault_; }

 private:
  bool prepare();
  bool fail();
  bool finish(bool written);
  bool write(const Batch& batch, std::uint64_t& last);
  bool write(const Line& line);
  bool write(const KeptAnswer& answer);
  bool write(const hall::KeyPress& press);
  bool write(const Place& place);
  bool prune_answers(std::int64_t now_ms);

  std::string file_;
  const char* vfs_;
  Database db_;
  Statement begin_, commit_, rollback_;
  Statement add_event_, add_answer_, prune_answers_, put_press_, put_place_;
  Statement add_snapshot_, prune_snapshots_, put_probe_;
  std::uint64_t last_seq_ = 0;
  std::int64_t next_prune_ms_ = 0;
  int log_pages_ = 0;
  std::string fault_;
};

}  // namespace lobby::journal
