// `lobbyctl approval test`, with the lobby-feed that stands beside it.
#include <doctest/doctest.h>

#include <string>

#include "tests/ctl/program.hpp"

namespace lobby::tests {
namespace {

const std::string mappings = LOBBY_SOURCE_DIR "/config/mappings/";
const std::string answers = LOBBY_SOURCE_DIR "/tests/feed/fixtures/";

TEST_CASE("a mapping is tried on a saved answer") {
  const Ran cases = lobbyctl({"approval", "test", mappings + "native.toml", answers + "native/cases.json"});
  CHECK(cases.status == 0);
  CHECK(cases.err == "");
  CHECK(cases.out.starts_with("cases: 9 rows in the answer, 6 mapped, 1 removed, 2 skipped\n"));
  CHECK(cases.out.find("欧阳**") != std::string::npos);
  CHECK(cases.out.find("小红") == std::string::npos);
  const Ran alerts = lobbyctl(
      {"approval", "test", mappings + "kechuang.toml", answers + "kechuang/alerts.json", "--what", "alerts"});
  CHECK(alerts.status == 0);
  CHECK(alerts.out.starts_with("alerts: 3 rows in the answer, 3 mapped\n"));
  const Ran area = lobbyctl(
      {"approval", "test", mappings + "native.toml", answers + "native/cases.json", "--area", "510683"});
  CHECK(area.out.starts_with("cases: 9 rows in the answer, 2 mapped,"));
}

TEST_CASE("what cannot be read is status 1, with the reason") {
  const Ran refused =
      lobbyctl({"approval", "test", mappings + "jeecg.toml", answers + "jeecg/cases_refused.json"});
  CHECK(refused.status == 1);
  CHECK(refused.out == "cases: refused: the upstream refuses the token: Token失效\n");
  const Ran page = lobbyctl({"approval", "test", mappings + "native.toml", answers + "login.html"});
  CHECK(page.status == 1);
  CHECK(page.out == "cases: unreadable: the answer is a login page, not JSON\n");
  const Ran missing = lobbyctl({"approval", "test", mappings + "native.toml", "/nonexistent/a.json"});
  CHECK(missing.status == 1);
  CHECK(missing.out == "/nonexistent/a.json cannot be read: No such file or directory\n");
  const Ran other = lobbyctl(
      {"approval", "test", mappings + "holidays.toml", answers + "holidays/calendar.json", "--what", "bids"});
  CHECK(other.status == 1);
  CHECK(other.out == "the mapping has no bids\n");
}

TEST_CASE("a system that cannot be reached, or may not be told the secret, is said in words") {
  // Nobody listens at port 1.
  const Ran gone = lobbyctl({"approval", "test", mappings + "ruoyi.toml", "http://127.0.0.1:1/api"});
  CHECK(gone.status == 1);
  CHECK(gone.out.starts_with("cases: trouble: "));
  CHECK(gone.err == "");
  const TemporaryFolder folder;
  const std::string token = folder.write("token", "secret-of-ours\n");
  const Ran open =
      lobbyctl({"approval", "test", mappings + "ruoyi.toml", "http://192.0.2.1/api", "--token-file", token});
  CHECK(open.status == 2);
  CHECK(open.out == "");
  CHECK(open.err.find("https") != std::string::npos);
  CHECK(open.err.find("secret-of-ours") == std::string::npos);
}

TEST_CASE("a mapping that is wrong is status 2, with the place") {
  const TemporaryFolder folder;
  const std::string mapping = folder.write("m.toml", "schema = 1\nname = 7\n");
  const Ran wrong = lobbyctl({"approval", "test", mapping, answers + "native/cases.json"});
  CHECK(wrong.status == 2);
  CHECK(wrong.out == "");
  CHECK(wrong.err == mapping + ":2:8: `name` must be a text in quotes\n");
  const Ran what = lobbyctl(
      {"approval", "test", mappings + "native.toml", answers + "native/cases.json", "--what", "windows"});
  CHECK(what.status == 2);
  CHECK(what.out == "");
  CHECK(what.err == "--what takes one of: cases matters staff alerts bids notices calendar appointments\n");
  CHECK(lobbyctl({"approval", "test", mapping}).status == 2);
}

}  // namespace
}  // namespace lobby::tests
