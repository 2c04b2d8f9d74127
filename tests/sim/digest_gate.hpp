#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "tests/sim/faults.hpp"
#include "tests/sim/http_text.hpp"

namespace lobby::sim {

using RecorderTime = std::chrono::sys_time<milliseconds>;

/// Raw bytes of a hash by its OpenSSL name, and in lower-case hexadecimal.
std::string hash_bytes(const char* name, const std::string& text);
std::string hash_hex_text(const char* name, const std::string& text);

/// HTTP Digest (RFC 7616) as a device keeps it, written apart from the client that the daemon has. Strict:
/// `nc` must rise with every use of a nonce; an unknown nonce is called stale, a replay is not (libmicrohttpd
/// was seen to answer so). After some wrong passwords it ignores everybody for a while.
class DigestGate {
 public:
  struct Settings {
    std::string user, password;  ///< no user: the gate stands open
    std::string realm = "recorder";
    bool is_sha256 = false;  ///< offers SHA-256 before MD5
    int attempts = 5;        ///< wrong passwords in a row until it locks
    std::chrono::minutes locked_for{30};
    std::chrono::seconds nonce_life{300};
  };
  enum class Said : std::uint8_t { welcome, challenged, locked };

  explicit DigestGate(Settings settings) : settings_(std::move(settings)) {}

  /// Of `stale`, `nonce_once`, `unauthorised` and `lock_out` this one knows.
  Said check(const HttpAsk& ask, RecorderTime now, const FaultSet& faults);
  /// The 401 that belongs to the last check that challenged.
  HttpReply challenge() const;
  bool is_locked(RecorderTime now, const FaultSet& faults) const {
    return faults.has(Fault::lock_out) || now < locked_until_;
  }
  /// A credential of another kind was wrong or right: the lock is the device's.
  void count_wrong(RecorderTime now);
  void count_right() { wrong_in_row_ = 0; }
  /// Off and on again: nonces are forgotten.
  void forget() { nonces_.clear(); }

  std::uint64_t wrong() const { return wrong_; }
  std::uint64_t replays() const { return replays_; }
  std::uint64_t stale() const { return stale_; }

 private:
  struct Nonce {
    RecorderTime made;
    std::uint64_t last_count = 0;
  };
  Said refuse(RecorderTime now, bool is_stale);
  bool is_right(const HttpAsk& ask, const std::map<std::string, std::string>& words) const;

  Settings settings_;
  std::map<std::string, Nonce> nonces_;
  std::string offered_;  ///< the newest nonce
  bool offered_as_stale_ = false;
  std::uint64_t made_ = 0, wrong_ = 0, replays_ = 0, stale_ = 0;
  int wrong_in_row_ = 0;
  RecorderTime locked_until_{};
};

}  // namespace lobby::sim
