#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <stdexcept>

#include "daemon/evidence/digest.hpp"
#include "daemon/evidence/key.hpp"
#include "tests/evidence/bundle.hpp"

using namespace lobby;
using evidence::Algorithm;
using evidence::Hasher;
using evidence::PublicKey;
using evidence::SigningKey;

namespace {

// RFC 8410, section 10: an Ed25519 key and its public half.
constexpr const char* rfc_private =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";
constexpr const char* rfc_public =
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
    "-----END PUBLIC KEY-----\n";

std::string bytes_of_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

void allow(const std::string& file, mode_t mode) {
  REQUIRE(::chmod(file.c_str(), mode) == 0);
}

}  // namespace

TEST_CASE("hashes are those of FIPS 180-4 and of GB/T 32905") {
  CHECK(evidence::to_hex(Hasher(Algorithm::sha256).plain("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(evidence::to_hex(Hasher(Algorithm::sm3).plain("abc")) ==
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  // RFC 6962, the leaf of nothing: SHA-256(0x00).
  CHECK(evidence::to_hex(Hasher(Algorithm::sha256).leaf("")) ==
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

TEST_CASE("a hash is read from 64 lower-case digits and nothing else") {
  const std::string hex(64, 'a');
  CHECK(evidence::hash_of_hex(hex));
  for (const auto& wrong : {std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'A'),
                            std::string(63, 'a') + "g", std::string()}) {
    CHECK_FALSE(evidence::hash_of_hex(wrong));
  }
}

TEST_CASE("a signature is that of RFC 8032, and any changed bit of it or of the text is seen") {
  // RFC 8032, section 7.1, TEST 2.
  const auto key =
      PublicKey::of_bytes(bytes_of_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
  REQUIRE(key);
  const std::string signature = bytes_of_hex(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  CHECK(key->signed_by_it("\x72", signature));
  CHECK_FALSE(key->signed_by_it("\x73", signature));
  CHECK_FALSE(key->signed_by_it("", signature));
  for (std::size_t bit = 0; bit < 8 * signature.size(); ++bit) {
    std::string other = signature;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
    CHECK_FALSE(key->signed_by_it("\x72", other));
  }
  CHECK_FALSE(key->signed_by_it("\x72", signature.substr(1)));
}

TEST_CASE("a key file is read as OpenSSL writes it, and its public half comes out the same") {
  const tests::Vault vault;
  const auto file = vault.path("rfc.key");
  tests::put_text(file, rfc_private);
  allow(file, 0600);
  const auto key = SigningKey::of_file(file);
  CHECK(key.public_key().pem() == rfc_public);
  CHECK(PublicKey::of_pem(rfc_public) == key.public_key());
  CHECK(key.public_key().signed_by_it("text", key.sign("text")));
  CHECK_FALSE(vault.key().public_key().signed_by_it("text", key.sign("text")));
}

TEST_CASE("the first start makes a key that only its owner reads, and every later one finds it") {
  const tests::Vault vault;
  struct stat about {};
  REQUIRE(::stat(vault.path("site.key").c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
  CHECK(SigningKey::of_file(vault.path("site.key")).public_key() == vault.key().public_key());
  CHECK_FALSE(SigningKey::of_file(vault.path("other.key")).public_key() == vault.key().public_key());
  CHECK_FALSE(std::filesystem::exists(vault.path("site.key.new")));
}

TEST_CASE("a key that others may read, that is none, or that cannot be made is refused in a sentence") {
  const tests::Vault vault;
  allow(vault.path("site.key"), 0640);
  CHECK_THROWS_WITH_AS(SigningKey::of_file(vault.path("site.key")), doctest::Contains("chmod 600"),
                       std::runtime_error);
  tests::put_text(vault.path("none.key"), rfc_public);
  allow(vault.path("none.key"), 0600);
  CHECK_THROWS_WITH_AS(SigningKey::of_file(vault.path("none.key")), doctest::Contains("no Ed25519 key"),
                       std::runtime_error);
  CHECK_THROWS_AS(SigningKey::of_file(vault.path("not/there.key")), std::runtime_error);
  CHECK_FALSE(PublicKey::of_pem("nothing"));
  CHECK_FALSE(PublicKey::of_bytes("short"));
}

TEST_CASE("base64 is that of RFC 4648, and one text has one meaning") {
  const std::pair<const char*, const char*> vectors[] = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(evidence::to_base64(bytes) == text);
    CHECK(evidence::from_base64(text) == bytes);
  }
  for (const char* wrong : {"Zg=", "Zh==", " Zg==", "Zg==\n", "Z===", "====", "Zg==Zg==", "Zm9"}) {
    CHECK_FALSE(evidence::from_base64(wrong));
  }
}
