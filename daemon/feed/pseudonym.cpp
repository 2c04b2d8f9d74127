#include "daemon/feed/pseudonym.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "daemon/feed/fold.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

/// 128 bits, each half byte as one of 16 letters; empty without a key.
std::string keyed_sum(std::string_view key, std::string_view text, std::string_view letters) {
  constexpr std::size_t kept = 16;
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned size = 0;
  if (key.empty() ||
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), sum.data(), &size) == nullptr) {
    return {};
  }
  std::string out;
  for (std::size_t i = 0; i < kept; ++i) {
    out += {letters[sum[i] >> 4U], letters[sum[i] & 0xFU]};
  }
  return out;
}

/// The letters and digits of a certificate number in one writing; empty when it holds anything else.
std::string plain_certificate(std::string_view text) {
  constexpr std::size_t shortest = 6;
  constexpr std::size_t longest = 32;
  std::string out;
  for (const char32_t c : decode(text.substr(0, longest * 8))) {
    const char32_t folded = fold(c);
    if (const int digit = digit_value(c); digit >= 0) {
      out.push_back(static_cast<char>('0' + digit));
    } else if (folded >= U'a' && folded <= U'z') {
      out.push_back(static_cast<char>(folded - U'a' + U'A'));
    } else if (!is_between_letters(c)) {
      return {};
    }
  }
  return out.size() >= shortest && out.size() <= longest ? out : std::string();
}

}  // namespace

std::string pseudonym(std::string_view key, std::string_view text) {
  const std::string sum = keyed_sum(key, text, "abcdefghijklmnop");
  return sum.empty() ? sum : "x-" + sum;
}

std::string applicant_sum(std::string_view key, std::string_view certificate) {
  const std::string plain = plain_certificate(certificate);
  return plain.empty() ? plain : keyed_sum(key, plain, "0123456789abcdef");
}

}  // namespace lobby::feed
