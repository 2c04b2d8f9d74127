#include "daemon/app/state_dir.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace lobby::app {

namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

/// Writes the new key so that a power cut leaves either no key or a whole one.
void write_key(const std::string& path, const std::array<std::uint8_t, 32>& key) {
  const std::string fresh = path + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) {
    fail(fresh);
  }
  const bool whole =
      ::write(fd, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(fd) == 0;
  ::close(fd);
  if (!whole || std::rename(fresh.c_str(), path.c_str()) != 0) {
    fail(path);
  }
  const int directory =
      ::open(std::filesystem::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory >= 0) {
    ::fsync(directory);
    ::close(directory);
  }
}

}  // namespace

StateDirLock::StateDirLock(const std::string& directory) {
  std::error_code error;
  const bool made = std::filesystem::create_directories(directory, error);
  if (error) {
    throw std::runtime_error(fmt::format("{}: {}", directory, error.message()));
  }
  if (made) {
    ::chmod(directory.c_str(), 0700);
  }
  const std::string path = directory + "/lock";
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd_ < 0) {
    fail(path);
  }
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    const int reason = errno;
    ::close(fd_);
    if (reason == EWOULDBLOCK) {
      throw Held(
          fmt::format("{} is held by another lobbyd; stop it, or give this one its own --state", directory));
    }
    errno = reason;
    fail(path);
  }
}

StateDirLock::~StateDirLock() {
  ::close(fd_);
}

SiteKey::SiteKey(const std::string& directory) {
  const std::string path = directory + "/site.key";
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) {
    if (RAND_bytes(key_.data(), static_cast<int>(key_.size())) != 1) {
      throw std::runtime_error("no random bytes for the site key");
    }
    write_key(path, key_);
    return;
  }
  if (fd < 0) {
    fail(path);
  }
  const bool whole = ::read(fd, key_.data(), key_.size()) == static_cast<ssize_t>(key_.size());
  ::close(fd);
  if (!whole) {
    throw std::runtime_error(
        fmt::format("{} is not a key of 32 bytes; restore it from a backup, or delete it: "
                    "tokens of earlier tickets are then void",
                    path));
  }
}

SiteKey::Digest SiteKey::derive(std::string_view purpose, std::string_view text) const {
  std::string all;
  all.reserve(purpose.size() + 1 + text.size());  // grown, it would leave parts of the text behind
  all.append(purpose).append(1, ' ').append(text);
  Digest digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(all.data()), all.size(), digest.data(), &size);
  OPENSSL_cleanse(all.data(), all.size());
  return digest;
}

std::string SiteKey::ticket_token(hall::TicketId ticket) const {
  const Digest digest = derive("ticket", std::to_string(ticket.value));
  constexpr char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";  // 32 signs, without l, o, 0 and 1
  std::string token;
  for (std::size_t i = 0; i < 20; ++i) {
    token += letters[digest[i] % 32];
  }
  return token;
}

std::string SiteKey::feed_key(int year) const {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : derive("feed applicant", std::to_string(year))) {
    out += {hex[byte >> 4U], hex[byte & 0xFU]};
  }
  return out;
}

hall::ApplicantKey SiteKey::applicant_key(std::string_view applicant_id, int year) const {
  std::string same;
  same.reserve(applicant_id.size());  // one copy, which is wiped
  for (const char c : applicant_id) {
    if (c != ' ') {
      same += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  const Digest digest = derive("applicant " + std::to_string(year), same);
  OPENSSL_cleanse(same.data(), same.size());
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) {
    value = value << 8 | digest[i];
  }
  return {value == 0 ? 1 : value};
}

std::string SiteKey::body_hash(std::string_view body) const {
  const Digest digest = derive("body", body);
  return {digest.begin(), digest.end()};
}

}  // namespace lobby::app
