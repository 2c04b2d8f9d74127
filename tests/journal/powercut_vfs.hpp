#pragma once

#include <sqlite3.h>

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

/// A disk in memory for SQLite that knows what was synced and what was only written. When the power is cut,
/// each unsynced write, truncation, creation and deletion is kept, dropped or (a write) torn by a seeded
/// choice. It can also be full, refuse to sync, and refuse to read. Any thread.
///
/// What it promises is what a decent disk promises: bytes outside a write stay (SQLite's "power-safe
/// overwrite"), a completed sync of a file holds its content, and names hold after the sync of a directory,
/// which SQLite asks for with the first sync of a log and with some deletions.
namespace lobby::tests {

class PowercutVfs {
 public:
  PowercutVfs();
  ~PowercutVfs();
  PowercutVfs(const PowercutVfs&) = delete;
  PowercutVfs& operator=(const PowercutVfs&) = delete;

  const char* name() const { return name_.c_str(); }  ///< for sqlite3_open_v2

  // --- the power ---
  /// Goes out in the middle of the n-th change (write, truncation, creation, deletion, sync) from now; 0:
  /// never.
  void cut_at_change(std::uint64_t n);
  bool is_off() const;
  std::uint64_t changes() const;
  /// After everyone has closed their files: what survived is now the disk's content.
  void power_on(std::mt19937_64& random);

  // --- faults with the power on ---
  void set_room(std::uint64_t bytes);  ///< of all files together; what is beyond is SQLITE_FULL
  void refuse_syncs(bool refuse);
  void refuse_reads(bool refuse);
  void hold_syncs(bool hold);  ///< whoever syncs waits until they are let go
  void wait_for_held_sync();

  std::uint64_t used() const;
  std::string content(const std::string& file) const;
  void set_content(const std::string& file, std::string bytes);  ///< synced

  // --- what SQLite's calls end in (powercut_vfs.cpp) ---
  struct Inode;
  struct Handle;

 private:
  friend struct VfsCalls;
  using Names = std::map<std::string, std::shared_ptr<Inode>>;

  bool change();  ///< false: the power is off, now or already
  std::uint64_t used_locked() const;

  std::string name_;
  sqlite3_vfs vfs_{};
  mutable std::mutex mutex_;
  Names names_;         ///< as the running system sees them
  Names synced_names_;  ///< as they are surely on the disk
  std::uint64_t changes_ = 0;
  std::uint64_t cut_at_ = 0;
  bool off_ = false;
  std::uint64_t room_ = UINT64_MAX;
  bool refuse_syncs_ = false;
  bool refuse_reads_ = false;
  bool hold_syncs_ = false;
  int held_syncs_ = 0;
  std::condition_variable held_or_let_go_;
  int open_handles_ = 0;
};

}  // namespace lobby::tests
