// Accounts in a state directory, without a server.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "tests/ctl/program.hpp"

using lobby::tests::lobbyctl;
using lobby::tests::TemporaryFolder;

namespace {

std::string kept_in(const std::string& folder) {
  std::ifstream in(folder + "/accounts.json", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("an account is made without a daemon; its token stands alone on one line and is kept nowhere") {
  const TemporaryFolder folder;
  const std::string state = folder.path() + "/state";  // is not there yet
  const auto added = lobbyctl({"--state", state, "user", "add", "li", "--role", "clerk", "--window", "w1",
                               "--window", "w2", "--password-stdin", "--pin-stdin"},
                              "open sesame\n271828\n");
  REQUIRE_MESSAGE(added.status == 0, added.err);
  REQUIRE(added.out.size() > 20);
  CHECK(added.out.find('\n') == added.out.size() - 1);
  CHECK(added.err == "made a new state directory " + state + "\n");
  const auto second = lobbyctl({"--state", state, "user", "add", "wang", "--role", "clerk"});
  CHECK(second.status == 0);
  CHECK(second.err.empty());
  const std::string token = added.out.substr(0, added.out.size() - 1);
  const std::string kept = kept_in(state);
  CHECK(kept.find("li") != std::string::npos);
  for (const std::string& secret : {token, std::string("open sesame"), std::string("271828")}) {
    CHECK(kept.find(secret) == std::string::npos);
  }
  struct stat folder_info {};
  REQUIRE(::stat(state.c_str(), &folder_info) == 0);
  CHECK((folder_info.st_mode & 0777) == 0700);
}

TEST_CASE("accounts are listed and removed") {
  const TemporaryFolder folder;
  const std::string& state = folder.path();
  CHECK(lobbyctl({"--state", state, "user", "add", "li", "--role", "clerk", "--window", "w1"}).status == 0);
  CHECK(lobbyctl({"--state", state, "user", "add", "boss", "--role", "supervisor"}).status == 0);
  CHECK(lobbyctl({"--state", state, "user", "list"}).out ==
        "account  role        windows\n"
        "boss     supervisor  all\n"
        "li       clerk       w1\n");
  CHECK(lobbyctl({"--state", state, "--json", "user", "list"}).out ==
        "[{\"name\":\"boss\",\"role\":\"supervisor\",\"windows\":[]},"
        "{\"name\":\"li\",\"role\":\"clerk\",\"windows\":[\"w1\"]}]\n");
  CHECK(lobbyctl({"--state", state, "user", "remove", "li"}).status == 0);
  CHECK(lobbyctl({"--state", state, "user", "remove", "li"}).status == 1);
  CHECK(lobbyctl({"--state", state, "user", "list"}).out.find("li") == std::string::npos);
}

TEST_CASE("a slip in --state is not made into a hall of its own") {
  const TemporaryFolder folder;
  const std::string slip = folder.path() + "/var/libb/lobby";
  const auto added = lobbyctl({"--state", slip, "user", "add", "li", "--role", "clerk"});
  CHECK(added.status == 1);
  CHECK(added.out.empty());
  CHECK(added.err == slip + ": the directory above it is not there; correct --state\n");
  struct stat info {};
  CHECK(::stat((folder.path() + "/var").c_str(), &info) != 0);
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"user", "list"}, {"user", "remove", "li"}}) {
    std::vector<std::string> all{"--state", folder.path() + "/typo"};
    all.insert(all.end(), words.begin(), words.end());
    const auto ran = lobbyctl(all);
    CHECK(ran.status == 1);
    CHECK(ran.err.find("there is no such state directory") != std::string::npos);
  }
}

TEST_CASE("what cannot be is refused with a sentence") {
  const TemporaryFolder folder;
  const std::string& state = folder.path();
  CHECK(lobbyctl({"--state", state, "user", "add", "li", "--role", "clerk"}).status == 0);
  const auto again = lobbyctl({"--state", state, "user", "add", "li", "--role", "clerk"});
  CHECK(again.status == 1);
  CHECK_FALSE(again.err.empty());
  CHECK(again.out.empty());
  CHECK(lobbyctl({"--state", state, "user", "add", "a b", "--role", "clerk"}).status == 1);
  CHECK(lobbyctl({"--state", state, "user", "add", "x", "--role", "emperor"}).status == 2);
  CHECK(lobbyctl({"--state", state + "/no/such", "user", "add", "x", "--role", "clerk"}).status == 1);
  folder.write("accounts.json", "{\"half\":");
  const auto damaged = lobbyctl({"--state", state, "user", "add", "y", "--role", "clerk"});
  CHECK(damaged.status == 1);
  CHECK_FALSE(damaged.err.empty());
}
