#pragma once

#include <deque>
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
  struct Tries {
    std::deque<Options::MonoTime> wrong;
  };
  static constexpr std::size_t most_tries = 5;
  static constexpr std::chrono::seconds tries_window{60};
  static constexpr std::size_t most_who = 1024;

  /// Seconds to wait before the next try; 0: go on, and it counts as wrong until it proves right. `who`: a
  /// name at a machine, so that nobody shuts out somebody who sits elsewhere.
  int count_try(const std::string& who);
  void forgive(const std::string& who);
  Opened open(const Account& account, By by);

  Accounts& accounts_;
  Stretcher& stretcher_;
  const Options& options_;
  std::map<std::string, std::shared_ptr<Session>, std::less<>> sessions_;  ///< by SHA-256 of the cookie
  std::map<std::string, Tries, std::less<>> tries_;                        ///< by name and machine
};

}  // namespace lobby::api
