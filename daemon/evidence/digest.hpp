#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// Hashes of the evidence chain, as texts of 64 lower-case hexadecimal digits and as 32 bytes.
namespace lobby::evidence {

using Hash = std::array<unsigned char, 32>;

/// SHA-256, or SM3 (GB/T 32905) where a site asks for the national algorithm; both have 32 bytes.
enum class Algorithm : std::uint8_t { sha256, sm3 };
std::string_view word_of(Algorithm algorithm);  ///< "sha256", "sm3"
std::optional<Algorithm> algorithm_of(std::string_view word);

std::string to_hex(const Hash& hash);
/// nullopt for anything but 64 lower-case digits.
std::optional<Hash> hash_of_hex(std::string_view hex);

/// Makes one hash after another. For one thread.
class Hasher {
 public:
  explicit Hasher(Algorithm algorithm);
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  /// A leaf of the chain: H(0x00 ‖ line). RFC 6962 §2.1 keeps 0x01 for nodes of a tree.
  Hash leaf(std::string_view line);
  /// H(0x00 ‖ prev ‖ line ‖ end): the line may be at hand without its closing brace.
  Hash link(const Hash& prev, std::string_view line, std::string_view end = {});
  /// H(bytes): of a device's raw answer.
  Hash plain(std::string_view bytes);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace lobby::evidence
