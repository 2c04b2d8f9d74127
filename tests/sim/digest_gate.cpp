#include "tests/sim/digest_gate.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <stdexcept>

namespace lobby::sim {
namespace {

constexpr std::size_t most_nonces = 64;
constexpr const char* opaque = "5ccc069c403ebaf9f0171e9517f40e41";

/// `name=value` and `name="value"` behind the scheme, names in lower case.
std::map<std::string, std::string> words_of(std::string_view field) {
  std::map<std::string, std::string> out;
  field.remove_prefix(std::min(field.size(), field.find(' ')));
  while (!field.empty()) {
    const auto begin = field.find_first_not_of(", \t");
    const auto equals = field.find('=', std::min(begin, field.size()));
    if (begin == std::string_view::npos || equals == std::string_view::npos) {
      break;
    }
    const auto name = lower_case(field.substr(begin, equals - begin));
    field.remove_prefix(equals + 1);
    const bool is_quoted = field.starts_with('"');
    field.remove_prefix(is_quoted ? 1 : 0);
    const auto end = std::min(is_quoted ? field.find('"') : field.find_first_of(", \t"), field.size());
    out[name] = field.substr(0, end);
    field.remove_prefix(std::min(field.size(), end + (is_quoted ? 1 : 0)));
  }
  return out;
}

}  // namespace

std::string hash_bytes(const char* name, const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned int size = 0;
  const EVP_MD* const kind = EVP_get_digestbyname(name);
  if (kind == nullptr || EVP_Digest(text.data(), text.size(), sum.data(), &size, kind, nullptr) != 1) {
    throw std::runtime_error("OpenSSL lacks a digest");
  }
  return {reinterpret_cast<const char*>(sum.data()), size};
}

std::string hash_hex_text(const char* name, const std::string& text) {
  std::string out;
  for (const char c : hash_bytes(name, text)) {
    out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return out;
}

bool DigestGate::is_right(const HttpAsk& ask, const std::map<std::string, std::string>& words) const {
  const auto word = [&](const char* name) {
    const auto found = words.find(name);
    return found == words.end() ? std::string() : found->second;
  };
  const bool is_sha = lower_case(word("algorithm")) == "sha-256";
  const char* const hash = is_sha ? "SHA256" : "MD5";
  const auto secret = hash_hex_text(hash, settings_.user + ":" + settings_.realm + ":" + settings_.password);
  const auto deed = hash_hex_text(hash, ask.method + ":" + ask.target);
  const auto wanted = hash_hex_text(
      hash, secret + ":" + word("nonce") + ":" + word("nc") + ":" + word("cnonce") + ":auth:" + deed);
  return word("username") == settings_.user && word("realm") == settings_.realm &&
         word("uri") == ask.target && word("qop") == "auth" && word("opaque") == opaque &&
         is_sha <= settings_.is_sha256 && word("response") == wanted;
}

DigestGate::Said DigestGate::refuse(RecorderTime now, bool is_stale) {
  if (nonces_.size() >= most_nonces) {
    nonces_.clear();
  }
  offered_ = hash_hex_text(
      "MD5", settings_.realm + std::to_string(++made_) + std::to_string(now.time_since_epoch().count()));
  offered_as_stale_ = is_stale;
  stale_ += is_stale ? 1 : 0;
  nonces_[offered_] = {now};
  return Said::challenged;
}

void DigestGate::count_wrong(RecorderTime now) {
  ++wrong_;
  if (++wrong_in_row_ >= settings_.attempts) {
    wrong_in_row_ = 0;
    locked_until_ = now + settings_.locked_for;
  }
}

DigestGate::Said DigestGate::check(const HttpAsk& ask, RecorderTime now, const FaultSet& faults) {
  if (settings_.user.empty()) {
    return Said::welcome;
  }
  if (is_locked(now, faults)) {
    static_cast<void>(refuse(now, false));
    return Said::locked;
  }
  const auto given = ask.field("authorization");
  if (!lower_case(given).starts_with("digest ")) {
    return refuse(now, false);
  }
  const auto words = words_of(given);
  const auto named = words.find("nonce");
  const auto nonce = named == words.end() ? nonces_.end() : nonces_.find(named->second);
  if (nonce == nonces_.end() || now - nonce->second.made > settings_.nonce_life ||
      (faults.has(Fault::stale) && nonce->second.last_count > 0)) {
    return refuse(now, true);
  }
  if (faults.has(Fault::unauthorised) || !is_right(ask, words)) {
    count_wrong(now);
    return refuse(now, false);
  }
  std::uint64_t count = 0;
  const auto& text = words.at("nc");
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count, 16);
  const bool is_used = faults.has(Fault::nonce_once) && nonce->second.last_count > 0;
  if (text.size() != 8 || error != std::errc() || end != text.data() + text.size() ||
      count <= nonce->second.last_count || is_used) {
    ++replays_;
    return refuse(now, false);
  }
  nonce->second.last_count = count;
  count_right();
  return Said::welcome;
}

HttpReply DigestGate::challenge() const {
  HttpReply reply;
  reply.status = 401;
  reply.body = "Unauthorized";
  const auto offer = [&](const char* algorithm) {
    reply.fields.emplace_back("WWW-Authenticate",
                              fmt::format("Digest realm=\"{}\", qop=\"auth\", nonce=\"{}\", opaque=\"{}\", "
                                          "algorithm={}{}",
                                          settings_.realm, offered_, opaque, algorithm,
                                          offered_as_stale_ ? ", stale=\"true\"" : ""));
  };
  if (settings_.is_sha256) {
    offer("SHA-256");
  }
  offer("MD5");
  return reply;
}

}  // namespace lobby::sim
