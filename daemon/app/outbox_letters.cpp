#include "daemon/app/outbox_letters.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace lobby::app {
namespace {

struct Descriptor {
  int fd = -1;
  explicit Descriptor(int opened) : fd(opened) {}
  ~Descriptor() {
    if (fd >= 0) {
      ::close(fd);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
};

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::write(fd, text.data(), text.size());
    if (size < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(size > 0 ? static_cast<std::size_t>(size) : 0);
  }
  return true;
}

bool sync_folder(const std::string& path) {
  const Descriptor folder{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return folder.fd >= 0 && ::fsync(folder.fd) == 0;
}

/// Does the file end within a line?
bool is_torn(int fd, off_t size) {
  char last = '\n';
  return size > 0 && ::pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

}  // namespace

std::string append_lines(const std::string& directory, const std::string& name, const std::string& lines) {
  const auto folder = directory + "/dead-letters";
  const auto path = fmt::format("{}/{}.ndjson", folder, name);
  const auto fault = [&path](int error) { return fmt::format("{}: {}", path, std::strerror(error)); };
  if (::mkdir(folder.c_str(), S_IRWXU) == 0 ? !sync_folder(directory) : errno != EEXIST) {
    return fault(errno);
  }
  const Descriptor file{
      ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, S_IRUSR | S_IWUSR)};
  struct stat before {};
  if (file.fd < 0 || ::fstat(file.fd, &before) != 0) {
    return fault(errno);
  }
  const auto text = (is_torn(file.fd, before.st_size) ? "\n" : "") + lines;
  if (write_all(file.fd, text) && ::fsync(file.fd) == 0 && (before.st_size > 0 || sync_folder(folder))) {
    return {};
  }
  const int error = errno;
  if (S_ISREG(before.st_mode) && ::ftruncate(file.fd, before.st_size) != 0) {
    return fault(errno);
  }
  return fault(error);
}

DeadLetters::DeadLetters(std::string state_directory, Post post)
    : directory_(std::move(state_directory)), post_(std::move(post)), thread_([this] { run(); }) {}

DeadLetters::~DeadLetters() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void DeadLetters::append(std::string name, std::string lines, Done done) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(name), std::move(lines), std::move(done)});
  }
  wake_.notify_one();
}

void DeadLetters::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) {
      return;
    }
    auto task = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    post_([done = std::move(task.done), fault = append_lines(directory_, task.name, task.lines)] {
      done(fault);
    });
    lock.lock();
  }
}

}  // namespace lobby::app
