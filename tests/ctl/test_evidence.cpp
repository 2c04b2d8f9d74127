// `lobbyctl evidence verify`: exit statuses and words.
#include <doctest/doctest.h>

#include <string>

#include "daemon/evidence/chain.hpp"
#include "tests/ctl/program.hpp"

namespace lobby::tests {
namespace {

struct Bundle {
  Bundle() : key(evidence::SigningKey::of_file(folder.path() + "/site.key")) {
    evidence::Header header;
    header.log_id = "log-1";
    header.evaluation = "EV-2026-001";
    evidence::Chain chain({file, header}, key);
    evidence::Record record;
    record.boot_id = "b";
    record.kind = "probe";
    chain.append({record, record});
    record.kind = "closed";
    chain.append({record});
    head = evidence::to_hex(chain.seal(7).head);
    public_key = folder.write("site.pem", key.public_key().pem());
  }
  TemporaryFolder folder;
  std::string file = folder.path() + "/bundle.jsonl";
  evidence::SigningKey key;
  std::string head, public_key;
};

TEST_CASE("a whole bundle is status 0, and whose it is is said") {
  const Bundle bundle;
  const Ran ran = lobbyctl({"evidence", "verify", bundle.file, "--key", bundle.public_key});
  CHECK(ran.status == 0);
  CHECK(ran.out == "whole: 3 records and 1 checkpoints of EV-2026-001, which is closed; head " +
                       bundle.head.substr(0, 16) + "\n");
  const Ran unknown = lobbyctl({"evidence", "verify", bundle.file});
  CHECK(unknown.status == 0);
  CHECK(unknown.out.find("key not authenticated") != std::string::npos);
  const Ran json = lobbyctl({"--json", "evidence", "verify", bundle.file});
  CHECK(json.out.find(R"("whole":true,"code":0)") != std::string::npos);
  CHECK(json.out.find(R"("key_authenticated":false)") != std::string::npos);
}

TEST_CASE("what is wrong is the status, and the line is named") {
  const Bundle bundle;
  const TemporaryFolder folder;
  const auto other = evidence::SigningKey::of_file(folder.path() + "/other.key");
  const Ran theirs = lobbyctl(
      {"evidence", "verify", bundle.file, "--key", folder.write("other.pem", other.public_key().pem())});
  CHECK(theirs.status == 14);
  CHECK(theirs.out == "line 5: the key did not sign this checkpoint\n");
  const std::string short_head = "0123-4567-89ab-CDEF";
  CHECK(lobbyctl({"evidence", "verify", bundle.file, "--checkpoint", short_head}).status == 17);
  CHECK(lobbyctl({"evidence", "verify", bundle.file, "--checkpoint", bundle.head.substr(0, 16)}).status == 0);
  CHECK(lobbyctl({"evidence", "verify", folder.write("empty", "")}).status == 15);
  CHECK(lobbyctl({"evidence", "verify", folder.write("rubbish", std::string(3'000'000, 'x'))}).status == 10);
  CHECK(lobbyctl({"evidence", "verify", folder.write("lines", "x\n")}).status == 10);
}

TEST_CASE("what cannot be read, or makes no sense, is status 2 with a sentence") {
  const Bundle bundle;
  const Ran missing = lobbyctl({"evidence", "verify", "/nonexistent/bundle"});
  CHECK(missing.status == 2);
  CHECK(missing.err == "/nonexistent/bundle: No such file or directory\n");
  CHECK(lobbyctl({"evidence", "verify", bundle.file, "--key", bundle.file}).status == 2);
  CHECK(lobbyctl({"evidence", "verify", bundle.file, "--checkpoint", "0123"}).status == 2);
  CHECK(lobbyctl({"evidence", "verify", bundle.folder.path()}).status == 2);
}

}  // namespace
}  // namespace lobby::tests
