#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/evidence/chain.hpp"
#include "daemon/evidence/verify.hpp"

namespace lobby::tests {

/// A folder of the test's with a site key in it.
class Vault {
 public:
  Vault();
  ~Vault();
  Vault(const Vault&) = delete;
  Vault& operator=(const Vault&) = delete;
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  const evidence::SigningKey& key() const { return *key_; }
  evidence::Chain open(const std::string& name, std::int64_t tolerance_ms = 2'000) const;

 private:
  std::string folder_;
  std::unique_ptr<evidence::SigningKey> key_;
};

constexpr std::int64_t opening_ms = 1'795'440'810'123;

evidence::Record record(std::string kind, std::int64_t utc_ms, evidence::Detail detail = {});
/// So many probes, a checkpoint after every ten, the end `closed`.
void fill(evidence::Chain& chain, int probes);

std::string text_of(const std::string& file);
void put_text(const std::string& file, const std::string& text);
std::vector<std::string> lines_of(const std::string& text);
std::string joined(const std::vector<std::string>& lines);
evidence::Verdict verdict_of(const std::string& text, evidence::VerifyOptions options = {});

}  // namespace lobby::tests
