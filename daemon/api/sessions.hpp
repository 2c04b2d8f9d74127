#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/api/accounts.hpp"
#include "daemon/api/options.hpp"
#include "daemon/api/problem.hpp"
#include "daemon/api/stretcher.hpp"
#include "daemon/api/tries.hpp"

namespace lobby::api {

/// A login. Whoever holds one sees it end.
struct Session {
  std::string account;
  std::string csrf;
  std::uint64_t revision = 0;  ///< of the account; an account that changed is logged out
  Options::MonoTime ends;
  bool one_act = false;  ///< ends with the first changing act that was done
  bool acting = false;   ///< that act is under way
  bool ended = false;
};

/// Logins by password (for 12 hours) or PIN (for one changing act within a minute). In memory: a restart
/// ends them.
class Sessions {
 public:
  enum class By : std::uint8_t { password, pin };
  struct Opened {
    std::string cookie, csrf;
    int lives_s = 0;
    Account account;
  };
  using Done = std::function<void(std::variant<Opened, Problem>)>;

  static constexpr std::size_t most_sessions = 1024;
  static constexpr std::chrono::seconds long_life = std::chrono::hours(12);
  static constexpr std::chrono::seconds one_act_life{60};

  Sessions(Accounts& accounts, Stretcher& stretcher, const Options& options)
      : accounts_(accounts), stretcher_(stretcher), options_(options) {}

  struct Attempt {
    std::string name, secret;
    By by{};
    std::string address;  ///< of the machine that tries
  };
  /// `done` comes later, on the loop, or at once when there is no need to look.
  void log_in(const Attempt& attempt, Done done);
  /// nullptr when there is none, or none any more.
  std::shared_ptr<Session> find(std::string_view cookie);
  bool is_alive(const Session& session) const;

 private:
  Opened open(const Account& account, By by);

  Accounts& accounts_;
  Stretcher& stretcher_;
  const Options& options_;
  std::map<std::string, std::shared_ptr<Session>, std::less<>> sessions_;  ///< by SHA-256 of the cookie
  Tries tries_{{}};  ///< by name and machine: nobody shuts out somebody who sits elsewhere
};

}  // namespace lobby::api
