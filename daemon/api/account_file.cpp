#include "daemon/api/account_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <system_error>

#include "daemon/api/json_writer.hpp"
#include "daemon/api/secrets.hpp"

namespace lobby::api {
namespace {

namespace json = boost::json;
constexpr std::size_t largest_file = 4U << 20;

std::string file_of(const std::string& directory) {
  return directory + "/accounts.json";
}
std::string reason() {
  return std::system_category().message(errno);
}

std::optional<std::string> text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) {
    return std::nullopt;
  }
  return std::string(value->get_string());
}

/// nullopt for one that is not there or is broken: it is no more than a help to who asks twice.
std::optional<Making> parse_making(const json::object& account) {
  const auto* value = account.if_contains("made_by");
  const auto* object = value == nullptr ? nullptr : value->if_object();
  const auto* at = object == nullptr ? nullptr : object->if_contains("at_ms");
  if (at == nullptr || !at->is_int64()) {
    return std::nullopt;
  }
  Making making;
  making.key_hash = from_hex(text_of(*object, "key_sha256").value_or(""));
  making.body = text_of(*object, "body").value_or("");
  making.at_ms = at->get_int64();
  return making.key_hash.size() == 32 ? std::optional(std::move(making)) : std::nullopt;
}

std::optional<Account> parse_account(const json::value& value) {
  const auto* object = value.if_object();
  const auto* windows = object == nullptr ? nullptr : object->if_contains("windows");
  if (windows == nullptr || !windows->is_array()) {
    return std::nullopt;
  }
  const auto name = text_of(*object, "name"), role = text_of(*object, "role"),
             token = text_of(*object, "token_sha256");
  const auto parsed_role = role ? hall::parse_word<Role>(*role) : std::nullopt;
  if (!name || !is_account_name(*name) || !parsed_role || !token) {
    return std::nullopt;
  }
  Account account;
  account.name = *name;
  account.role = *parsed_role;
  account.token_hash = from_hex(*token);
  account.password = text_of(*object, "password").value_or("");
  account.pin = text_of(*object, "pin").value_or("");
  account.making = parse_making(*object);
  for (const auto& window : windows->get_array()) {
    if (!window.is_string()) {
      return std::nullopt;
    }
    account.windows.emplace_back(window.get_string());
  }
  if (account.token_hash.size() != 32) {
    return std::nullopt;
  }
  return account;
}

void put_account(std::string& out, const Account& account) {
  JsonObject object(out);
  object.add("name", account.name).add("role", account.role);
  put_array(object.open("windows"), account.windows);
  object.add("token_sha256", to_hex(account.token_hash));
  object.add_if("password", or_null(account.password)).add_if("pin", or_null(account.pin));
  if (account.making) {
    JsonObject(object.open("made_by"))
        .add("key_sha256", to_hex(account.making->key_hash))
        .add("body", account.making->body)
        .add("at_ms", account.making->at_ms);
  }
}

/// Root may add accounts for a daemon that runs as someone else, who must be able to read them.
void give_to_owner_of(const std::string& directory, int descriptor) {
  struct stat owner {};
  if (::geteuid() == 0 && ::stat(directory.c_str(), &owner) == 0 && owner.st_uid != 0) {
    if (::fchown(descriptor, owner.st_uid, owner.st_gid) != 0) {
      return;  // then the daemon's next look says what is wrong
    }
  }
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  return true;
}

bool sync_directory(const std::string& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) {
    ::close(descriptor);
  }
  return synced;
}

}  // namespace

std::optional<AccountTable> parse_accounts(std::string_view text) {
  json::error_code error;
  const auto value = json::parse(json::string_view(text.data(), text.size()), error);
  const auto* object = error ? nullptr : value.if_object();
  const auto* list = object == nullptr ? nullptr : object->if_contains("accounts");
  const auto* version = object == nullptr ? nullptr : object->if_contains("version");
  if (list == nullptr || !list->is_array() || version == nullptr || *version != 1) {
    return std::nullopt;
  }
  AccountTable accounts;
  for (const auto& item : list->get_array()) {
    auto account = parse_account(item);
    if (!account || accounts.contains(account->name)) {
      return std::nullopt;
    }
    std::string name = account->name;
    accounts.emplace(std::move(name), *std::move(account));
  }
  return accounts;
}

std::string to_text(const AccountTable& accounts) {
  std::string text;
  {
    JsonObject object(text);
    object.add("version", 1);
    put_array(object.open("accounts"), accounts, [](std::string& out, const auto& entry) {
      out += '\n';
      put_account(out, entry.second);
    });
  }
  return text + "\n";
}

AccountsLock::AccountsLock(const std::string& directory) {
  descriptor_ = ::open((directory + "/accounts.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor_ < 0) {
    return;
  }
  give_to_owner_of(directory, descriptor_);
  // Whoever holds it writes one small file; a holder that hangs must not hang us.
  for (int tries = 0; tries < 100 && !held_; ++tries) {
    held_ = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
    if (!held_) {
      ::poll(nullptr, 0, 5);
    }
  }
}

AccountsLock::~AccountsLock() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

FileStamp accounts_stamp(const std::string& directory) {
  struct stat file {};
  if (::stat(file_of(directory).c_str(), &file) != 0) {
    return {};
  }
  return {file.st_ino, std::int64_t{file.st_mtim.tv_sec} * 1'000'000'000 + file.st_mtim.tv_nsec,
          file.st_size};
}

AccountsRead read_accounts(const std::string& directory) {
  const std::string path = file_of(directory);
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return errno == ENOENT ? AccountsRead(AccountTable{}) : path + ": " + reason();
  }
  std::string text;
  std::array<char, 16384> part;
  ssize_t got = 0;
  while ((got = ::read(descriptor, part.data(), part.size())) > 0 && text.size() <= largest_file) {
    text.append(part.data(), static_cast<std::size_t>(got));
  }
  ::close(descriptor);
  auto accounts = got < 0 || text.size() > largest_file ? std::nullopt : parse_accounts(text);
  if (!accounts) {
    return path + ": this is not a file of accounts; restore it, or remove it and add the accounts again";
  }
  return *std::move(accounts);
}

std::string replace_accounts(const std::string& directory, const AccountTable& accounts) {
  const std::string path = file_of(directory), next = path + ".next";
  const int descriptor = ::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return next + ": " + reason();
  }
  give_to_owner_of(directory, descriptor);
  const bool written =
      ::fchmod(descriptor, 0600) == 0 && write_all(descriptor, to_text(accounts)) && ::fsync(descriptor) == 0;
  std::string fault = written ? "" : next + ": " + reason();
  ::close(descriptor);
  if (fault.empty() && ::rename(next.c_str(), path.c_str()) != 0) {
    fault = path + ": " + reason();
  }
  if (!fault.empty()) {
    ::unlink(next.c_str());
  } else if (!sync_directory(directory)) {
    fault = directory + ": " + reason();
  }
  return fault;
}

}  // namespace lobby::api
