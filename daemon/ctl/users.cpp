#include "daemon/ctl/users.hpp"

#include <boost/json.hpp>
#include <istream>
#include <optional>
#include <ostream>

#include "daemon/ctl/client.hpp"
#include "daemon/ctl/local_users.hpp"
#include "daemon/ctl/refusal.hpp"
#include "daemon/ctl/show.hpp"

namespace lobby::ctl {
namespace {

namespace json = boost::json;

/// Secrets come by standard input, never by the arguments, which every user of the machine can read.
struct Secrets {
  std::optional<std::string> password, pin;
};

std::optional<Secrets> read_secrets(const Arguments& given, Console& console) {
  Secrets secrets;
  for (const auto& [flag, to] :
       {std::pair{"password-stdin", &secrets.password}, {"pin-stdin", &secrets.pin}}) {
    std::string line;
    if (!given.has(flag)) {
      continue;
    }
    if (!std::getline(console.in, line) || line.empty()) {
      console.err << "--" << flag << ": standard input has no line for it\n";
      return std::nullopt;
    }
    *to = line;
  }
  return secrets;
}

Exit send(const Request& request, Shape shape, const Settings& settings, Console& console) {
  const auto outcome = Client(settings.server, settings.token).send(request, settings.key);
  if (const auto ended = refusal(outcome, settings, console)) {
    return *ended;
  }
  const std::string& body = std::get<Answer>(outcome).body;
  console.out << show(settings.json ? Shape::text : shape, body) << std::flush;
  return Exit::done;
}

}  // namespace

Exit add_user(const Arguments& given, const Settings& settings, Console& console) {
  const auto secrets = read_secrets(given, console);
  if (!secrets) {
    return Exit::usage;
  }
  if (!settings.state.empty()) {
    return add_local_user({given.one("NAME"), given.one("role"), given.all("window"),
                           secrets->password.value_or(""), secrets->pin.value_or("")},
                          settings, console);
  }
  json::object body{{"name", given.one("NAME")}, {"role", given.one("role")}};
  if (given.has("window")) {
    json::array windows;
    for (const auto& window : given.all("window")) {
      windows.emplace_back(window);
    }
    body["windows"] = std::move(windows);
  }
  if (secrets->password) {
    body["password"] = *secrets->password;
  }
  if (secrets->pin) {
    body["pin"] = *secrets->pin;
  }
  return send({"POST", "/api/v1/users", json::serialize(body)}, Shape::token, settings, console);
}

Exit list_users(const Settings& settings, Console& console) {
  if (!settings.state.empty()) {
    return list_local_users(settings, console);
  }
  return send({"GET", "/api/v1/users", {}}, Shape::users, settings, console);
}

Exit remove_user(const Arguments& given, const Settings& settings, Console& console) {
  if (!settings.state.empty()) {
    return remove_local_user(given.one("NAME"), settings, console);
  }
  return send({"DELETE", "/api/v1/users/" + encode(given.one("NAME")), {}}, Shape::text, settings, console);
}

}  // namespace lobby::ctl
