#include "daemon/feed/spool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace lobby::feed {
namespace {

constexpr std::size_t piece = 64 * 1024;

}  // namespace

void Spool::add(std::string line) {
  if (!fault_.empty()) {
    return;
  }
  ++size_;
  const bool fits =
      lines_.size() < bounds_.lines_in_memory && bytes_in_memory_ + line.size() <= bounds_.bytes_in_memory;
  if (fits && file_.get() < 0) {
    bytes_in_memory_ += line.size();
    lines_.push_back(std::move(line));
    return;
  }
  if (bytes_in_memory_ + written_ + pending_.size() + line.size() > bounds_.bytes) {
    fault_ = fmt::format("the answer is longer than {} MiB", bounds_.bytes / 1024 / 1024);
    return;
  }
  pending_ += line;
  pending_.push_back('\n');
  if (pending_.size() >= piece || file_.get() < 0) {
    flush();
  }
}

bool Spool::open() {
  constexpr mode_t owner_only = 0600;
  Descriptor file(::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, owner_only));
  if (file.get() < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
    // A file system that knows no files without a name.
    std::string path = folder_ + "/lobby-feed-XXXXXX";
    file = Descriptor(::mkostemp(path.data(), O_CLOEXEC));
    if (file.get() >= 0) {
      ::unlink(path.c_str());
    }
  }
  if (file.get() < 0) {
    fault_ = fmt::format("no file can be made in the spool folder: {}", std::strerror(errno));
    return false;
  }
  file_ = std::move(file);
  return true;
}

bool Spool::flush() {
  if (file_.get() < 0 && !open()) {
    return false;
  }
  std::string_view left = pending_;
  while (!left.empty()) {
    const ssize_t done = ::pwrite(file_.get(), left.data(), left.size(), static_cast<off_t>(written_));
    if (done < 0 && errno == EINTR) {
      continue;
    }
    if (done <= 0) {
      fault_ = fmt::format("the spool folder takes no more: {}", std::strerror(errno));
      return false;
    }
    written_ += static_cast<std::uint64_t>(done);
    left.remove_prefix(static_cast<std::size_t>(done));
  }
  pending_.clear();
  return true;
}

bool Spool::each(const std::function<bool(std::size_t, std::string_view)>& see) {
  if (!fault_.empty() || (!pending_.empty() && !flush())) {
    return false;
  }
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (!see(i, lines_[i])) {
      return false;
    }
  }
  return file_.get() < 0 || read_file(lines_.size(), see);
}

bool Spool::read_file(std::size_t index, const std::function<bool(std::size_t, std::string_view)>& see) {
  std::array<char, piece> bytes{};
  std::string begun;
  for (std::uint64_t at = 0; at < written_;) {
    const ssize_t size = ::pread(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size <= 0) {
      fault_ = "the spool file cannot be read back";
      return false;
    }
    at += static_cast<std::uint64_t>(size);
    std::string_view rest(bytes.data(), static_cast<std::size_t>(size));
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      begun += rest.substr(0, end);
      rest.remove_prefix(end + 1);
      if (!see(index++, begun)) {
        return false;
      }
      begun.clear();
    }
    begun += rest;
  }
  return true;
}

}  // namespace lobby::feed
