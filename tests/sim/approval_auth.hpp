#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "tests/sim/approval_http.hpp"

namespace lobby::sim {

/// Checks the signed header of the hall's own contract:
///   Authorization: HALL-HMAC-SHA256 appId=…,ts=MS,nonce=…,signed=…,sig=HEX        (or HALL-HMAC-SM3)
/// where sig is the HMAC over METHOD, PATH, QUERY, BODY HASH, ts and nonce, joined by line feeds. PATH and
/// QUERY are as sent; the query's pairs are sorted byte by byte and joined by `&`; the body's hash is hex in
/// lower case, by the same algorithm. Belongs to one thread at a time.
class HmacGate {
 public:
  enum class Verdict : std::uint8_t { good, missing, late, replayed, wrong };

  /// `secret`: "key", or "appId:key" when the appId is to be looked at too. `now_ms` since 1970.
  Verdict check(const ApprovalRequest& request, const std::string& secret, std::int64_t now_ms);

  static constexpr std::int64_t skew_ms = 5 * 60 * 1000;

 private:
  std::map<std::string, std::int64_t> nonces_;  ///< and when they were used; older ones are late anyhow
};

/// "good", "missing" …
std::string_view to_text(HmacGate::Verdict verdict);

/// Hex in lower case. `algorithm`: "SHA256" or "SM3".
std::string hmac_hex(std::string_view algorithm, std::string_view key, std::string_view text);
std::string hash_hex(std::string_view algorithm, std::string_view text);

/// The legacy signature: MD5 in upper hex over the pairs sorted by name, joined by `&`, and "&key=SECRET";
/// the pair `sign` and empty values are left out, values are decoded.
std::string md5_sign(const std::map<std::string, std::string>& query, const std::string& secret);

}  // namespace lobby::sim
