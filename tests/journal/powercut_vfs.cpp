#include "tests/journal/powercut_vfs.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <new>
#include <stdexcept>
#include <thread>

namespace lobby::tests {
namespace {

constexpr std::size_t disk_sector = 512;

/// A write, or a truncation to `offset` when `cuts_off`.
struct Change {
  std::size_t offset = 0;
  std::string bytes;
  bool cuts_off = false;
};

void apply_write(std::string& content, std::size_t offset, const char* data, std::size_t size) {
  if (content.size() < offset + size) {
    content.resize(offset + size, '\0');
  }
  content.replace(offset, size, data, size);
}

void apply_change(std::string& content, const Change& change) {
  if (change.cuts_off) {
    content.resize(std::min(content.size(), change.offset));
  } else {
    apply_write(content, change.offset, change.bytes.data(), change.bytes.size());
  }
}

/// Each sector of the write arrives or not; the last one that arrives may do so in part.
void apply_torn(std::string& content, const Change& change, std::mt19937_64& random) {
  std::size_t at = 0;
  while (at < change.bytes.size()) {
    const auto sector_end = (change.offset + at) / disk_sector * disk_sector + disk_sector;
    const auto size = std::min(change.bytes.size() - at, sector_end - (change.offset + at));
    const auto luck = random() % 8;
    if (luck < 4) {
      apply_write(content, change.offset + at, change.bytes.data() + at, size);
    } else if (luck == 4) {
      apply_write(content, change.offset + at, change.bytes.data() + at, random() % (size + 1));
    }
    at += size;
  }
}

}  // namespace

struct PowercutVfs::Inode {
  std::string live;             ///< what a running program reads
  std::string synced;           ///< what is surely on the disk
  std::vector<Change> pending;  ///< since then, in order
  std::vector<Handle*> handles;
  std::vector<std::unique_ptr<std::array<char, 32768>>> shared_memory;
  std::array<int, SQLITE_SHM_NLOCK> shared_locks{};  ///< -1: exclusive, else how many share it

  void settle(std::mt19937_64& random) {
    for (const Change& change : pending) {
      const auto luck = random() % 3;
      if (luck == 0) {
        apply_change(synced, change);
      } else if (luck == 1 && !change.cuts_off) {
        apply_torn(synced, change, random);
      }
    }
    pending.clear();
    live = synced;
  }
};

struct PowercutVfs::Handle : sqlite3_file {
  PowercutVfs* disk = nullptr;
  std::shared_ptr<Inode> inode;
  int level = SQLITE_LOCK_NONE;
  bool syncs_names = false;  ///< as SQLite's own VFS does once for a new log
  bool delete_on_close = false;
  std::string name;
};

/// The functions SQLite calls.
struct VfsCalls {
  using Disk = PowercutVfs;
  using Handle = PowercutVfs::Handle;
  using Inode = PowercutVfs::Inode;

  static Handle& self(sqlite3_file* file) { return *static_cast<Handle*>(file); }
  static Disk& disk(sqlite3_vfs* vfs) { return *static_cast<Disk*>(vfs->pAppData); }

  // --- names ---
  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    Disk& d = disk(vfs);
    const std::lock_guard lock{d.mutex_};
    file->pMethods = nullptr;
    if (d.off_) {
      return SQLITE_IOERR;
    }
    std::shared_ptr<Inode> inode;
    bool made = false;
    const auto found = name == nullptr ? d.names_.end() : d.names_.find(name);
    if (found != d.names_.end()) {
      inode = found->second;
    } else {
      if ((flags & SQLITE_OPEN_CREATE) == 0) {
        return SQLITE_CANTOPEN;
      }
      inode = std::make_shared<Inode>();
      made = true;
      if (name != nullptr) {
        d.names_[name] = inode;
        if (!d.change()) {
          return SQLITE_IOERR;
        }
      }
    }
    auto* handle = new (file) Handle;
    handle->pMethods = &methods;
    handle->disk = &d;
    handle->inode = inode;
    handle->name = name == nullptr ? "" : name;
    handle->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    handle->syncs_names = made && (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    inode->handles.push_back(handle);
    ++d.open_handles_;
    if (out_flags != nullptr) {
      *out_flags = flags;
    }
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int sync_names) {
    Disk& d = disk(vfs);
    const std::lock_guard lock{d.mutex_};
    if (d.off_) {
      return SQLITE_IOERR_DELETE;
    }
    if (d.names_.erase(name) == 0) {
      return SQLITE_IOERR_DELETE_NOENT;
    }
    if (!d.change()) {
      return SQLITE_IOERR_DELETE;
    }
    if (sync_names != 0) {
      d.synced_names_ = d.names_;
    }
    return SQLITE_OK;
  }

