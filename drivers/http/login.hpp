#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/http/digest.hpp"
#include "drivers/link/back_off.hpp"
#include "drivers/link/executor.hpp"

namespace lobby::http {

struct Credentials {
  std::string user, password;
  bool basic = false;  ///< may also be given in clear, where the device knows nothing better
};

/// The login budget of one device, shared by everything that asks it. Devices lock out whoever gives a wrong
/// password some times, for half an hour and the right password included; so once the credentials were
/// refused beyond doubt nobody tries them for 1 min, then 2, 4 … 30 min. Pure.
class Login {
 public:
  explicit Login(Credentials credentials) : credentials_(std::move(credentials)) {}

  const Credentials& credentials() const { return credentials_; }
  bool may_try(link::MonoTime now) const { return !held_until_ || now >= *held_until_; }
  /// Until then nothing is tried; empty: they were not refused, or accepted since.
  std::optional<link::MonoTime> held_until() const { return held_until_; }
  void refused(link::MonoTime now) {
    held_until_ = now + pause_.next();
    is_proven_ = false;
  }
  void accepted() {
    held_until_.reset();
    pause_.reset();
    is_proven_ = true;
  }
  /// Somebody has mended the password, in the device or here.
  void forgive() {
    held_until_.reset();
    pause_.reset();
  }

  /// Credentials that were not accepted yet are sent by one at a time: false when another one has.
  bool claim(const void* who) {
    if (!is_proven_ && trying_ != nullptr && trying_ != who) {
      return false;
    }
    trying_ = is_proven_ ? trying_ : who;
    return true;
  }
  void release(const void* who) { trying_ = trying_ == who ? nullptr : trying_; }

 private:
  Credentials credentials_;
  std::optional<link::MonoTime> held_until_;
  link::BackOff pause_{std::chrono::minutes(1), std::chrono::minutes(30)};
  bool is_proven_ = false;
  const void* trying_ = nullptr;
};

/// How one client of a device authenticates: keeps the nonce from one request to the next and counts its
/// uses, and decides what a 401 means. Pure.
class Handshake {
 public:
  using RandomText = std::function<std::string()>;  ///< a new cnonce each time
  Handshake(std::shared_ptr<Login> login, RandomText random);

  /// A new request begins.
  void begin();
  /// The Authorization of what is sent next; empty: none (yet).
  std::string authorization(std::string_view method, std::string_view target);

  enum class Next : std::uint8_t {
    again,    ///< send it once more
    refused,  ///< beyond doubt; the login was told
    unusable  ///< the device wants what we have not, or may not give; see reason()
  };
  /// The answer was 401 with these WWW-Authenticate fields.
  Next challenged(const std::vector<std::string_view>& fields, link::MonoTime now);
  /// The answer was another one.
  void answered();
  std::string_view reason() const { return reason_; }

 private:
  bool choose(const std::vector<std::string_view>& fields);
  Next unusable(std::string_view reason);
  Next refused(link::MonoTime now);

  std::shared_ptr<Login> login_;
  RandomText random_;
  std::optional<Challenge> challenge_;
  std::string cnonce_;
  std::uint32_t count_ = 0;
  bool carried_ = false;    ///< what was sent last had credentials
  bool is_fresh_ = false;   ///< the challenge came within this request
  bool was_stale_ = false;  ///< a nonce was called stale within this request
  std::string_view reason_;
};

}  // namespace lobby::http
