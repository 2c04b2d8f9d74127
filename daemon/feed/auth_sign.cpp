#include "daemon/feed/auth_sign.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <utility>
#include <vector>

#include "daemon/feed/percent.hpp"
#include "daemon/feed/strict_json.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;
using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;
using Words = std::map<std::string_view, std::string_view>;

std::string hex(const Digest& sum, unsigned size, bool upper = false) {
  const std::string_view digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    out += {digits[sum[i] >> 4U], digits[sum[i] & 0xFU]};
  }
  return out;
}

std::string plain_sum(const EVP_MD* kind, std::string_view text, bool upper = false) {
  Digest sum{};
  unsigned size = 0;
  const bool done =
      kind != nullptr && EVP_Digest(text.data(), text.size(), sum.data(), &size, kind, nullptr) == 1;
  return done ? hex(sum, size, upper) : std::string();
}

std::string keyed_sum(const EVP_MD* kind, std::string_view key, std::string_view text) {
  Digest sum{};
  unsigned size = 0;
  const bool done = kind != nullptr && HMAC(kind, key.data(), static_cast<int>(key.size()),
                                            reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                                            sum.data(), &size) != nullptr;
  return done ? hex(sum, size) : std::string();
}

/// A template with words that its table may use; others stay as they stand.
std::string filled(std::string_view pattern, const Words& words) {
  std::string out;
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    const std::size_t close = pattern.find('}', open);
    out += pattern.substr(0, open);
    if (close == std::string_view::npos) {
      return out.append(pattern.substr(open));
    }
    const auto word = words.find(pattern.substr(open + 1, close - open - 1));
    out += word == words.end() ? pattern.substr(open, close + 1 - open) : word->second;
    pattern.remove_prefix(close + 1);
  }
  return out;
}

std::string sorted_query(std::string_view query) {
  std::vector<std::string_view> pairs;
  while (!query.empty()) {
    pairs.push_back(query.substr(0, query.find('&')));
    query.remove_prefix(std::min(query.size(), pairs.back().size() + 1));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const std::string_view pair : pairs) {
    out += out.empty() ? "" : "&";
    out += pair;
  }
  return out;
}

std::string sign_hmac(const Auth& auth, const Credentials& by, const Moment& moment, FilledRequest& request) {
  const bool sm3 = auth.kind == Auth::Kind::hmac_sm3;
  const EVP_MD* kind = sm3 ? EVP_sm3() : EVP_sha256();
  const std::string ts = std::to_string(moment.clock_ms);
  const std::string body = plain_sum(kind, request.post ? std::string_view(request.body) : "");
  std::string text = request.post ? "POST\n" : "GET\n";
  text += path_of(request.target);
  text += '\n' + sorted_query(query_of(request.target)) + '\n' + body + '\n' + ts + '\n' + moment.nonce;
  const std::string sum = keyed_sum(kind, by.secret, text);
  if (body.empty() || sum.empty()) {
    return "this machine's OpenSSL cannot make the sum that the mapping's [auth] wants";
  }
  request.headers["Authorization"] = (sm3 ? "HALL-HMAC-SM3 appId=" : "HALL-HMAC-SHA256 appId=") + by.app_id +
                                     ",ts=" + ts + ",nonce=" + moment.nonce +
                                     ",signed=method;path;query;body;ts;nonce,sig=" + sum;
  return {};
}

std::string sign_sorted(const Auth& auth, const Credentials& by, const Moment& moment,
                        FilledRequest& request) {
  const std::string ts = std::to_string(moment.clock_ms);
  const std::string ts_s = std::to_string(moment.clock_ms / 1000);
  const Words words{{"app_id", by.app_id}, {"ts", ts}, {"ts_s", ts_s}, {"nonce", moment.nonce}};
  for (const auto& [key, pattern] : auth.query) {
    add_to_query(request.target, key, filled(pattern, words));
  }
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& [key, value] : query_pairs(query_of(request.target))) {
    if (key != auth.sign && !(auth.skip_empty && value.empty())) {
      pairs.emplace_back(percent_decoded(key), percent_decoded(value));
    }
  }
  std::sort(pairs.begin(), pairs.end());
  std::string text;
  for (const auto& [key, value] : pairs) {
    text.append(key).append("=").append(value).append("&");
  }
  text.append(auth.key).append("=").append(by.secret);
  const std::string sum = plain_sum(EVP_md5(), text, auth.upper);
  if (sum.empty()) {
    return "this machine's OpenSSL cannot make the sum that the mapping's [auth] wants";
  }
  add_to_query(request.target, auth.sign, sum);
  return {};
}