  static int access(sqlite3_vfs* vfs, const char* name, int /*flags*/, int* out) {
    Disk& d = disk(vfs);
    const std::lock_guard lock{d.mutex_};
    const auto found = d.names_.find(name);
    // As SQLite's own VFS: an empty file does not "exist" for recovery, but it is there.
    *out = found != d.names_.end() ? 1 : 0;
    return d.off_ ? SQLITE_IOERR_ACCESS : SQLITE_OK;
  }

  static int full_pathname(sqlite3_vfs*, const char* name, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
  }

  // --- content ---
  static int close(sqlite3_file* file) {
    Handle& handle = self(file);
    Disk& d = *handle.disk;
    {
      const std::lock_guard lock{d.mutex_};
      auto& handles = handle.inode->handles;
      handles.erase(std::find(handles.begin(), handles.end(), &handle));
      if (handle.delete_on_close) {
        d.names_.erase(handle.name);
      }
      --d.open_handles_;
    }
    handle.~Handle();
    return SQLITE_OK;
  }

  static int read(sqlite3_file* file, void* out, int amount, sqlite3_int64 at) {
    Handle& handle = self(file);
    const std::lock_guard lock{handle.disk->mutex_};
    if (handle.disk->off_ || handle.disk->refuse_reads_) {
      return SQLITE_IOERR_READ;
    }
    const auto& live = handle.inode->live;
    const auto offset = static_cast<std::size_t>(at);
    const auto wanted = static_cast<std::size_t>(amount);
    const auto have = offset >= live.size() ? 0 : std::min(wanted, live.size() - offset);
    std::memcpy(out, live.data() + (have == 0 ? 0 : offset), have);
    std::memset(static_cast<char*>(out) + have, 0, wanted - have);
    return have == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
  }

  static int write(sqlite3_file* file, const void* data, int amount, sqlite3_int64 at) {
    Handle& handle = self(file);
    Disk& d = *handle.disk;
    const std::lock_guard lock{d.mutex_};
    if (d.off_) {
      return SQLITE_IOERR_WRITE;
    }
    Change change{static_cast<std::size_t>(at),
                  std::string{static_cast<const char*>(data), static_cast<std::size_t>(amount)}, false};
    Inode& inode = *handle.inode;
    const auto end = change.offset + change.bytes.size();
    const auto growth = end > inode.live.size() ? end - inode.live.size() : 0;
    const auto used = d.used_locked();
    const auto room = d.room_ > used ? d.room_ - used : 0;
    const bool is_full = growth > room;
    if (is_full) {  // a real disk takes what fits
      const auto missing = std::min<std::uint64_t>(growth - room, change.bytes.size());
      change.bytes.resize(change.bytes.size() - static_cast<std::size_t>(missing));
    }
    if (!change.bytes.empty()) {
      apply_change(inode.live, change);
      inode.pending.push_back(std::move(change));
    }
    if (!d.change()) {
      return SQLITE_IOERR_WRITE;
    }
    return is_full ? SQLITE_FULL : SQLITE_OK;
  }

  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    Handle& handle = self(file);
    const std::lock_guard lock{handle.disk->mutex_};
    if (handle.disk->off_) {
      return SQLITE_IOERR_TRUNCATE;
    }
    const Change change{static_cast<std::size_t>(size), {}, true};
    apply_change(handle.inode->live, change);
    handle.inode->pending.push_back(change);
    return handle.disk->change() ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
  }

  static int sync(sqlite3_file* file, int /*flags*/) {
    Handle& handle = self(file);
    Disk& d = *handle.disk;
    std::unique_lock lock{d.mutex_};
    ++d.held_syncs_;
    d.held_or_let_go_.notify_all();
    d.held_or_let_go_.wait(lock, [&d] { return !d.hold_syncs_; });
    --d.held_syncs_;
    if (d.off_ || d.refuse_syncs_ || !d.change()) {
      return SQLITE_IOERR_FSYNC;
    }
    for (const Change& change : handle.inode->pending) {
      apply_change(handle.inode->synced, change);
    }
    handle.inode->pending.clear();
    if (handle.syncs_names) {
      d.synced_names_ = d.names_;
      handle.syncs_names = false;
    }
    return SQLITE_OK;
  }

