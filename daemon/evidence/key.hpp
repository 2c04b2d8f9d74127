#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// Ed25519 (RFC 8032) by OpenSSL: the site key signs the checkpoints of the evidence.
namespace lobby::evidence {

inline constexpr std::size_t key_size = 32, signature_size = 64;  ///< bytes

std::string to_base64(std::string_view bytes);
/// nullopt for anything but padded base64 without blanks.
std::optional<std::string> from_base64(std::string_view text);

class PublicKey {
 public:
  /// 32 bytes; nullopt for any other size.
  static std::optional<PublicKey> of_bytes(std::string_view bytes);
  /// PEM, as `openssl pkey -pubout` writes it; nullopt when it holds no public Ed25519 key.
  static std::optional<PublicKey> of_pem(std::string_view pem);

  bool signed_by_it(std::string_view text, std::string_view signature) const;
  const std::string& bytes() const { return bytes_; }  ///< 32
  std::string pem() const;

  friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.bytes_ == b.bytes_; }

 private:
  struct Handle;
  PublicKey(std::shared_ptr<const Handle> handle, std::string bytes)
      : handle_(std::move(handle)), bytes_(std::move(bytes)) {}
  std::shared_ptr<const Handle> handle_;
  std::string bytes_;
};

class SigningKey {
 public:
  /// The key in the file. Where there is none, makes one, owner-readable only and on the disk before this
  /// returns. Throws std::runtime_error with a sentence: it cannot be read or made, is no Ed25519 key, or
  /// others may read it.
  static SigningKey of_file(const std::string& file);

  std::string sign(std::string_view text) const;  ///< 64 bytes
  const PublicKey& public_key() const { return public_; }

 private:
  struct Handle;
  SigningKey(std::shared_ptr<const Handle> handle, PublicKey key)
      : handle_(std::move(handle)), public_(std::move(key)) {}
  std::shared_ptr<const Handle> handle_;
  PublicKey public_;
};

}  // namespace lobby::evidence
