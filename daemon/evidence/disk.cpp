#include "daemon/evidence/disk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace lobby::evidence {

void fail(const std::string& file, const std::string& why) {
  throw std::runtime_error(file + ": " + why);
}

void fail(const std::string& file) {
  fail(file, std::strerror(errno));
}

Descriptor::~Descriptor() {
  if (fd >= 0) {
    ::close(fd);
  }
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
  }
  return true;
}

void sync_folder_of(const std::string& file) {
  const auto slash = file.find_last_of('/');
  const std::string folder = slash == std::string::npos ? "." : file.substr(0, slash + 1);
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.fd < 0 || ::fsync(opened.fd) != 0) {
    fail(folder);
  }
}

}  // namespace lobby::evidence
