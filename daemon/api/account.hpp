#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/hall/words.hpp"

namespace lobby::api {

enum class Role : std::uint8_t { kiosk, clerk, supervisor, evaluator, screen, admin };

/// The request that made an account, so that its repeat is known, also by the daemon's next run.
struct Making {
  std::string key_hash;    ///< SHA-256, 32 bytes, of who asked where by which key
  std::string body;        ///< the request's body, stretched (secrets.hpp): a PIN may stand in it
  std::int64_t at_ms = 0;  ///< UTC
  friend bool operator==(const Making&, const Making&) = default;
};

/// Who may ask, as it is kept: of every secret only a hash.
struct Account {
  std::string name;
  Role role{};
  std::vector<std::string> windows;  ///< of a clerk; empty: every window
  std::string token_hash;            ///< SHA-256, 32 bytes
  std::string password, pin;         ///< scrypt lines (secrets.hpp); empty: none
  std::optional<Making> making;      ///< when the request had an Idempotency-Key; counts for a day
  std::uint64_t revision = 0;        ///< grows when the account changes; not kept in the file
  friend bool operator==(const Account&, const Account&) = default;
};

using AccountTable = std::map<std::string, Account, std::less<>>;

/// May the account act at this window, and see its events?
bool may_use_window(const Account& account, std::string_view window);

/// 1 to 64 letters, digits, `.`, `_`, `-`.
bool is_account_name(std::string_view name);

}  // namespace lobby::api

template <>
struct lobby::hall::Words<lobby::api::Role> {
  static constexpr std::array<std::string_view, 6> text{"kiosk",     "clerk",  "supervisor",
                                                        "evaluator", "screen", "admin"};
};
