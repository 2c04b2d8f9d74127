#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace lobby::tests {

/// One that signs certificates: a key of its own, and its certificate in the folder.
class Authority {
 public:
  explicit Authority(std::string certificate_file);
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  const std::string& certificate() const { return file_; }
  struct Wanted {
    std::string name = "IP:127.0.0.1";     ///< as OpenSSL writes a subjectAltName
    long from_s = -86'400, to_s = 86'400;  ///< from now, by the machine's clock
  };
  /// Makes a key (for its owner only) and a certificate for it.
  void sign(const std::string& certificate_file, const std::string& key_file, const Wanted& wanted) const;

 private:
  struct Own;
  std::string file_;
  std::unique_ptr<Own> own_;
};

}  // namespace lobby::tests
