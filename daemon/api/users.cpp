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

Response add(Accounts& accounts, const Accounts::NewAccount& account) {
  auto added = accounts.add(account);
  if (const auto* fault = std::get_if<AccountFault>(&added)) {
    return to_response(problem_of(*fault));
  }
  Response response;
  response.status = 201;
  {
    JsonObject object(response.body);
    put_user(object, account.name, account.role, account.windows);
    object.add("token", std::get<std::string>(added));
  }
  return response;
}

/// Adds the account once its secrets are stretched, which is not for the loop.
void add_stretched(Desk& desk, Accounts::NewAccount account, const Acts::Finish& finish) {
  if (account.password.empty() && account.pin.empty()) {
    return finish(add(desk.accounts, account));
  }
  const bool taken = desk.stretcher.run(
      [password = account.password, pin = account.pin] {
        return (password.empty() ? "" : stretch(password)) + "\n" + (pin.empty() ? "" : stretch(pin));
      },
      [&accounts = desk.accounts, account, finish](const std::string& lines) mutable {
        const auto end = lines.find('\n');
        account.password = lines.substr(0, end);
        account.pin = lines.substr(end + 1);
        finish(add(accounts, account));
      });
  if (!taken) {
    finish(to_response(rate_limited("too many logins at once; try again", 1)));
  }
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
                 [&](const std::optional<IdempotencyKey>&, const Acts::Finish& finish) {
                   add_stretched(desk, std::move(wanted.account), finish);
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