bool signs(const Auth& auth) {
  return auth.kind == Auth::Kind::hmac_sha256 || auth.kind == Auth::Kind::hmac_sm3 ||
         auth.kind == Auth::Kind::sorted_md5;
}

}  // namespace

Credentials credentials_of(const Auth& auth, std::string_view app_id, std::string_view token) {
  Credentials out{std::string(app_id), std::string(token)};
  const std::size_t colon = token.find(':');
  if (colon == std::string_view::npos || (!signs(auth) && auth.kind != Auth::Kind::bearer)) {
    return out;
  }
  const std::string_view named = token.substr(0, colon);
  if (!named.empty() && (app_id.empty() || app_id == named)) {
    out.app_id = named;
    out.secret = token.substr(colon + 1);
  }
  return out;
}

bool uses_clock(const Auth& auth) {
  return auth.kind == Auth::Kind::hmac_sha256 || auth.kind == Auth::Kind::hmac_sm3 ||
         (auth.kind == Auth::Kind::sorted_md5 && !auth.query.empty());
}

std::string token_for_templates(const Auth& auth, const Credentials& credentials, const Moment& moment) {
  return auth.kind == Auth::Kind::token    ? credentials.secret
         : auth.kind == Auth::Kind::bearer ? moment.access_token
                                           : std::string();
}

std::string sign(const Auth& auth, const Credentials& credentials, const Moment& moment,
                 FilledRequest& request) {
  if (signs(auth) && credentials.secret.empty()) {
    return "the mapping's [auth] signs with a secret, but the site names no token_file with one";
  }
  switch (auth.kind) {
    case Auth::Kind::header:
      request.headers[auth.name] = filled(auth.value, {{"token", credentials.secret}});
      return {};
    case Auth::Kind::bearer:
      if (!auth.name.empty()) {
        request.headers[auth.name] = filled(auth.value, {{"token", moment.access_token}});
      }
      return {};
    case Auth::Kind::hmac_sha256:
    case Auth::Kind::hmac_sm3:
      return sign_hmac(auth, credentials, moment, request);
    case Auth::Kind::sorted_md5:
      return sign_sorted(auth, credentials, moment, request);
    case Auth::Kind::none:
    case Auth::Kind::token:
      break;
  }
  return {};
}

FilledRequest login_request(const Login& login, const Credentials& credentials) {
  const Words words{{"app_id", credentials.app_id}, {"token", credentials.secret}};
  FilledRequest out;
  out.post = true;
  out.target = login.path;
  json::object object;
  std::string form = "?";
  for (const auto& [key, pattern] : login.fields) {
    object[key] = filled(pattern, words);
    add_to_query(form, key, filled(pattern, words));
  }
  out.body = login.form ? form.substr(1) : json::serialize(object);
  out.headers["Content-Type"] =
      login.form ? "application/x-www-form-urlencoded" : "application/json; charset=utf-8";
  return out;
}

std::variant<AccessToken, std::string> read_login(const Login& login, std::string_view body) {
  constexpr std::size_t longest = 8192;
  constexpr std::int64_t most_s = 30 * 86'400;
  const auto parsed = parse_strict(body);
  const auto* answer = std::get_if<json::value>(&parsed);
  if (answer == nullptr) {
    return std::string("the login is answered by something else than JSON");
  }
  AccessToken out;
  const json::value* token = find(*answer, login.token);
  const auto visible = [](char c) { return c > 0x20 && c < 0x7F; };
  if (token == nullptr || !token->is_string() || token->get_string().empty() ||
      token->get_string().size() > longest ||
      !std::all_of(token->get_string().begin(), token->get_string().end(), visible)) {
    return std::string("the upstream gives no token for the login of the token file");
  }
  out.text = token->get_string();
  out.lifetime_s = login.lifetime_s;
  std::string seconds;
  const json::value* told = login.expires_in.empty() ? nullptr : find(*answer, login.expires_in);
  if (told != nullptr && scalar_text(*told, seconds)) {
    std::int64_t number = 0;
    const char* last = seconds.data() + seconds.size();
    if (std::from_chars(seconds.data(), last, number).ec == std::errc() && number > 0) {
      out.lifetime_s = std::min(number, most_s);
    }
  }
  return out;
}

const std::string* Session::token(std::int64_t now_ms) const {
  return token_.empty() || now_ms >= until_ms_ ? nullptr : &token_;
}

void Session::keep(AccessToken token, std::int64_t now_ms) {
  constexpr std::int64_t margin_ms = 60'000;
  const std::int64_t life_ms = token.lifetime_s * 1000;
  token_ = std::move(token.text);
  until_ms_ = now_ms + life_ms - std::min(margin_ms, life_ms / 10);
}

}  // namespace lobby::feed
