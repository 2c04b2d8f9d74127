#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "tests/evidence/bundle.hpp"

using namespace lobby;
using namespace lobby::tests;

namespace {

std::string said_by(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  REQUIRE(pipe != nullptr);
  std::string out;
  std::array<char, 256> part{};
  while (std::fgets(part.data(), part.size(), pipe.get()) != nullptr) {
    out += part.data();
  }
  return out;
}

}  // namespace

TEST_CASE("a program that knows only the contract finds the bundle whole, and a changed one not") {
  if (std::system("command -v python3 openssl >/dev/null") != 0) {
    MESSAGE("passed over: this needs python3 and openssl");
    return;
  }
  const Vault vault;
  {
    auto chain = vault.open("ev");
    fill(chain, 12);
  }
  put_text(vault.path("site.pem"), vault.key().public_key().pem());
  const auto check = [&] {
    return said_by("python3 " LOBBY_SOURCE_DIR "/tests/evidence/check_bundle.py " + vault.path("ev") + " " +
                   vault.path("site.pem"));
  };
  CHECK(check() == "whole 13\n");
  auto text = text_of(vault.path("ev"));
  text[text.find("\"fps\":10") + 6] = '2';
  put_text(vault.path("ev"), text);
  CHECK(check() == "line 2 has another hash\n");
}
