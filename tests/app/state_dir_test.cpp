// What is derived from the site's key.
#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "daemon/app/state_dir.hpp"

namespace {

using lobby::app::SiteKey;

struct Folder {
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lobby-key-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path;
};

}  // namespace

TEST_CASE("a person's key is a keyed hash of the number, and the same after a restart") {
  const Folder folder;
  const auto first = SiteKey(folder.path).applicant_key("51068219900101123X", 2026);
  CHECK(SiteKey(folder.path).applicant_key("51068219900101123X", 2026) == first);
  CHECK(SiteKey(folder.path).applicant_key("510682 19900101 123x", 2026) ==
        first);  // as some readers type it
  CHECK(SiteKey(folder.path).applicant_key("51068219900101124X", 2026) != first);
  // What is kept of one year tells nothing of who came in another.
  CHECK(SiteKey(folder.path).applicant_key("51068219900101123X", 2027) != first);
  const Folder elsewhere;
  CHECK(SiteKey(elsewhere.path).applicant_key("51068219900101123X", 2026) != first);

  std::ifstream in(folder.path + "/site.key", std::ios::binary);
  const std::string key{std::istreambuf_iterator<char>(in), {}};
  const std::string text = "applicant 2026 51068219900101123X";
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  std::uint64_t expected = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    expected = expected << 8 | digest[i];
  }
  CHECK(first.value == expected);
}

TEST_CASE("the hash of a body is the site's, and no other purpose's") {
  const Folder folder, elsewhere;
  const SiteKey key(folder.path);
  CHECK(key.body_hash("{}").size() == 32);
  CHECK(key.body_hash("{}") == SiteKey(folder.path).body_hash("{}"));
  CHECK(key.body_hash("{}") != key.body_hash("{ }"));
  CHECK(key.body_hash("{}") != SiteKey(elsewhere.path).body_hash("{}"));
  CHECK(key.ticket_token({1}) == SiteKey(folder.path).ticket_token({1}));
  CHECK(key.ticket_token({1}).size() == 20);
}
