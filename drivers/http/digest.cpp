#include "drivers/http/digest.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

#include "drivers/http/message.hpp"

namespace lobby::http {
namespace {

std::string hash_hex(const EVP_MD* kind, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned int size = 0;
  if (kind == nullptr || EVP_Digest(text.data(), text.size(), sum.data(), &size, kind, nullptr) != 1) {
    throw std::runtime_error("OpenSSL lacks a digest");
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (unsigned int i = 0; i < size; ++i) {
    out += digits[sum[i] >> 4];
    out += digits[sum[i] & 15];
  }
  return out;
}

bool is_session(Challenge::Algorithm algorithm) {
  return algorithm == Challenge::Algorithm::md5_sess || algorithm == Challenge::Algorithm::sha256_sess;
}

std::string hash_of(Challenge::Algorithm algorithm, const std::string& text) {
  const bool is_md5 = algorithm == Challenge::Algorithm::md5 || algorithm == Challenge::Algorithm::md5_sess;
  return hash_hex(is_md5 ? EVP_md5() : EVP_sha256(), text);
}

std::string count_text(std::uint32_t count) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out(8, '0');
  for (std::size_t i = 8; i-- > 0; count >>= 4) {
    out[i] = digits[count & 15];
  }
  return out;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
    }
    out += c;
  }
  return out + "\"";
}

bool is_token_char(char c) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         others.find(c) != std::string_view::npos;
}

/// Reads the words of a WWW-Authenticate field.
class FieldReader {
 public:
  explicit FieldReader(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }
  char front() const { return text_.empty() ? '\0' : text_.front(); }
  void skip(std::string_view chars) {
    const auto first = text_.find_first_not_of(chars);
    text_.remove_prefix(first == std::string_view::npos ? text_.size() : first);
  }
  bool take(char c) {
    if (front() != c || text_.empty()) {
      return false;
    }
    text_.remove_prefix(1);
    return true;
  }
  std::string_view token() {
    std::size_t size = 0;
    while (size < text_.size() && is_token_char(text_[size])) {
      ++size;
    }
    const auto out = text_.substr(0, size);
    text_.remove_prefix(size);
    return out;
  }
  std::optional<std::string> value() {
    if (!take('"')) {
      const auto word = token();
      return word.empty() ? std::nullopt : std::optional(std::string(word));
    }
    std::string out;
    while (!text_.empty()) {
      const char c = text_.front();
      text_.remove_prefix(1);
      if (c == '"') {
        return out;
      }
      if (c != '\\') {
        out += c;
      } else if (!text_.empty()) {
        out += text_.front();
        text_.remove_prefix(1);
      }
    }
    return std::nullopt;
  }
  void skip_to_comma() {
    const auto comma = text_.find(',');
    text_.remove_prefix(comma == std::string_view::npos ? text_.size() : comma);
  }

 private:
  std::string_view text_;
};

Challenge::Scheme scheme_of(std::string_view name) {
  return is_same_name(name, "Digest")  ? Challenge::Scheme::digest
         : is_same_name(name, "Basic") ? Challenge::Scheme::basic
                                       : Challenge::Scheme::other;
}

Challenge::Algorithm algorithm_of(std::string_view name) {
  using enum Challenge::Algorithm;
  return is_same_name(name, "MD5")            ? md5
         : is_same_name(name, "MD5-sess")     ? md5_sess
         : is_same_name(name, "SHA-256")      ? sha256
         : is_same_name(name, "SHA-256-sess") ? sha256_sess
                                              : other;
}

void set_qop(Challenge& challenge, std::string_view list) {
  challenge.has_qop = true;
  FieldReader words(list);
  while (!words.at_end()) {
    words.skip(", \t");
    const auto word = words.token();
    challenge.has_auth = challenge.has_auth || is_same_name(word, "auth");
    if (word.empty()) {
      return;
    }
  }
}

