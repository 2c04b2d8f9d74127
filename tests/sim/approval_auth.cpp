#include "tests/sim/approval_auth.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace lobby::sim {
namespace {

std::string hex(const unsigned char* bytes, std::size_t size, const char* digits) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) {
    out += digits[bytes[i] >> 4];
    out += digits[bytes[i] & 0xF];
  }
  return out;
}

constexpr const char* lower = "0123456789abcdef";
constexpr const char* upper = "0123456789ABCDEF";

const EVP_MD* digest(std::string_view algorithm) {
  return algorithm == "SM3" ? EVP_sm3() : algorithm == "MD5" ? EVP_md5() : EVP_sha256();
}

std::string sum(std::string_view algorithm, std::string_view text, const char* digits) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), out.data(), &size, digest(algorithm), nullptr);
  return hex(out.data(), size, digits);
}

/// "a=1,b=2" taken apart.
std::map<std::string, std::string> parts_of(std::string_view text) {
  std::map<std::string, std::string> parts;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    const std::size_t equals = std::min(one.find('='), one.size());
    const std::string_view name = one.substr(std::min(one.find_first_not_of(' '), one.size()));
    parts[std::string(name.substr(0, std::min(name.find('='), name.size())))] =
        std::string(one.substr(std::min(one.size(), equals + 1)));
  }
  return parts;
}

std::string sorted_query(std::string_view raw) {
  std::vector<std::string> pairs;
  while (!raw.empty()) {
    const std::string_view one = raw.substr(0, raw.find('&'));
    raw.remove_prefix(std::min(raw.size(), one.size() + 1));
    pairs.emplace_back(one);
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const std::string& pair : pairs) {
    out += (out.empty() ? "" : "&") + pair;
  }
  return out;
}

}  // namespace

std::string hash_hex(std::string_view algorithm, std::string_view text) {
  return sum(algorithm, text, lower);
}

std::string hmac_hex(std::string_view algorithm, std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  HMAC(digest(algorithm), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data(), &size);
  return hex(out.data(), size, lower);
}

std::string_view to_text(HmacGate::Verdict verdict) {
  switch (verdict) {
    case HmacGate::Verdict::good:
      return "good";
    case HmacGate::Verdict::missing:
      return "missing";
    case HmacGate::Verdict::late:
      return "late";
    case HmacGate::Verdict::replayed:
      return "replayed";
    case HmacGate::Verdict::wrong:
      break;
  }
  return "wrong";
}

HmacGate::Verdict HmacGate::check(const ApprovalRequest& request, const std::string& secret,
                                  std::int64_t now_ms) {
  const std::string header = request.header("authorization");
  const std::string_view scheme = std::string_view(header).substr(0, header.find(' '));
  if (scheme != "HALL-HMAC-SHA256" && scheme != "HALL-HMAC-SM3") {
    return Verdict::missing;
  }
  const std::string_view algorithm = scheme.substr(10);
  auto parts = parts_of(std::string_view(header).substr(std::min(header.size(), scheme.size() + 1)));
  std::int64_t ts = 0;
  const std::string& given = parts["ts"];
  std::from_chars(given.data(), given.data() + given.size(), ts);
  const std::string& nonce = parts["nonce"];
  if (ts == 0 || nonce.empty() || parts["sig"].empty()) {
    return Verdict::missing;
  }
  if (ts < now_ms - skew_ms || ts > now_ms + skew_ms) {
    return Verdict::late;
  }
  const std::size_t colon = secret.find(':');
  const std::string key = colon == std::string::npos ? secret : secret.substr(colon + 1);
  const std::string text = request.method + "\n" + request.path + "\n" + sorted_query(request.raw_query) +
                           "\n" + hash_hex(algorithm, request.body) + "\n" + given + "\n" + nonce;
  const bool is_ours = colon == std::string::npos || parts["appId"] == secret.substr(0, colon);
  if (!is_ours || parts["sig"] != hmac_hex(algorithm, key, text)) {
    return Verdict::wrong;
  }
  std::erase_if(nonces_, [&](const auto& one) { return one.second < now_ms - 2 * skew_ms; });
  return nonces_.emplace(nonce, now_ms).second ? Verdict::good : Verdict::replayed;
}

std::string md5_sign(const std::map<std::string, std::string>& query, const std::string& secret) {
  std::string text;
  for (const auto& [name, value] : query) {
    if (name != "sign" && !value.empty()) {
      text.append(name).append("=").append(value).append("&");
    }
  }
  return sum("MD5", text + "key=" + secret, upper);
}

}  // namespace lobby::sim
