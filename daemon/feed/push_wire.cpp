#include "daemon/feed/push_wire.hpp"

#include <cstdlib>
#include <map>
#include <utility>

#include "daemon/feed/charset.hpp"
#include "daemon/feed/reply.hpp"
#include "daemon/feed/secrets.hpp"

namespace lobby::feed {

std::optional<Auth> push_auth(const Settings& settings, const Auth* of_mapping) {
  if (of_mapping != nullptr) {
    const bool logs_in = settings.auth == "bearer" && of_mapping->kind == Auth::Kind::bearer;
    return logs_in ? std::optional(*of_mapping) : std::nullopt;
  }
  static const std::map<std::string, Auth::Kind> kinds{{"", Auth::Kind::none},
                                                       {"none", Auth::Kind::none},
                                                       {"header", Auth::Kind::header},
                                                       {"bearer", Auth::Kind::header},
                                                       {"hmac-sha256", Auth::Kind::hmac_sha256},
                                                       {"hmac-sm3", Auth::Kind::hmac_sm3},
                                                       {"sorted-md5", Auth::Kind::sorted_md5}};
  const auto kind = kinds.find(settings.auth);
  if (kind == kinds.end()) {
    return std::nullopt;
  }
  Auth auth;
  auth.kind = kind->second;
  if (settings.auth != "bearer" && !settings.auth_header.empty() && settings.auth_header != auth.name) {
    auth.name = settings.auth_header;
    auth.value = "{token}";
  }
  return auth;
}

WirePoster::WirePoster(const Settings& settings, Auth auth, Connect connect, Surroundings around)
    : settings_(settings),
      auth_(std::move(auth)),
      connect_(std::move(connect)),
      around_(std::move(around)),
      url_(parse_url(settings.url).value_or(Url{})) {}

std::variant<PostAnswer, Failure> WirePoster::post(const std::string& body) {
  Token token;
  if (auth_.kind != Auth::Kind::none) {
    token = read_token(settings_.token_file);
    if (!token.fault.empty()) {
      return Failure{Failure::Kind::unauthorised, std::move(token.fault), {}};
    }
  }
  until_ = std::chrono::steady_clock::now() + std::chrono::seconds(settings_.total_s);
  const auto credentials = credentials_of(auth_, settings_.app_id, token.text);
  auto replied = exchange(credentials, body);
  bool again = false;
  if (const auto* reply = std::get_if<Reply>(&replied); reply != nullptr && mends(*reply)) {
    again = true;
    replied = exchange(credentials, body);
  }
  if (auto* failure = std::get_if<Failure>(&replied)) {
    return std::move(*failure);
  }
  auto& reply = std::get<Reply>(replied);
  if (is_answer(reply.status)) {
    auto text = to_utf8(std::move(reply.body), reply.content_type);
    if (auto* failure = std::get_if<Failure>(&text)) {
      if (reply.status < 300) {
        return std::move(*failure);
      }
      text = std::string();  // the status says enough
    }
    return PostAnswer{reply.status, std::get<std::string>(std::move(text))};
  }
  auto failure = failure_of_status(reply, received_ms_ / 1000)
                     .value_or(Failure{Failure::Kind::trouble, "the target gives no answer", {}});
  failure.tried_again = again && auth_.kind == Auth::Kind::bearer;
  return failure;
}

std::variant<Reply, Failure> WirePoster::exchange(const Credentials& credentials, const std::string& body) {
  if (auth_.kind == Auth::Kind::bearer && session_.token(around_.steady_ms()) == nullptr) {
    if (auto failure = log_in(credentials)) {
      return *std::move(failure);
    }
  }
  FilledRequest request;
  request.target = url_.target;
  request.body = body;
  request.headers["Content-Type"] = "application/json; charset=utf-8";
  Moment moment{around_.wall_ms() + clock_offset_ms_, around_.nonce(), {}};
  if (auth_.kind == Auth::Kind::bearer) {
    moment.access_token = *session_.token(around_.steady_ms());
  }
  if (std::string fault = sign(auth_, credentials, moment, request); !fault.empty()) {
    return Failure{Failure::Kind::unauthorised, std::move(fault), {}};
  }
  return send(request);
}

std::variant<Reply, Failure> WirePoster::send(const FilledRequest& request) {
  auto wire = connect_(until_);
  if (auto* failure = std::get_if<Failure>(&wire)) {
    return std::move(*failure);
  }
  sent_ms_ = around_.wall_ms();
  auto replied = std::get<std::unique_ptr<Wire>>(wire)->exchange(request);
  received_ms_ = around_.wall_ms();
  return replied;
}

std::optional<Failure> WirePoster::log_in(const Credentials& credentials) {
  constexpr int bad_request = 400;
  auto replied = send(login_request(auth_.login, credentials));
  if (auto* failure = std::get_if<Failure>(&replied)) {
    return std::move(*failure);
  }
  const auto& reply = std::get<Reply>(replied);
  if (auto failure = failure_of_status(reply, received_ms_ / 1000)) {
    if (reply.status == bad_request || failure->kind == Failure::Kind::unauthorised) {
      failure->kind = Failure::Kind::unauthorised;
      failure->reason = "the target refuses the login: HTTP " + std::to_string(reply.status);
    }
    return failure;
  }
  auto token = read_login(auth_.login, reply.body);
  if (auto* fault = std::get_if<std::string>(&token)) {
    return Failure{Failure::Kind::unauthorised, std::move(*fault), {}};
  }
  session_.keep(std::get<AccessToken>(std::move(token)), around_.steady_ms());
  return std::nullopt;
}

/// A target that looks at the clock has another time than we: the request is worth another try by its own. So
/// it is with another access token, where the target does not know ours any more.
bool WirePoster::mends(const Reply& reply) {
  constexpr int unauthorised = 401;
  if (reply.status == unauthorised && auth_.kind == Auth::Kind::bearer) {
    session_.forget();
    return true;
  }
  const auto theirs = date_ms(reply.date);
  if (reply.status != unauthorised || !uses_clock(auth_) || !theirs) {
    return false;
  }
  const auto offset = clock_difference(*theirs, sent_ms_, received_ms_);
  const bool differs = std::abs(offset - clock_offset_ms_) > far_apart_ms;
  clock_offset_ms_ = differs ? offset : clock_offset_ms_;
  return differs;
}

}  // namespace lobby::feed
