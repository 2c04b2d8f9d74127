#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/api/account.hpp"

/// STATE/accounts.json: written whole, replaced atomically, by one process at a time (STATE/accounts.lock).
namespace lobby::api {

/// nullopt for anything that to_text() did not write.
std::optional<AccountTable> parse_accounts(std::string_view text);
std::string to_text(const AccountTable& accounts);

/// What tells one version of the file from the next.
struct FileStamp {
  ino_t inode = 0;
  std::int64_t changed_ns = 0;
  off_t size = -1;  ///< -1: there is no file
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// Held by whoever is about to change the file; released when it goes.
class AccountsLock {
 public:
  explicit AccountsLock(const std::string& directory);
  ~AccountsLock();
  AccountsLock(const AccountsLock&) = delete;
  AccountsLock& operator=(const AccountsLock&) = delete;
  bool is_held() const { return held_; }

 private:
  int descriptor_ = -1;
  bool held_ = false;
};

/// A fault is one sentence.
using AccountsRead = std::variant<AccountTable, std::string>;

FileStamp accounts_stamp(const std::string& directory);
/// No file is an empty table.
AccountsRead read_accounts(const std::string& directory);
/// Mode 0600, synced before it takes the place of the old one. Returns the fault, empty when done.
std::string replace_accounts(const std::string& directory, const AccountTable& accounts);

}  // namespace lobby::api
