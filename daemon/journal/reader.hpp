#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/journal/db.hpp"
#include "daemon/journal/journal.hpp"

/// The connection that reads journal.db, beside the writer's. Sees what is committed, which is what is
/// synced. A read that fails gives what it got so far; fault() tells it.
namespace lobby::journal {

class Reader {
 public:
  /// The file exists (the writer has opened it). nullopt: ready, else a sentence.
  std::optional<std::string> open(const std::string& file, const char* vfs);

  std::vector<Line> after(std::uint64_t seq, std::size_t limit);
  std::vector<Line> history(std::uint64_t ticket, std::size_t limit);
  std::optional<KeptAnswer> kept_answer(std::string_view account, std::string_view path, std::string_view key,
                                        std::int64_t now_ms);
  std::optional<hall::KeyPress> last_press(const hall::DeviceId& device);
  std::optional<std::uint64_t> place(std::string_view reader);

  // --- for recovery ---
  /// Calls `use(seq, state)` with the snapshots from the newest on, until it returns true.
  void each_snapshot(const std::function<bool(std::uint64_t, std::string_view)>& use);
  /// The seq of the last DayOpened; 0: there is none.
  std::uint64_t last_day();
  std::uint64_t last_seq();
  /// Calls `use(seq, json)` with every event after `seq`, in order, until it returns false.
  void each_after(std::uint64_t seq, const std::function<bool(std::uint64_t, std::string_view)>& use);

  /// Why the last read failed; empty when it did not.
  const std::string& fault() const { return fault_; }

 private:
  bool prepare();
  bool next(Query& query);
  std::vector<Line> lines(Query& query);
  std::uint64_t one(Query& query);

  std::string file_;
  Database db_;
  Statement after_, history_, answer_, press_, place_, snapshots_, last_day_, last_seq_, tail_;
  std::string fault_;
};

}  // namespace lobby::journal
