#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// How the requests of a mapping prove who sends them: data, read from its table [auth] (auth_mapping.hpp).
/// A client certificate is no part of it: every kind may be used with one, the site's settings name it.
namespace lobby::feed {

/// Where the token of Auth::Kind::bearer comes from: a POST of some texts, answered by JSON.
struct Login {
  std::string path;  ///< from the root of the feed's host
  bool form = true;  ///< application/x-www-form-urlencoded; false: a JSON object of texts
  std::map<std::string, std::string> fields;  ///< templates: {app_id}, {token}
  std::vector<std::string> token;             ///< JSON pointer, split
  std::vector<std::string> expires_in;        ///< JSON pointer to seconds; empty: lifetime_s
  std::uint32_t lifetime_s = 1800;
};

struct Auth {
  enum class Kind : std::uint8_t {
    none,
    token,        ///< the secret stands where the templates say {token}
    header,       ///< the secret stands in one header
    bearer,       ///< the token of a login stands in a header, or where the templates say {token}
    hmac_sha256,  ///< HALL-HMAC-SHA256: every request is signed
    hmac_sm3,     ///< the same with SM3 (GB/T 32905)
    sorted_md5    ///< a sum over the sorted query and the secret becomes one more parameter
  } kind = Kind::token;
  std::string name = "Authorization";    ///< of the header; empty with bearer: none is sent
  std::string value = "Bearer {token}";  ///< of the header: a template
  Login login;
  std::map<std::string, std::string> query;  ///< sorted_md5: added first; {app_id} {ts} (ms) {ts_s} {nonce}
  std::string sign = "sign";                 ///< sorted_md5: name of the parameter
  std::string key = "key";                   ///< sorted_md5: before the secret
  bool upper = true;                         ///< sorted_md5: of the hexadecimal digits
  bool skip_empty = true;                    ///< sorted_md5: parameters without a value are not summed up
};

}  // namespace lobby::feed
