#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "daemon/hall/ids.hpp"

namespace lobby::app {

/// The state directory belongs to one daemon at a time.
class StateDirLock {
 public:
  /// Thrown when another instance holds the directory.
  struct Held : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  /// Makes the directory (0700) if it is missing. Throws Held, or std::runtime_error for anything else.
  explicit StateDirLock(const std::string& directory);
  ~StateDirLock();
  StateDirLock(const StateDirLock&) = delete;
  StateDirLock& operator=(const StateDirLock&) = delete;

 private:
  int fd_ = -1;
};

/// The site's secret, 32 random bytes in `site.key` (0600), made at the first start. What is derived from it
/// cannot be guessed by who does not hold it.
class SiteKey {
 public:
  /// Throws std::runtime_error with a sentence when the file cannot be read or made.
  explicit SiteKey(const std::string& directory);
  /// The opaque token of a ticket: 20 letters and digits, the same whenever it is asked for.
  std::string ticket_token(hall::TicketId ticket) const;
  /// The key of a person by the number of a document; never 0. Spaces and the case of letters
  /// make no difference. Nothing of the number stays in memory here.
  hall::ApplicantKey applicant_key(std::string_view applicant_id, int year) const;
  /// What lobby-feed makes keys of applicants with, for a year: 64 hex digits.
  std::string feed_key(int year) const;
  /// 32 bytes that tell one body of a request from another.
  std::string body_hash(std::string_view body) const;

 private:
  using Digest = std::array<std::uint8_t, 32>;
  /// HMAC-SHA256 of `purpose`, a space and the text: what is derived for one purpose says nothing of another.
  Digest derive(std::string_view purpose, std::string_view text) const;
  std::array<std::uint8_t, 32> key_{};
};

}  // namespace lobby::app
