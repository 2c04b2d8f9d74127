#include <utility>

#include "daemon/api/acts.hpp"
#include "daemon/api/call.hpp"
#include "daemon/api/fields.hpp"
#include "daemon/api/json_writer.hpp"
#include "daemon/api/secrets.hpp"

namespace lobby::api {
namespace {

constexpr std::size_t most_windows = 500, secret_length = 128;

Problem problem_of(const AccountFault& fault) {
  switch (fault.kind) {
    case AccountFault::Kind::bad_name:
      return bad_request("field `name`: " + fault.sentence);
    case AccountFault::Kind::unknown:
      return not_found(fault.sentence);
    case AccountFault::Kind::storage:
      return {503, "storage_failed", fault.sentence};
    default:
      return {409, "wrong_state", fault.sentence};
  }
}

void put_user(JsonObject& object, std::string_view name, Role role, const std::vector<std::string>& windows) {
  object.add("name", name).add("role", role);
  put_array(object.open("windows"), windows);
}

struct Wanted {
  Accounts::NewAccount account;  ///< with the secrets as given
  std::optional<Problem> problem;
};

Wanted read_user(const Desk& desk, const Call& call) {
  BodyFields fields(call.request.body);
  Wanted wanted;
  auto& account = wanted.account;
  account.name = fields.text("name", Need::required, 64);
  account.role = fields.word<Role>("role", Need::required).value_or(Role::kiosk);
  account.windows = fields.texts("windows", most_windows, 64);
  account.password = fields.secret("password", Need::optional, secret_length);
  account.pin = fields.secret("pin", Need::optional, secret_length);
  const bool short_password = fields.has("password") && length(account.password) < 8;
  const bool short_pin = fields.has("pin") && length(account.pin) < 4;
  wanted.problem = fields.finish();
  if (!wanted.problem && short_password) {
    wanted.problem = bad_request("field `password` must have at least 8 characters");
  }
  if (!wanted.problem && short_pin) {
    wanted.problem = bad_request("field `pin` must have at least 4 characters");
  }
  for (const auto& window : account.windows) {
    if (!wanted.problem && desk.backend.site().find(hall::WindowId{window}) == nullptr) {
      wanted.problem = bad_request("field `windows`: there is no window `" + window + "`");
    }
  }
  return wanted;
}

/// What the account became, with its token.
Response created(const std::variant<std::string, AccountFault>& token, const Accounts::NewAccount& account) {
  if (const auto* fault = std::get_if<AccountFault>(&token)) {
    return to_response(problem_of(*fault));
  }
  Response response;
  response.status = 201;
  {
    JsonObject object(response.body);
    put_user(object, account.name, account.role, account.windows);
    object.add("token", std::get<std::string>(token));
  }
  return response;
}

Response too_many() {
  return to_response(rate_limited("too many logins at once; try again", 1));
}

/// Adds the account once its secrets are stretched, which is not for the loop. `body_hash`: to be kept with
/// it, when it has a making.
void add_stretched(Desk& desk, Accounts::NewAccount account, const std::string& body_hash,
                   const Acts::Finish& finish) {
  const auto line = [](const std::string& secret) {
    return secret.empty() ? std::string() : stretch(secret);
  };
  const bool taken =
      desk.stretcher.run([line, password = account.password, pin = account.pin,
                          body_hash] { return line(password) + "\n" + line(pin) + "\n" + line(body_hash); },
                         [&accounts = desk.accounts, account, finish](const std::string& lines) mutable {
                           const auto first = lines.find('\n'), second = lines.find('\n', first + 1);
                           account.password = lines.substr(0, first);
                           account.pin = lines.substr(first + 1, second - first - 1);
                           if (account.making) {
                             account.making->body = lines.substr(second + 1);
                           }
                           finish(created(accounts.add(account), account));
                         });
  if (!taken) {
    finish(too_many());
  }
}

/// The request that made this account, once more: whoever asks did not get the token, and nobody has kept it.
void give_new_token(Desk& desk, const Account& made, const std::string& body_hash,
                    const Acts::Finish& finish) {
  const bool taken = desk.stretcher.run(
      [body_hash, body = made.making->body] { return std::string(is_behind(body_hash, body) ? "same" : ""); },
      [&accounts = desk.accounts, finish,
       account =
           Accounts::NewAccount{made.name, made.role, made.windows, "", ""}](const std::string& same_body) {
        finish(same_body.empty() ? to_response(key_reused())
                                 : created(accounts.rekey(account.name), account));
      });
  if (!taken) {
    finish(too_many());
  }
}

void add_or_repeat(Desk& desk, Accounts::NewAccount account, const IdempotencyKey& key,
                   const Acts::Finish& finish) {
  Making making;
  making.key_hash = sha256(key.account + '\n' + key.path + '\n' + key.key);
  making.at_ms = desk.backend.now().utc_ms;
  desk.accounts.refresh();
  if (const Account* made = desk.accounts.made_by(making.key_hash, making.at_ms)) {
    return give_new_token(desk, *made, key.body_hash, finish);
  }
  account.making = std::move(making);
  add_stretched(desk, std::move(account), key.body_hash, finish);
}

}  // namespace

void get_users(Desk& desk, Call call) {
  if (const auto problem = QueryFields(call.target.query).finish()) {
    return call.respond(*problem);
  }
  desk.accounts.refresh();
  std::string body;
  put_array(body, desk.accounts.all(), [](std::string& out, const auto& entry) {
    const Account& account = entry.second;
    JsonObject object(out);
    put_user(object, account.name, account.role, account.windows);
    object.add("password", !account.password.empty()).add("pin", !account.pin.empty());
  });
  call.respond_json(std::move(body));
}

void post_user(Desk& desk, Call call) {
  auto wanted = read_user(desk, call);
  if (wanted.problem) {
    return call.respond(*wanted.problem);
  }
  desk.acts.once(call, Acts::Keeps::memory,
                 [&](const std::optional<IdempotencyKey>& key, const Acts::Finish& finish) {
                   if (key) {
                     return add_or_repeat(desk, std::move(wanted.account), *key, finish);
                   }
                   add_stretched(desk, std::move(wanted.account), "", finish);
                 });
}

void delete_user(Desk& desk, Call call) {
  if (const auto fault = desk.accounts.remove(call.ids.front())) {
    return call.respond(problem_of(*fault));
  }
  Response response;
  response.status = 204;
  call.exchange->respond(std::move(response));
}

}  // namespace lobby::api
