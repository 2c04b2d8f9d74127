#include "daemon/api/accounts.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "daemon/api/personal.hpp"
#include "daemon/api/secrets.hpp"

namespace lobby::api {
namespace {

AccountFault storage_fault(std::string sentence) {
  return {AccountFault::Kind::storage, std::move(sentence)};
}

}  // namespace

bool may_use_window(const Account& account, std::string_view window) {
  return account.role != Role::clerk || account.windows.empty() ||
         std::find(account.windows.begin(), account.windows.end(), window) != account.windows.end();
}

bool is_account_name(std::string_view name) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), is_word);
}

Accounts::Accounts(std::string state_directory, Clock now)
    : directory_(std::move(state_directory)), now_(std::move(now)), looked_at_(now_()) {
  stamp_ = accounts_stamp(directory_);
  auto read = read_accounts(directory_);
  if (const auto* fault = std::get_if<std::string>(&read)) {
    throw std::runtime_error(*fault);
  }
  take(std::get<AccountTable>(std::move(read)));
}

void Accounts::refresh() {
  const auto now = now_();
  if (now - looked_at_ >= std::chrono::seconds(1)) {
    looked_at_ = now;
    look();
  }
}

void Accounts::look() {
  const FileStamp stamp = accounts_stamp(directory_);
  if (stamp == stamp_) {
    return;
  }
  auto read = read_accounts(directory_);
  stamp_ = stamp;
  // A broken file takes nobody's rights away and gives none: what was read last stays.
  if (auto* accounts = std::get_if<AccountTable>(&read)) {
    take(std::move(*accounts));
  }
}

void Accounts::take(AccountTable accounts) {
  std::vector<std::pair<std::string, std::string>> changes;
  for (auto& [name, account] : accounts) {
    const auto before = accounts_.find(name);
    if (before != accounts_.end()) {
      account.revision = before->second.revision;
      if (account == before->second) {
        continue;
      }
    }
    account.revision = ++last_revision_;
    changes.emplace_back(name, before == accounts_.end() ? "added" : "changed");
  }
  for (const auto& [name, account] : accounts_) {
    if (!accounts.contains(name)) {
      changes.emplace_back(name, "removed");
    }
  }
  accounts_ = std::move(accounts);
  names_by_hash_.clear();
  for (const auto& [name, account] : accounts_) {
    names_by_hash_.emplace(account.token_hash, name);
  }
  for (const auto& [name, change] : changes) {
    if (changed_) {
      changed_(name, change);
    }
  }
}

const Account* Accounts::by_token(std::string_view token) {
  refresh();
  const std::string hash = sha256(token);
  auto it = names_by_hash_.find(hash);
  if (it == names_by_hash_.end()) {
    look();
    it = names_by_hash_.find(hash);
  }
  const Account* account = it == names_by_hash_.end() ? nullptr : find(it->second);
  return account != nullptr && same(account->token_hash, hash) ? account : nullptr;
}

const Account* Accounts::find(std::string_view name) const {
  const auto it = accounts_.find(name);
  return it == accounts_.end() ? nullptr : &it->second;
}

template <class Change>
std::optional<AccountFault> Accounts::change_file(Change change) {
  const AccountsLock lock(directory_);
  if (!lock.is_held()) {
    return storage_fault("the accounts are being changed by someone else, or " + directory_ +
                         " cannot be written");
  }
  auto read = read_accounts(directory_);
  if (auto* fault = std::get_if<std::string>(&read)) {
    return storage_fault(std::move(*fault));
  }
  auto accounts = std::get<AccountTable>(std::move(read));
  if (std::optional<AccountFault> fault = change(accounts)) {
    return fault;
  }
  if (auto fault = replace_accounts(directory_, accounts); !fault.empty()) {
    return storage_fault(std::move(fault));
  }
  stamp_ = accounts_stamp(directory_);
  take(std::move(accounts));
  return std::nullopt;
}

std::variant<std::string, AccountFault> Accounts::add(const NewAccount& wanted) {
  if (!is_account_name(wanted.name)) {
    return AccountFault{AccountFault::Kind::bad_name,
                        "a name is 1 to 64 letters, digits, dots, underscores and dashes"};
  }
  // A name stands in the journal beside all that its owner does.
  if (holds_personal_number(wanted.name)) {
    return AccountFault{AccountFault::Kind::bad_name, "a name may not be an ID or telephone number"};
  }
  std::string token = random_secret();
  auto fault = change_file([&](AccountTable& accounts) -> std::optional<AccountFault> {
    if (accounts.contains(wanted.name)) {
      return AccountFault{AccountFault::Kind::taken, "there is an account `" + wanted.name + "` already"};
    }
    if (accounts.size() >= most_accounts) {
      return AccountFault{AccountFault::Kind::too_many,
                          "there are " + std::to_string(most_accounts) + " accounts, the most there may be"};
    }
    Account account;
    account.name = wanted.name;
    account.role = wanted.role;
    account.windows = wanted.windows;
    account.token_hash = sha256(token);
    account.password = wanted.password;
    account.pin = wanted.pin;
    account.making = wanted.making;
    accounts.emplace(wanted.name, std::move(account));
    return std::nullopt;
  });
  if (fault) {
    return *std::move(fault);
  }
  return token;
}

const Account* Accounts::made_by(std::string_view key_hash, std::int64_t now_ms) const {
  const auto found = std::find_if(accounts_.begin(), accounts_.end(), [&](const auto& entry) {
    const auto& making = entry.second.making;
    return making && making->key_hash == key_hash && now_ms - making->at_ms < making_life.count();
  });
  return found == accounts_.end() ? nullptr : &found->second;
}

std::variant<std::string, AccountFault> Accounts::rekey(const std::string& name) {
  std::string token = random_secret();
  auto fault = change_file([&](AccountTable& accounts) -> std::optional<AccountFault> {
    const auto found = accounts.find(name);
    if (found == accounts.end()) {
      return AccountFault{AccountFault::Kind::unknown, "there is no account `" + name + "`"};
    }
    found->second.token_hash = sha256(token);
    return std::nullopt;
  });
  if (fault) {
    return *std::move(fault);
  }
  return token;
}

std::optional<AccountFault> Accounts::remove(const std::string& name) {
  return change_file([&](AccountTable& accounts) -> std::optional<AccountFault> {
    if (accounts.erase(name) == 0) {
      return AccountFault{AccountFault::Kind::unknown, "there is no account `" + name + "`"};
    }
    return std::nullopt;
  });
}

}  // namespace lobby::api
