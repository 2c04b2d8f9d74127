#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// HTTP authentication as RFC 7616 (Digest, with the older RFC 2617 and 2069) and RFC 7617 (Basic) have it.
/// Pure.
namespace lobby::http {

/// One challenge of a WWW-Authenticate field.
struct Challenge {
  enum class Scheme : std::uint8_t { digest, basic, other };
  /// Of Digest; `other`: one that we do not know.
  enum class Algorithm : std::uint8_t { md5, md5_sess, sha256, sha256_sess, other };

  Scheme scheme = Scheme::other;
  std::string realm, nonce;
  std::optional<std::string> opaque;
  Algorithm algorithm = Algorithm::md5;
  std::string algorithm_name;  ///< as the device writes it; empty: it does not
  bool has_qop = false;        ///< it names the protections that it knows
  bool has_auth = false;       ///< and `auth` is among them
  bool stale = false;          ///< the nonce was too old; nothing is said of the password

  /// Digest with a nonce, a known algorithm, and qop=auth or no qop at all.
  bool is_usable_digest() const;
};

/// The challenges of one field, in the device's order of preference: at most `most_challenges`, and none from
/// the first thing on that is no challenge.
std::vector<Challenge> parse_challenges(std::string_view field);
inline constexpr std::size_t most_challenges = 8;

/// What goes into one response besides the challenge.
struct DigestUse {
  std::string_view user, password;
  std::string_view method, target;
  std::uint32_t count = 1;  ///< nc: how often the nonce was used, this time included
  std::string_view cnonce;
};

/// The `response` value. The challenge is a usable one.
std::string digest_response(const Challenge& challenge, const DigestUse& use);
/// The whole Authorization value.
std::string digest_authorization(const Challenge& challenge, const DigestUse& use);
std::string basic_authorization(std::string_view user, std::string_view password);

std::string base64(std::string_view bytes);
/// SHA-1, which WS-UsernameToken wants, in base64.
std::string sha1_base64(std::string_view bytes);
/// From the system.
std::string random_bytes(std::size_t count);
/// SHA-256 in lower-case hexadecimal.
std::string sha256_hex(std::string_view bytes);

}  // namespace lobby::http
