#include "drivers/cctv/movie_shelf.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "drivers/link/descriptor.hpp"

namespace lobby::cctv {
namespace {

constexpr int deepest = 4;
constexpr int most_entries = 200'000;
constexpr link::Duration first_glance = std::chrono::milliseconds(1);
constexpr link::Duration longest_glance = std::chrono::milliseconds(50);

struct Found {
  std::string name;
  std::uint64_t size = 0;
  std::int64_t changed_ns = -1;
};

/// All that thread and loop share.
struct Work {
  std::string folder, prefix;
  Found last;  ///< what was found before; looked at first
  MovieShelf::Look look;
  Found found;
  std::atomic<bool> finished = false;
};

std::int64_t ns_of(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

class Scan {
 public:
  explicit Scan(std::string_view prefix) : prefix_(prefix) {}

  /// False: it cannot be read.
  bool folder(int parent, const char* path, const std::string& name, int depth) {
    const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (name.empty() ? 0 : O_NOFOLLOW);
    link::Descriptor fd(::openat(parent, path, flags));
    DIR* dir = fd ? ::fdopendir(fd.get()) : nullptr;
    if (dir == nullptr) {
      return false;
    }
    const int at = fd.release();  // the DIR closes it
    while (const dirent* entry = ++entries_ > most_entries ? nullptr : ::readdir(dir)) {
      const std::string_view one = entry->d_name;
      if (one != "." && one != "..") {
        look_at(at, entry->d_name, name.empty() ? std::string(one) : name + "/" + std::string(one), depth);
      }
    }
    ::closedir(dir);
    return true;
  }
  Found found;

 private:
  void look_at(int at, const char* entry, std::string name, int depth) {
    struct stat about {};
    if (::fstatat(at, entry, &about, AT_SYMLINK_NOFOLLOW) != 0) {
      return;
    }
    if (S_ISDIR(about.st_mode)) {
      if (depth < deepest) {
        static_cast<void>(folder(at, entry, name, depth + 1));
      }
      return;
    }
    const auto changed = ns_of(about.st_mtim);
    const bool is_later = changed > found.changed_ns || (changed == found.changed_ns && name > found.name);
    if (S_ISREG(about.st_mode) && std::string_view(entry).starts_with(prefix_) && is_later) {
      found = {std::move(name), static_cast<std::uint64_t>(about.st_size), changed};
    }
  }

  std::string_view prefix_;
  int entries_ = 0;
};

/// A movie that grew is still the one that is written: no need to read a folder of many years.
bool is_still_growing(Work& work) {
  struct stat about {};
  if (work.last.name.empty() || ::stat((work.folder + "/" + work.last.name).c_str(), &about) != 0 ||
      !S_ISREG(about.st_mode) || static_cast<std::uint64_t>(about.st_size) <= work.last.size) {
    return false;
  }
  work.found = {work.last.name, static_cast<std::uint64_t>(about.st_size), ns_of(about.st_mtim)};
  return true;
}

void look_into(Work& work) {
  struct statvfs room {};
  if (::statvfs(work.folder.c_str(), &room) != 0) {
    work.look.fault = "the folder of movies: " + std::generic_category().message(errno);
    return;
  }
  work.look.free = static_cast<std::uint64_t>(room.f_bavail) * room.f_frsize;
  if (!is_still_growing(work)) {
    Scan scan(work.prefix);
    if (!scan.folder(AT_FDCWD, work.folder.c_str(), {}, 1)) {
      work.look.fault = "the folder of movies: " + std::generic_category().message(errno);
      return;
    }
    work.found = std::move(scan.found);
  }
  work.look.name = work.found.name;
  work.look.size = work.found.size;
}

/// Looks on a thread that holds nothing of the loop's, and glances at it until it is done.
class FolderShelf final : public MovieShelf {
 public:
  FolderShelf(link::Executor& executor, std::string folder, std::string prefix)
      : executor_(executor), folder_(std::move(folder)), prefix_(std::move(prefix)), glance_(executor) {}

  void look(link::Duration within, std::function<void(Look)> done) override {
    done_ = std::move(done);
    deadline_ = executor_.now() + within;
    pause_ = first_glance;
    if (work_ && work_->finished) {
      work_ = nullptr;  // that was the answer to an earlier question
    }
    if (!work_) {
      work_ = std::make_shared<Work>();
      work_->folder = folder_;
      work_->prefix = prefix_;
      work_->last = last_;
      std::thread([work = work_] {
        look_into(*work);
        work->finished = true;
      }).detach();
    }
    glance_later();
  }

 private:
  void glance_later() {
    glance_.start(std::min(pause_, std::max(deadline_ - executor_.now(), link::Duration::zero())),
                  [this] { glance(); });
    pause_ = std::min(pause_ * 2, longest_glance);
  }

  void glance() {
    if (work_->finished) {
      const auto work = std::exchange(work_, nullptr);
      last_ = std::move(work->found);
      std::exchange(done_, nullptr)(std::move(work->look));
    } else if (executor_.now() >= deadline_) {
      std::exchange(done_, nullptr)({"the folder of movies does not answer", {}, 0, 0});
    } else {
      glance_later();
    }
  }

  link::Executor& executor_;
  std::string folder_, prefix_;
  link::Timer glance_;
  std::shared_ptr<Work> work_;  ///< a look that is not finished, or not yet told
  Found last_;
  std::function<void(Look)> done_;
  link::MonoTime deadline_{};
  link::Duration pause_{};
};

}  // namespace

std::unique_ptr<MovieShelf> make_movie_shelf(link::Executor& executor, std::string folder,
                                             std::string prefix) {
  return std::make_unique<FolderShelf>(executor, std::move(folder), std::move(prefix));
}

}  // namespace lobby::cctv
