#include "daemon/evidence/digest.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace lobby::evidence {
namespace {

constexpr std::string_view digits = "0123456789abcdef";
constexpr std::string_view leaf_mark{"\0", 1};

std::string_view bytes_of(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

int value_of(char digit) {
  return digit >= '0' && digit <= '9' ? digit - '0' : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

}  // namespace

std::string_view word_of(Algorithm algorithm) {
  return algorithm == Algorithm::sm3 ? "sm3" : "sha256";
}

std::optional<Algorithm> algorithm_of(std::string_view word) {
  return word == "sha256" ? std::optional(Algorithm::sha256)
         : word == "sm3"  ? std::optional(Algorithm::sm3)
                          : std::nullopt;
}

std::string to_hex(const Hash& hash) {
  std::string out;
  out.reserve(2 * hash.size());
  for (const unsigned char byte : hash) {
    out.push_back(digits[byte >> 4U]);
    out.push_back(digits[byte & 0xfU]);
  }
  return out;
}

std::optional<Hash> hash_of_hex(std::string_view hex) {
  Hash hash{};
  if (hex.size() != 2 * hash.size()) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < hash.size(); ++i) {
    const int high = value_of(hex[2 * i]);
    const int low = value_of(hex[2 * i + 1]);
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    hash.at(i) = static_cast<unsigned char>(high * 16 + low);
  }
  return hash;
}

struct Hasher::Context {
  // Fetched once: a lookup by name costs as much as the hash of a line.
  std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm{nullptr, EVP_MD_free};
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> working{EVP_MD_CTX_new(), EVP_MD_CTX_free};

  Hash of(std::initializer_list<std::string_view> parts) {
    Hash hash{};
    bool works = EVP_DigestInit_ex(working.get(), algorithm.get(), nullptr) == 1;
    for (const auto part : parts) {
      works = works && EVP_DigestUpdate(working.get(), part.data(), part.size()) == 1;
    }
    if (!works || EVP_DigestFinal_ex(working.get(), hash.data(), nullptr) != 1) {
      throw std::runtime_error("OpenSSL made no hash");
    }
    return hash;
  }
};

Hasher::Hasher(Algorithm algorithm) : context_(std::make_unique<Context>()) {
  context_->algorithm.reset(EVP_MD_fetch(nullptr, algorithm == Algorithm::sm3 ? "SM3" : "SHA2-256", nullptr));
  if (!context_->algorithm || !context_->working) {
    throw std::runtime_error("OpenSSL has no " + std::string(word_of(algorithm)));
  }
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

Hash Hasher::leaf(std::string_view line) {
  return context_->of({leaf_mark, line});
}

Hash Hasher::link(const Hash& prev, std::string_view line, std::string_view end) {
  return context_->of({leaf_mark, bytes_of(prev), line, end});
}

Hash Hasher::plain(std::string_view bytes) {
  return context_->of({bytes});
}

}  // namespace lobby::evidence
