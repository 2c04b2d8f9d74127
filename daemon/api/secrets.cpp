#include "daemon/api/secrets.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace lobby::api {
namespace {

constexpr std::uint64_t scrypt_n = 1U << 14, scrypt_r = 8, scrypt_p = 1;
constexpr std::uint64_t scrypt_memory = 32U << 20;
constexpr std::string_view scrypt_name = "scrypt$14$8$1$";
constexpr std::size_t salt_size = 16, hash_size = 32;

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  if (RAND_bytes(bytes_of(bytes), static_cast<int>(size)) != 1) {
    std::abort();  // a machine without randomness has no secrets; better no daemon than a guessable token
  }
  return bytes;
}

std::string scrypt(std::string_view password, std::string_view salt) {
  std::string hash(hash_size, '\0');
  const int ok = EVP_PBE_scrypt(password.data(), password.size(), bytes_of(salt), salt.size(), scrypt_n,
                                scrypt_r, scrypt_p, scrypt_memory, bytes_of(hash), hash.size());
  return ok == 1 ? hash : std::string();
}

}  // namespace

std::string random_secret() {
  return to_hex(random_bytes(32));
}

std::string random_digits(unsigned count) {
  std::uint64_t below = 1;
  for (unsigned i = 0; i < count; ++i) {
    below *= 10;
  }
  // What stands over the last whole multiple would make the small numbers likelier.
  const std::uint64_t fair = UINT64_MAX - UINT64_MAX % below;
  std::uint64_t drawn = fair;
  while (drawn >= fair) {
    const std::string bytes = random_bytes(sizeof drawn);
    std::memcpy(&drawn, bytes.data(), sizeof drawn);
  }
  const std::string digits = std::to_string(drawn % below);
  return std::string(count - std::min<std::size_t>(count, digits.size()), '0') + digits;
}

void wipe(std::string& text) {
  wipe(text.data(), text.size());
}

void wipe(char* text, std::size_t size) {
  OPENSSL_cleanse(text, size);
}

std::string sha256(std::string_view text) {
  std::string hash(hash_size, '\0');
  EVP_Digest(text.data(), text.size(), bytes_of(hash), nullptr, EVP_sha256(), nullptr);
  return hash;
}

std::string to_hex(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    text += digits[static_cast<unsigned char>(c) >> 4];
    text += digits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

std::string from_hex(std::string_view text) {
  const auto value = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = value(text[i]), low = value(text[i + 1]);
    if (high < 0 || low < 0) {
      return {};
    }
    bytes += static_cast<char>(high * 16 + low);
  }
  return text.size() % 2 == 0 ? bytes : std::string();
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string stretch(std::string_view password) {
  const std::string salt = random_bytes(salt_size);
  const std::string hash = scrypt(password, salt);
  return std::string(scrypt_name) + to_hex(salt) + "$" + to_hex(hash);
}

bool is_behind(std::string_view password, std::string_view line) {
  std::string salt, hash;
  if (line.starts_with(scrypt_name)) {
    line.remove_prefix(scrypt_name.size());
    salt = from_hex(line.substr(0, line.find('$')));
    hash = line.find('$') == std::string_view::npos ? "" : from_hex(line.substr(line.find('$') + 1));
  }
  const bool known = salt.size() == salt_size && hash.size() == hash_size;
  const std::string given = scrypt(password, known ? salt : std::string(salt_size, '\0'));
  return known && same(given, hash);
}

}  // namespace lobby::api