void set(Challenge& challenge, std::string_view name, std::string value) {
  if (is_same_name(name, "realm")) {
    challenge.realm = std::move(value);
  } else if (is_same_name(name, "nonce")) {
    challenge.nonce = std::move(value);
  } else if (is_same_name(name, "opaque")) {
    challenge.opaque = std::move(value);
  } else if (is_same_name(name, "algorithm")) {
    challenge.algorithm = algorithm_of(value);
    challenge.algorithm_name = std::move(value);
  } else if (is_same_name(name, "qop")) {
    set_qop(challenge, value);
  } else if (is_same_name(name, "stale")) {
    challenge.stale = is_same_name(value, "true");
  }
}

/// Our words between its quotes: what would end the field is not sent back.
bool is_clean(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') {
      return false;
    }
  }
  return true;
}

}  // namespace

bool Challenge::is_usable_digest() const {
  return scheme == Scheme::digest && !nonce.empty() && algorithm != Algorithm::other &&
         (!has_qop || has_auth) && is_clean(nonce) && is_clean(realm) && (!opaque || is_clean(*opaque));
}

std::vector<Challenge> parse_challenges(std::string_view field) {
  std::vector<Challenge> out;
  FieldReader reader(field);
  while (true) {
    reader.skip(", \t");
    const auto word = reader.token();
    if (word.empty()) {
      return out;
    }
    reader.skip(" \t");
    if (reader.front() != '=') {
      if (out.size() == most_challenges) {
        return out;
      }
      out.emplace_back().scheme = scheme_of(word);
      continue;
    }
    static_cast<void>(reader.take('='));
    reader.skip(" \t");
    if (out.empty()) {
      return out;
    }
    if (reader.at_end() || reader.front() == ',' || reader.front() == '=') {
      reader.skip_to_comma();  // that was no parameter but the bare value of another scheme
      continue;
    }
    auto value = reader.value();
    if (!value) {
      out.pop_back();
      return out;
    }
    set(out.back(), word, *std::move(value));
  }
}

std::string digest_response(const Challenge& challenge, const DigestUse& use) {
  const auto hash = [&](const std::string& text) { return hash_of(challenge.algorithm, text); };
  const std::string cnonce(use.cnonce);
  std::string who = hash(std::string(use.user) + ":" + challenge.realm + ":" + std::string(use.password));
  if (is_session(challenge.algorithm)) {
    who = hash(who + ":" + challenge.nonce + ":" + cnonce);
  }
  const std::string what = hash(std::string(use.method) + ":" + std::string(use.target));
  const std::string use_of_nonce =
      challenge.has_qop ? ":" + count_text(use.count) + ":" + cnonce + ":auth:" : std::string(":");
  return hash(who + ":" + challenge.nonce + use_of_nonce + what);
}

std::string digest_authorization(const Challenge& challenge, const DigestUse& use) {
  std::string out = "Digest username=" + quoted(use.user) + ", realm=" + quoted(challenge.realm) +
                    ", nonce=" + quoted(challenge.nonce) + ", uri=" + quoted(use.target) + ", response=\"" +
                    digest_response(challenge, use) + "\"";
  if (!challenge.algorithm_name.empty()) {
    out += ", algorithm=" + challenge.algorithm_name;
  }
  if (challenge.opaque) {
    out += ", opaque=" + quoted(*challenge.opaque);
  }
  if (challenge.has_qop) {
    out += ", qop=auth, nc=" + count_text(use.count);
  }
  if (challenge.has_qop || is_session(challenge.algorithm)) {
    out += ", cnonce=" + quoted(use.cnonce);
  }
  return out;
}

std::string basic_authorization(std::string_view user, std::string_view password) {
  return "Basic " + base64(std::string(user) + ":" + std::string(password));
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string sha1_base64(std::string_view bytes) {
  std::string sum(20, '\0');
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(sum.data()), nullptr,
                 EVP_sha1(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL lacks a digest");
  }
  return base64(sum);
}

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) != 1) {
    throw std::runtime_error("the system has no random bytes");
  }
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  return hash_hex(EVP_sha256(), bytes);
}

}  // namespace lobby::http
