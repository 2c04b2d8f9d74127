#include "daemon/feed/secrets.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "daemon/feed/descriptor.hpp"

namespace lobby::feed {
namespace {

/// Opens what only its owner may read; `fault` says why not.
Descriptor open_secret(const std::string& path, std::string_view called, std::string& fault) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (file.get() < 0) {
    fault = fmt::format("the {} {} cannot be read: {}", called, path, std::strerror(errno));
    return file;
  }
  struct stat info {};
  if (::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    fault = fmt::format("the {} {} is no plain file", called, path);
  } else if (const mode_t rights = info.st_mode & 07777U; rights != 0600 && rights != 0400) {
    fault = fmt::format("the {} {} has mode {:04o}: others may read it, set it to 0600 (chmod 600)", called,
                        path, rights);
  }
  return file;
}

}  // namespace

Token read_token(const std::string& path) {
  constexpr std::size_t longest = 4096;
  Token out;
  const Descriptor file = open_secret(path, "token file", out.fault);
  if (!out.fault.empty()) {
    return out;
  }
  std::array<char, longest + 1> bytes{};
  const ssize_t size = ::read(file.get(), bytes.data(), bytes.size());
  std::string_view text(bytes.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  if (first == std::string_view::npos || text.size() > longest) {
    out.fault = fmt::format("the token file {} is empty or longer than {} bytes", path, longest);
    return out;
  }
  text = text.substr(first, last - first + 1);
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
    out.fault = fmt::format("the token file {} must hold one line", path);
    return out;
  }
  out.text = text;
  return out;
}

std::string fault_of_key_file(const std::string& path) {
  std::string fault;
  open_secret(path, "key file", fault);
  return fault;
}

}  // namespace lobby::feed
