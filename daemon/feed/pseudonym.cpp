#include "daemon/feed/pseudonym.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace lobby::feed {

std::string pseudonym(std::string_view key, std::string_view text) {
  constexpr std::size_t kept = 16;
  constexpr std::string_view letters = "abcdefghijklmnop";
  if (key.empty()) {
    return {};
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), sum.data(), &size) == nullptr) {
    return {};
  }
  std::string out = "x-";
  for (std::size_t i = 0; i < kept; ++i) {
    out += {letters[sum[i] >> 4U], letters[sum[i] & 0xFU]};
  }
  return out;
}

}  // namespace lobby::feed
