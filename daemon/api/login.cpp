#include <utility>

#include "daemon/api/call.hpp"
#include "daemon/api/fields.hpp"
#include "daemon/api/gate.hpp"
#include "daemon/api/json_writer.hpp"

namespace lobby::api {
namespace {

std::string cookie_header(std::string_view value, int lives_s) {
  return "Set-Cookie: " + std::string(session_cookie) + "=" + std::string(value) +
         "; Path=/; Max-Age=" + std::to_string(lives_s) + "; HttpOnly; SameSite=Strict\r\n";
}

Response response_of(const Sessions::Opened& opened) {
  Response response;
  response.status = 201;
  response.headers = cookie_header(opened.cookie, opened.lives_s);
  {
    JsonObject object(response.body);
    object.add("name", opened.account.name).add("role", opened.account.role);
    put_array(object.open("windows"), opened.account.windows);
    object.add("csrf", opened.csrf).add("lives_s", opened.lives_s);
  }
  return response;
}

}  // namespace

void post_session(Desk& desk, Call call) {
  BodyFields fields(call.request.body);
  Sessions::Attempt attempt;
  attempt.name = fields.text("name", Need::required, 64);
  const bool by_pin = fields.has("pin"), by_password = fields.has("password");
  attempt.secret = fields.secret(by_pin ? "pin" : "password", Need::required, 128);
  attempt.by = by_pin ? Sessions::By::pin : Sessions::By::password;
  attempt.address = call.request.address;
  auto problem = by_pin && by_password ? bad_request("give either `password` or `pin`") : fields.finish();
  if (problem) {
    return call.respond(*problem);
  }
  desk.sessions.log_in(
      attempt, [exchange = call.exchange](const std::variant<Sessions::Opened, Problem>& outcome) {
        const auto* refused = std::get_if<Problem>(&outcome);
        exchange->respond(refused != nullptr ? to_response(*refused)
                                             : response_of(std::get<Sessions::Opened>(outcome)));
      });
}

void delete_session(Desk&, Call call) {
  Response response;
  response.status = 204;
  if (call.session) {
    call.session->ended = true;
    response.headers = cookie_header("", 0);
  }
  call.exchange->respond(std::move(response));
}

}  // namespace lobby::api
