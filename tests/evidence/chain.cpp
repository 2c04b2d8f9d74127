#include "daemon/evidence/chain.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "daemon/evidence/scan.hpp"
#include "tests/evidence/bundle.hpp"

using namespace lobby;
using namespace lobby::tests;
using evidence::Finding;

TEST_CASE("a record is the text of the contract, letter by letter") {
  const Vault vault;
  auto chain = vault.open("ev");
  auto probe = record("probe", opening_ms + 2'000,
                      {{"zeta", std::int64_t{-1}}, {"alpha", "a\"\\\x01中\xff"}, {"ok", true}});
  probe.camera = "room2-cam1";
  probe.request_id = "r1";
  probe.raw_sha256 = std::string(64, 'b');
  chain.append({probe, record("heartbeat", opening_ms + 3'000)});
  chain.seal(opening_ms + 3'001);
  const auto lines = lines_of(text_of(vault.path("ev")));
  REQUIRE(lines.size() == 4);
  evidence::Hasher hasher(evidence::Algorithm::sha256);
  const auto first = evidence::to_hex(hasher.leaf(lines[0]));
  const std::string body =
      R"({"seq":1,"prev":")" + first +
      R"(","utc":1795440812123,"mono_ns":2000000005,"boot_id":"2f1c7a52-9b1d-4c66-8a51-4d3c0f9e1a77",)"
      R"("ntp":{"sync":1,"offset_ms":-3},"evaluation":"EV-2026-001","camera":"room2-cam1","kind":"probe",)"
      R"("request_id":"r1","detail":{"alpha":"a\"\\\u0001中)"
      "\uFFFD"
      R"(","ok":true,"zeta":-1},"raw_sha256":")" +
      std::string(64, 'b') + "\"}";
  const auto hash = evidence::to_hex(hasher.link(*evidence::hash_of_hex(first), body));
  CHECK(lines[1] == body.substr(0, body.size() - 1) + R"(,"hash":")" + hash + "\"}");
  // What there is nothing of is left out.
  CHECK(
      lines[2].starts_with(R"({"seq":2,"prev":")" + hash + R"(","utc":1795440813123,"mono_ns":3000000005,)"));
  CHECK(lines[2].find(R"("evaluation":"EV-2026-001","kind":"heartbeat","detail":{},"hash":")") !=
        std::string::npos);
  const auto head = evidence::to_hex(chain.head());
  const std::string sealed = R"({"log_id":"log-ev","seq":2,"head":")" + head +
                             R"(","utc":1795440813124,"prev_checkpoint":")" + first + "\"}";
  CHECK(lines[3].starts_with(sealed.substr(0, sealed.size() - 1) + R"(,"signature":")"));
  const auto signature = evidence::from_base64(lines[3].substr(sealed.size() + 13, 88));
  REQUIRE(signature);
  CHECK(vault.key().public_key().signed_by_it(sealed, *signature));
}

TEST_CASE("a chain goes on where it ended, whatever was sealed, and is whole") {
  const Vault vault;
  {
    auto chain = vault.open("ev");
    chain.append({record("command", opening_ms + 1)});
  }
  {
    auto chain = vault.open("ev");
    CHECK(chain.seq() == 1);
    CHECK_FALSE(chain.is_sealed());
    chain.seal(opening_ms + 2);
    // Nothing is new: no second line.
    CHECK(chain.seal(opening_ms + 3).utc_ms == opening_ms + 2);
  }
  {
    auto chain = vault.open("ev");
    CHECK(chain.is_sealed());
    CHECK(chain.last_kind() == "command");
    CHECK(chain.seal(opening_ms + 4).utc_ms == opening_ms + 2);
    fill(chain, 25);
  }
  const auto text = text_of(vault.path("ev"));
  CHECK(verdict_of(text, {vault.key().public_key(), {}}).finding == Finding::whole);
  CHECK(lines_of(text).size() == 1 + 1 + 1 + 25 + 2 + 2);
}

TEST_CASE("what a power cut tore is taken off, whole records stay") {
  const Vault vault;
  {
    auto chain = vault.open("ev");
    fill(chain, 3);
  }
  const auto whole = text_of(vault.path("ev"));
  const auto last = lines_of(whole).back().size();
  // Every length of the last line, and of the one before.
  const auto before = whole.size() - last - 1 - lines_of(whole)[4].size() - 1;
  for (std::size_t size = before + 1; size < whole.size(); size += 7) {
    put_text(vault.path("ev"), whole.substr(0, size));
    const auto kept = whole.substr(0, size).rfind('\n') + 1;
    {
      auto chain = vault.open("ev");
      CHECK(chain.torn_bytes() == size - kept);
      chain.append({record("closed", opening_ms + 60'000)});
      chain.seal(opening_ms + 60'001);
    }
    CHECK(verdict_of(text_of(vault.path("ev"))).finding == Finding::whole);
    CHECK(text_of(vault.path("ev")).starts_with(whole.substr(0, kept)));
  }
}

TEST_CASE("a header that was torn is begun anew") {
  const Vault vault;
  put_text(vault.path("ev"), R"({"lobby_evidence":1,"log_)");
  auto chain = vault.open("ev");
  fill(chain, 1);
  CHECK(verdict_of(text_of(vault.path("ev"))).finding == Finding::whole);
}

TEST_CASE("nothing is added to a bundle that somebody changed, and it stays as it is") {
  const Vault vault;
  {
    auto chain = vault.open("ev");
    fill(chain, 30);
  }
  auto text = text_of(vault.path("ev"));
  text[text.find("\"fps\":10", text.size() / 2) + 6] = '2';
  put_text(vault.path("ev"), text);
  CHECK_THROWS_WITH_AS(vault.open("ev"), doctest::Contains("was changed"), std::runtime_error);
  CHECK(text_of(vault.path("ev")) == text);
  // Another site's key wrote it.
  const Vault other;
  {
    auto chain = other.open("ev");
    fill(chain, 3);
  }
  std::filesystem::copy_file(other.path("ev"), vault.path("theirs"));
  CHECK_THROWS_WITH_AS(vault.open("theirs"), doctest::Contains("did not sign"), std::runtime_error);
}

TEST_CASE("a disk that is full keeps what was promised, and the chain goes on when there is room") {
  if (!std::filesystem::exists("/dev/full")) {
    return;
  }
  const Vault vault;
  std::filesystem::create_symlink("/dev/full", vault.path("full"));
  CHECK_THROWS_AS(vault.open("full"), std::runtime_error);
  CHECK_THROWS_AS(vault.open("no/folder"), std::runtime_error);
}

TEST_CASE("a name that would have to be escaped is no name of a bundle") {
  const Vault vault;
  evidence::Header header;
  header.log_id = "x";
  header.evaluation = "EV\"1";
  CHECK_THROWS_AS(evidence::Chain({vault.path("ev"), header}, vault.key()), std::runtime_error);
}

TEST_CASE("with SM3 the chain is as whole, and says so in its first line") {
  const Vault vault;
  evidence::Header header;
  header.log_id = "x";
  header.evaluation = "EV-2";
  header.utc_ms = opening_ms;
  header.digest = evidence::Algorithm::sm3;
  {
    evidence::Chain chain({vault.path("sm3"), header}, vault.key());
    fill(chain, 12);
  }
  auto text = text_of(vault.path("sm3"));
  CHECK(lines_of(text)[0].find(R"("digest":"sm3")") != std::string::npos);
  CHECK(verdict_of(text).finding == Finding::whole);
  text.replace(text.find("sm3"), 3, "sha256");
  CHECK(verdict_of(text).finding == Finding::bad_link);
}
