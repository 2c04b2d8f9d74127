#include "daemon/feed/drop.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "daemon/feed/descriptor.hpp"
#include "daemon/feed/strict_json.hpp"

namespace lobby::feed {
namespace {

constexpr std::size_t most_files = 10'000;
constexpr std::size_t kept_files = 20;
constexpr std::int64_t ns_per_ms = 1'000'000;

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

std::int64_t written_ns(const struct stat& info) {
  return std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
}

bool is_candidate(std::string_view name) {
  return !name.starts_with('.') && (name.ends_with(".json") || name.ends_with(".xml"));
}

/// `cases-delta-7.json`: cases, and whether it is all of them.
std::optional<What> read_name(std::string_view name, bool& full) {
  const std::string_view stem = name.substr(0, name.rfind('.'));
  const std::size_t end = std::min(stem.find_first_of("-_"), stem.size());
  const std::string_view rest = stem.substr(std::min(end + 1, stem.size()));
  full = rest.substr(0, rest.find_first_of("-_")) != "delta";
  return hall::what_of(stem.substr(0, end));
}

/// Plain files of a folder by name, the ones that `wanted` says.
template <class Wanted>
bool each_file(const std::string& path, const Wanted& wanted) {
  const std::unique_ptr<DIR, CloseFolder> folder(::opendir(path.c_str()));
  if (!folder) {
    return false;
  }
  std::size_t count = 0;
  while (const dirent* entry = ::readdir(folder.get())) {
    struct stat info {};
    if (++count > most_files) {
      break;
    }
    if (::fstatat(::dirfd(folder.get()), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISREG(info.st_mode)) {
      wanted(std::string(entry->d_name), info);
    }
  }
  return true;
}

/// Only the newest ones stay.
void prune(const std::string& folder) {
  std::vector<std::pair<std::int64_t, std::string>> files;
  each_file(folder, [&files](std::string name, const struct stat& info) {
    files.emplace_back(written_ns(info), std::move(name));
  });
  std::sort(files.begin(), files.end());
  for (std::size_t i = 0; i + kept_files < files.size(); ++i) {
    ::unlink((folder + "/" + files[i].second).c_str());
  }
}

bool read_bytes(int fd, std::uint64_t size, std::string& body) {
  body.resize(size);
  std::size_t got = 0;
  while (got < size) {
    const ssize_t n = ::read(fd, body.data() + got, size - got);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n <= 0) {
      return false;
    }
    got += static_cast<std::size_t>(n);
  }
  return true;
}

/// Empty when `body` is the whole file, which has not changed meanwhile.
std::string read_whole(const std::string& path, std::uint64_t size, std::int64_t written, std::string& body) {
  if (size > JsonBounds{}.body) {
    return fmt::format("a file in the drop folder is longer than {} MiB", JsonBounds{}.body / 1024 / 1024);
  }
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK));
  if (file.get() < 0 || !read_bytes(file.get(), size, body)) {
    return fmt::format("a file in the drop folder cannot be read: {}", std::strerror(errno));
  }
  struct stat after {};
  const bool still = ::fstat(file.get(), &after) == 0 && written_ns(after) == written &&
                     static_cast<std::uint64_t>(after.st_size) == size;
  return still ? "" : "a file in the drop folder changes while it is read";
}

}  // namespace

DropFolder::DropFolder(std::string path, std::vector<What> wanted)
    : path_(std::move(path)), wanted_(std::move(wanted)) {}

std::map<std::string, DropFolder::Seen> DropFolder::list_of(const std::string& folder, std::string& fault) {
  std::map<std::string, Seen> out;
  const bool read = each_file(folder, [&out](std::string name, const struct stat& info) {
    if (is_candidate(name)) {
      out.emplace(std::move(name), Seen{static_cast<std::uint64_t>(info.st_size), written_ns(info)});
    }
  });
  if (!read) {
    fault = fmt::format("the drop folder cannot be read: {}", std::strerror(errno));
  }
  return out;
}

