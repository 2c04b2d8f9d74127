#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/feed/auth.hpp"
#include "daemon/feed/request.hpp"

namespace lobby::feed {

/// What a site knows of itself. Secret: never to be logged.
struct Credentials {
  std::string app_id;  ///< empty: none
  std::string secret;
};
/// The content of a token file: `APPID:SECRET`, or only the secret when the settings name the app id. What
/// signs nothing keeps its colon.
Credentials credentials_of(const Auth& auth, std::string_view app_id, std::string_view token);

/// What differs from one request to the next.
struct Moment {
  std::int64_t clock_ms = 0;  ///< since 1970, by the upstream's clock
  std::string nonce;          ///< never the same again
  std::string access_token;   ///< of a login, for Auth::Kind::bearer
};

/// Does the upstream compare its clock with ours when it looks at a request?
bool uses_clock(const Auth& auth);
/// What {token} stands for in the templates of a request.
std::string token_for_templates(const Auth& auth, const Credentials& credentials, const Moment& moment);

/// Adds to a filled request what proves the sender; the request may not be changed afterwards.
///
/// HALL-HMAC (the native contract): `Authorization: HALL-HMAC-SHA256 appId=…,ts=<ms>,nonce=…,signed=…,
/// sig=<hex>` with the HMAC over METHOD, path, the pairs of the query sorted by bytes and joined by `&`, the
/// hexadecimal sum of the body, ts and nonce, joined by line feeds.
/// Sorted MD5 (older systems): the query's pairs decoded, sorted by key, `k=v` joined by `&`, then
/// `&key=SECRET`; the MD5 in hexadecimal digits becomes the parameter `sign`.
/// Empty, or one sentence when it cannot be done (it repeats nothing of the secret).
std::string sign(const Auth& auth, const Credentials& credentials, const Moment& moment,
                 FilledRequest& request);

/// The request for an access token. `origin_path`: see Login::path.
FilledRequest login_request(const Login& login, const Credentials& credentials);

struct AccessToken {
  std::string text;
  std::int64_t lifetime_s = 0;
};
/// The answer to a login, or one sentence why there is no token in it (it repeats nothing of the answer).
std::variant<AccessToken, std::string> read_login(const Login& login, std::string_view body);

/// The access token that is in use. Times are of any steady clock.
class Session {
 public:
  /// nullptr: log in first. A token is given up a minute, or a tenth of a short life, before its end.
  const std::string* token(std::int64_t now_ms) const;
  void keep(AccessToken token, std::int64_t now_ms);
  void forget() { token_.clear(); }

 private:
  std::string token_;
  std::int64_t until_ms_ = 0;
};

}  // namespace lobby::feed