  static int file_size(sqlite3_file* file, sqlite3_int64* out) {
    Handle& handle = self(file);
    const std::lock_guard lock{handle.disk->mutex_};
    *out = static_cast<sqlite3_int64>(handle.inode->live.size());
    return handle.disk->off_ ? SQLITE_IOERR_FSTAT : SQLITE_OK;
  }

  // --- locks on the database file ---
  static bool others_hold(const Handle& handle, int level) {
    const auto& all = handle.inode->handles;
    return std::any_of(all.begin(), all.end(),
                       [&](const Handle* other) { return other != &handle && other->level >= level; });
  }

  static int lock(sqlite3_file* file, int level) {
    Handle& handle = self(file);
    const std::lock_guard guard{handle.disk->mutex_};
    if (handle.level >= level) {
      return SQLITE_OK;
    }
    if (level == SQLITE_LOCK_SHARED && others_hold(handle, SQLITE_LOCK_PENDING)) {
      return SQLITE_BUSY;
    }
    if (level == SQLITE_LOCK_RESERVED && others_hold(handle, SQLITE_LOCK_RESERVED)) {
      return SQLITE_BUSY;
    }
    if (level == SQLITE_LOCK_EXCLUSIVE && others_hold(handle, SQLITE_LOCK_SHARED)) {
      if (!others_hold(handle, SQLITE_LOCK_PENDING)) {
        handle.level = SQLITE_LOCK_PENDING;
      }
      return SQLITE_BUSY;
    }
    handle.level = level;
    return SQLITE_OK;
  }

  static int unlock(sqlite3_file* file, int level) {
    Handle& handle = self(file);
    const std::lock_guard guard{handle.disk->mutex_};
    handle.level = std::min(handle.level, level);
    return SQLITE_OK;
  }

  static int check_reserved(sqlite3_file* file, int* out) {
    Handle& handle = self(file);
    const std::lock_guard guard{handle.disk->mutex_};
    *out = others_hold(handle, SQLITE_LOCK_RESERVED) ? 1 : 0;
    return SQLITE_OK;
  }

  // --- the shared index of the write-ahead log ---
  static int shm_map(sqlite3_file* file, int region, int /*size*/, int extend, void volatile** out) {
    Handle& handle = self(file);
    const std::lock_guard guard{handle.disk->mutex_};
    auto& memory = handle.inode->shared_memory;
    const auto wanted = static_cast<std::size_t>(region);
    *out = nullptr;
    while (memory.size() <= wanted) {
      if (extend == 0) {
        return SQLITE_OK;
      }
      memory.push_back(std::make_unique<std::array<char, 32768>>());
    }
    *out = memory[wanted]->data();
    return SQLITE_OK;
  }

  static int shm_lock(sqlite3_file* file, int first, int count, int flags) {
    Handle& handle = self(file);
    const std::lock_guard guard{handle.disk->mutex_};
    auto& locks = handle.inode->shared_locks;
    const bool shared = (flags & SQLITE_SHM_SHARED) != 0;
    const auto begin = locks.begin() + first;
    const auto end = begin + count;
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
      std::for_each(begin, end, [&](int& held) { held = shared ? held - 1 : 0; });
      return SQLITE_OK;
    }
    if (std::any_of(begin, end, [&](int held) { return shared ? held < 0 : held != 0; })) {
      return SQLITE_BUSY;
    }
    std::for_each(begin, end, [&](int& held) { held = shared ? held + 1 : -1; });
    return SQLITE_OK;
  }

  static void shm_barrier(sqlite3_file* file) { const std::lock_guard guard{self(file).disk->mutex_}; }

  static int shm_unmap(sqlite3_file* file, int remove) {
    Handle& handle = self(file);
    const std::lock_guard guard{handle.disk->mutex_};
    if (remove != 0) {
      handle.inode->shared_memory.clear();
    }
    return SQLITE_OK;
  }

  // --- the rest ---
  static int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector_size(sqlite3_file*) { return 4096; }
  static int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }
  static int randomness(sqlite3_vfs*, int size, char* out) {
    std::memset(out, 0, static_cast<std::size_t>(size));
    return size;
  }
  static int sleep(sqlite3_vfs*, int microseconds) {
    std::this_thread::yield();
    return microseconds;
  }
  static int current_time(sqlite3_vfs*, double* out) {
    *out = 2461367.5;
    return SQLITE_OK;
  }
  static int last_error(sqlite3_vfs*, int, char*) { return 0; }

  static const sqlite3_io_methods methods;
};