DropFolder::Look DropFolder::look() {
  Look out;
  const auto now = list_of(path_, out.fault);
  if (!out.fault.empty()) {
    return out;
  }
  const auto same = [](const std::map<std::string, Seen>& then, const auto& file) {
    const auto found = then.find(file.first);
    return found != then.end() && found->second == file.second;
  };
  const std::pair<const std::string, Seen>* oldest = nullptr;
  for (const auto& file : now) {
    const bool ready = same(seen_, file) && !same(stuck_, file) && !held_.contains(file.first);
    if (ready && (oldest == nullptr || file.second.written_ns < oldest->second.written_ns)) {
      oldest = &file;
    }
  }
  if (oldest != nullptr) {
    out = take(oldest->first, oldest->second);
  }
  seen_ = now;
  return out;
}

DropFolder::Look DropFolder::take(const std::string& name, const Seen& seen) {
  Look out;
  File file;
  file.name = name;
  file.written_ms = seen.written_ns / ns_per_ms;
  out.of = read_name(name, file.full);
  const auto refuse = [&](std::string why) {
    out.fault = std::move(why);
    if (const std::string stays = failed(file); !stays.empty()) {
      out.fault += "; " + stays;
    }
    return out;
  };
  if (!out.of || std::find(wanted_.begin(), wanted_.end(), *out.of) == wanted_.end()) {
    out.of.reset();
    return refuse(
        "the name of a file in the drop folder begins with nothing that is taken: it must look like "
        "cases-1.json");
  }
  file.what = *out.of;
  if (std::string fault = read_whole(path_ + "/" + name, seen.size, seen.written_ns, file.body);
      !fault.empty()) {
    return refuse(std::move(fault));
  }
  out.file = std::move(file);
  return out;
}

std::optional<DropFolder::File> DropFolder::latest_done(What what) const {
  std::string fault;
  const auto files = list_of(path_ + "/done", fault);
  const std::pair<const std::string, Seen>* newest = nullptr;
  File file;
  file.what = what;
  for (const auto& one : files) {
    bool full = true;
    if (read_name(one.first, full) == what &&
        (newest == nullptr || newest->second.written_ns < one.second.written_ns)) {
      newest = &one;
      file.full = full;
    }
  }
  if (newest == nullptr) {
    return std::nullopt;
  }
  file.name = newest->first;
  file.written_ms = newest->second.written_ns / ns_per_ms;
  fault = read_whole(path_ + "/done/" + file.name, newest->second.size, newest->second.written_ns, file.body);
  return fault.empty() ? std::optional(std::move(file)) : std::nullopt;
}

std::string DropFolder::move(const std::string& name, const char* to) {
  constexpr mode_t owner_only = 0700;
  const std::string folder = path_ + "/" + to;
  ::mkdir(folder.c_str(), owner_only);
  if (::rename((path_ + "/" + name).c_str(), (folder + "/" + name).c_str()) == 0) {
    seen_.erase(name);
    prune(folder);
    return {};
  }
  std::string why =
      fmt::format("a file cannot be moved to {} of the drop folder: {}", to, std::strerror(errno));
  std::string ignored;
  const auto now = list_of(path_, ignored);
  if (const auto found = now.find(name); found != now.end()) {
    stuck_[name] = found->second;
  }
  return why;
}

std::string DropFolder::done(const File& file) {
  std::string fault = move(file.name, "done");
  const auto held = std::exchange(held_, {});
  for (const std::string& name : held) {
    bool full = true;
    const auto seen = seen_.find(name);
    const bool older = seen != seen_.end() && seen->second.written_ns <= file.written_ms * ns_per_ms;
    if (older && read_name(name, full) == file.what) {
      move(name, "done");
    } else {
      held_.insert(name);
    }
  }
  return fault;
}

std::string DropFolder::failed(const File& file) {
  return move(file.name, "failed");
}

}  // namespace lobby::feed
