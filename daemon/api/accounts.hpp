#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "daemon/api/account.hpp"
#include "daemon/api/account_file.hpp"

namespace lobby::api {

/// Why an account was not added or removed.
struct AccountFault {
  enum class Kind : std::uint8_t { bad_name, taken, unknown, too_many, storage };
  Kind kind{};
  std::string sentence;
};

/// The accounts of a state directory. Any number of processes may change them, daemon running or not; each
/// sees the others' changes. Not thread-safe: one thread owns it.
class Accounts {
 public:
  using MonoTime = std::chrono::steady_clock::time_point;
  using Clock = std::function<MonoTime()>;
  /// `change`: added, changed, removed.
  using Changed = std::function<void(const std::string& account, const std::string& change)>;

  struct NewAccount {
    std::string name;
    Role role{};
    std::vector<std::string> windows;   ///< none: every window
    std::string password, pin;          ///< stretched (secrets.hpp); empty: none
    std::optional<Making> making = {};  ///< kept with the account
  };
  static constexpr std::chrono::milliseconds making_life = std::chrono::hours(24);

  /// Reads the file. Throws std::runtime_error when there is one that cannot be read.
  explicit Accounts(
      std::string state_directory, Clock now = [] { return std::chrono::steady_clock::now(); });

  /// Told of every difference that a later look at the file finds, and of what add() and remove() do.
  void on_change(Changed changed) { changed_ = std::move(changed); }

  /// Looks at the file again if it changed; at most once a second.
  void refresh();
  /// nullptr for a token that nobody has. Valid until the next call of anything but find() and all().
  const Account* by_token(std::string_view token);
  const Account* find(std::string_view name) const;
  const AccountTable& all() const { return accounts_; }

  /// Returns the token, which is kept nowhere.
  std::variant<std::string, AccountFault> add(const NewAccount& account);
  /// The account that a request with this key made within the last day; nullptr when there is none.
  const Account* made_by(std::string_view key_hash, std::int64_t now_ms) const;
  /// A new token for the account; the old one is nobody's then.
  std::variant<std::string, AccountFault> rekey(const std::string& name);
  std::optional<AccountFault> remove(const std::string& name);

 private:
  static constexpr std::size_t most_accounts = 2000;
  void look();
  void take(AccountTable accounts);
  /// Reads, changes and replaces the file under its lock.
  template <class Change>
  std::optional<AccountFault> change_file(Change change);

  std::string directory_;
  Clock now_;
  Changed changed_;
  AccountTable accounts_;
  std::unordered_map<std::string, std::string> names_by_hash_;
  FileStamp stamp_;
  MonoTime looked_at_;
  std::uint64_t last_revision_ = 0;
};

}  // namespace lobby::api
