#include "daemon/api/gate.hpp"

#include <utility>

#include "daemon/api/router.hpp"
#include "daemon/api/secrets.hpp"

namespace lobby::api {
namespace {

bool is_bearer(std::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  if (header.size() <= scheme.size()) {
    return false;
  }
  for (std::size_t i = 0; i < scheme.size(); ++i) {
    const char c = header[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c) != scheme[i]) {
      return false;
    }
  }
  return true;
}

std::optional<Problem> identify_by_session(Desk& desk, Call& call) {
  const auto cookie = cookie_of(call.request.cookie, session_cookie);
  call.session = cookie.empty() ? nullptr : desk.sessions.find(cookie);
  const auto& session = call.session;
  if (session == nullptr) {
    return unauthorized("this needs a token, or a login by POST /api/v1/session");
  }
  if (call.request.method != Method::get && !same(call.request.csrf, session->csrf)) {
    return forbidden("header `X-Lobby-CSRF` must have the value that the login answered");
  }
  call.account = *desk.accounts.find(session->account);
  return std::nullopt;
}

std::optional<Problem> identify(Desk& desk, Call& call) {
  const std::string& header = call.request.authorization;
  if (header.empty()) {
    return identify_by_session(desk, call);
  }
  const Account* account =
      is_bearer(header) ? desk.accounts.by_token(std::string_view(header).substr(7)) : nullptr;
  if (account == nullptr) {
    return unauthorized("nobody has this token");
  }
  call.account = *account;
  return std::nullopt;
}

/// Sees how the one act ends. May outlive the desk, so it touches only the login itself.
class OneAct final : public Exchange {
 public:
  OneAct(std::shared_ptr<Session> session, std::shared_ptr<Exchange> exchange)
      : session_(std::move(session)), exchange_(std::move(exchange)) {
    session_->acting = true;
  }
  ~OneAct() override { session_->acting = false; }
  OneAct(const OneAct&) = delete;
  OneAct& operator=(const OneAct&) = delete;
  void respond(Response response) override {
    const bool done = response.status / 100 == 2 && !response.repeated;
    session_->ended = session_->ended || done;
    session_->acting = false;
    exchange_->respond(std::move(response));
  }
  void stream(EventCursor cursor) override { exchange_->stream(std::move(cursor)); }

 private:
  std::shared_ptr<Session> session_;
  std::shared_ptr<Exchange> exchange_;
};

}  // namespace

std::optional<Problem> hold_to_one_act(Call& call) {
  if (!call.session || !call.session->one_act) {
    return std::nullopt;
  }
  if (call.session->acting) {
    return Problem{409, "wrong_state", "this login is for one act, and that is under way"};
  }
  call.exchange = std::make_shared<OneAct>(call.session, call.exchange);
  return std::nullopt;
}

std::optional<Problem> let_in(Desk& desk, Call& call) {
  const Roles roles = call.route->roles;
  if (roles == the_public) {
    return std::nullopt;
  }
  if (roles == this_machine) {
    if (call.request.from_loopback || desk.options.plain_to_all) {
      return std::nullopt;
    }
    return forbidden("this path is served to this machine only");
  }
  if (auto problem = identify(desk, call)) {
    return problem;
  }
  if (!is_allowed(*call.route, call.account.role)) {
    return forbidden("role " + std::string(hall::to_text(call.account.role)) + " may not do this");
  }
  return std::nullopt;
}

std::string cookie_of(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const auto end = header.find(';');
    auto part = header.substr(0, end);
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    if (part.size() > name.size() && part.starts_with(name) && part[name.size()] == '=') {
      return std::string(part.substr(name.size() + 1));
    }
    header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
  }
  return {};
}

}  // namespace lobby::api
