#include "drivers/http/login.hpp"

#include <utility>

namespace lobby::http {

Handshake::Handshake(std::shared_ptr<Login> login, RandomText random)
    : login_(std::move(login)), random_(std::move(random)) {}

void Handshake::begin() {
  carried_ = false;
  is_fresh_ = false;
  was_stale_ = false;
  reason_ = {};
}

std::string Handshake::authorization(std::string_view method, std::string_view target) {
  carried_ = challenge_.has_value() && login_;
  if (!carried_) {
    return {};
  }
  const auto& credentials = login_->credentials();
  if (challenge_->scheme == Challenge::Scheme::basic) {
    return basic_authorization(credentials.user, credentials.password);
  }
  // One cnonce for the life of a nonce: -sess takes the first one for all of it.
  if (count_++ == 0) {
    cnonce_ = random_();
  }
  return digest_authorization(*challenge_,
                              {credentials.user, credentials.password, method, target, count_, cnonce_});
}

bool Handshake::choose(const std::vector<std::string_view>& fields) {
  challenge_.reset();
  count_ = 0;
  std::optional<Challenge> basic;
  for (const auto field : fields) {
    for (auto& one : parse_challenges(field)) {
      if (one.is_usable_digest()) {
        challenge_ = std::move(one);
        return true;
      }
      if (one.scheme == Challenge::Scheme::basic && !basic) {
        basic = std::move(one);
      }
    }
  }
  if (basic && login_->credentials().basic) {
    challenge_ = std::move(basic);
  } else {
    reason_ = basic ? "the device wants the password in clear, which is not allowed"
                    : "the device asks for credentials in no way that is known";
  }
  return challenge_.has_value();
}

Handshake::Next Handshake::unusable(std::string_view reason) {
  reason_ = reason;
  challenge_.reset();
  return Next::unusable;
}

Handshake::Next Handshake::challenged(const std::vector<std::string_view>& fields, link::MonoTime now) {
  if (!login_ || login_->credentials().user.empty()) {
    return unusable("the device asks for credentials, and there are none");
  }
  const bool had_fresh = is_fresh_;
  if (!choose(fields)) {
    return carried_ ? refused(now) : Next::unusable;
  }
  is_fresh_ = true;
  if (!carried_) {
    return Next::again;
  }
  const bool is_basic = challenge_->scheme == Challenge::Scheme::basic;
  if (challenge_->stale && !is_basic) {
    return std::exchange(was_stale_, true) ? unusable("the device calls every nonce stale") : Next::again;
  }
  // A nonce that served before may have been forgotten without a word: that says nothing of the password.
  if (!had_fresh && !is_basic) {
    return Next::again;
  }
  return refused(now);
}

Handshake::Next Handshake::refused(link::MonoTime now) {
  challenge_.reset();
  login_->refused(now);
  reason_ = "the device refuses user or password";
  return Next::refused;
}

void Handshake::answered() {
  if (carried_) {
    login_->accepted();
  }
}

}  // namespace lobby::http