const sqlite3_io_methods VfsCalls::methods = {
    2,         close,          read,         write,       truncate,        sync,    file_size, lock,
    unlock,    check_reserved, file_control, sector_size, characteristics, shm_map, shm_lock,  shm_barrier,
    shm_unmap, nullptr,        nullptr};

PowercutVfs::PowercutVfs() {
  static std::atomic<int> count{0};
  name_ = "powercut-" + std::to_string(++count);
  vfs_.iVersion = 1;
  vfs_.szOsFile = sizeof(Handle);
  vfs_.mxPathname = 512;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = VfsCalls::open;
  vfs_.xDelete = VfsCalls::remove;
  vfs_.xAccess = VfsCalls::access;
  vfs_.xFullPathname = VfsCalls::full_pathname;
  vfs_.xRandomness = VfsCalls::randomness;
  vfs_.xSleep = VfsCalls::sleep;
  vfs_.xCurrentTime = VfsCalls::current_time;
  vfs_.xGetLastError = VfsCalls::last_error;
  if (sqlite3_vfs_register(&vfs_, 0) != SQLITE_OK) {
    throw std::runtime_error{"cannot register the test disk"};
  }
}

PowercutVfs::~PowercutVfs() {
  sqlite3_vfs_unregister(&vfs_);
}

bool PowercutVfs::change() {
  ++changes_;
  off_ = off_ || (cut_at_ != 0 && changes_ >= cut_at_);
  return !off_;
}

void PowercutVfs::cut_at_change(std::uint64_t n) {
  const std::lock_guard lock{mutex_};
  cut_at_ = n == 0 ? 0 : changes_ + n;
}

bool PowercutVfs::is_off() const {
  const std::lock_guard lock{mutex_};
  return off_;
}

std::uint64_t PowercutVfs::changes() const {
  const std::lock_guard lock{mutex_};
  return changes_;
}

void PowercutVfs::power_on(std::mt19937_64& random) {
  const std::lock_guard lock{mutex_};
  if (open_handles_ != 0) {
    throw std::logic_error{"the test disk is still in use"};
  }
  Names kept;
  Names all = names_;
  all.insert(synced_names_.begin(), synced_names_.end());
  for (const auto& [name, unused] : all) {
    const auto now = names_.find(name);
    const auto before = synced_names_.find(name);
    const auto inode_now = now == names_.end() ? nullptr : now->second;
    const auto inode_before = before == synced_names_.end() ? nullptr : before->second;
    const auto& inode = inode_now == inode_before || random() % 2 == 0 ? inode_now : inode_before;
    if (inode) {
      inode->settle(random);
      inode->shared_memory.clear();
      inode->shared_locks = {};
      kept[name] = inode;
    }
  }
  names_ = kept;
  synced_names_ = std::move(kept);
  off_ = false;
  cut_at_ = 0;
}

void PowercutVfs::set_room(std::uint64_t bytes) {
  const std::lock_guard lock{mutex_};
  room_ = bytes;
}

void PowercutVfs::refuse_syncs(bool refuse) {
  const std::lock_guard lock{mutex_};
  refuse_syncs_ = refuse;
}

void PowercutVfs::refuse_reads(bool refuse) {
  const std::lock_guard lock{mutex_};
  refuse_reads_ = refuse;
}

void PowercutVfs::hold_syncs(bool hold) {
  const std::lock_guard lock{mutex_};
  hold_syncs_ = hold;
  held_or_let_go_.notify_all();
}

void PowercutVfs::wait_for_held_sync() {
  std::unique_lock lock{mutex_};
  held_or_let_go_.wait(lock, [this] { return held_syncs_ > 0; });
}

std::uint64_t PowercutVfs::used_locked() const {
  std::uint64_t used = 0;
  for (const auto& [name, inode] : names_) {
    used += inode->live.size();
  }
  return used;
}

std::uint64_t PowercutVfs::used() const {
  const std::lock_guard lock{mutex_};
  return used_locked();
}

std::string PowercutVfs::content(const std::string& file) const {
  const std::lock_guard lock{mutex_};
  const auto found = names_.find(file);
  return found == names_.end() ? std::string{} : found->second->live;
}

void PowercutVfs::set_content(const std::string& file, std::string bytes) {
  const std::lock_guard lock{mutex_};
  auto inode = std::make_shared<Inode>();
  inode->live = bytes;
  inode->synced = std::move(bytes);
  names_[file] = inode;
  synced_names_[file] = std::move(inode);
}

}  // namespace lobby::tests
