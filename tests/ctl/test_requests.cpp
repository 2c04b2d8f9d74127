// What lobbyctl asks the server for, seen from the server.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "tests/ctl/fake_server.hpp"
#include "tests/ctl/program.hpp"

using lobby::tests::FakeServer;
using lobby::tests::lobbyctl;
using lobby::tests::TemporaryFolder;

namespace {

/// The one request that these words make, as `METHOD TARGET BODY`.
std::string asked_by(std::vector<std::string> words, const std::string& input = {}) {
  const FakeServer server(200, "{}");
  words.insert(words.begin(), {"--server", server.url()});
  const auto ran = lobbyctl(words, input);
  CHECK_MESSAGE(ran.status == 0, ran.err);
  const auto asked = server.asked();
  REQUIRE(asked.size() == 1);
  return asked[0].method + " " + asked[0].target + (asked[0].body.empty() ? "" : " " + asked[0].body);
}

}  // namespace

TEST_CASE("tickets") {
  CHECK(asked_by({"ticket", "issue", "social-security"}) ==
        R"(POST /api/v1/tickets {"service":"social-security"})");
  CHECK(asked_by({"ticket", "issue", "tax", "--kiosk", "k1", "--lane", "elderly", "--language", "zh"}) ==
        R"(POST /api/v1/tickets {"service":"tax","lane":"elderly","kiosk":"k1","language":"zh"})");
  CHECK(asked_by({"ticket", "issue", "tax", "--lane", "green", "--green-type", "3", "--granted-by", "李"}) ==
        R"(POST /api/v1/tickets {"service":"tax","lane":"green","granted_by":"李","green_type":3})");
  CHECK(asked_by({"ticket", "issue", "tax", "--appointment", "01234567", "--slip", "2026-7"}) ==
        R"(POST /api/v1/tickets {"service":"tax","appointment":"01234567","notice_slip_no":"2026-7"})");
  CHECK(asked_by({"ticket", "reinstate", "17"}) == "POST /api/v1/tickets/17/reinstate {}");
  CHECK(asked_by({"ticket", "list"}) == "GET /api/v1/tickets");
  CHECK(asked_by({"ticket", "list", "--state", "waiting", "--limit", "5", "--print", "unknown"}) ==
        "GET /api/v1/tickets?state=waiting&print=unknown&limit=5");
  CHECK(asked_by({"ticket", "show", "17"}) == "GET /api/v1/tickets/17");
  CHECK(asked_by({"ticket", "reprint", "17"}) == "POST /api/v1/tickets/17/reprint {}");
  CHECK(asked_by({"ticket", "cancel", "17"}) == "POST /api/v1/tickets/17/cancel {}");
  CHECK(asked_by({"ticket", "settle", "17", "printed"}) ==
        R"(POST /api/v1/tickets/17/settle-print {"printed":true})");
  CHECK(asked_by({"ticket", "settle", "17", "not-printed"}) ==
        R"(POST /api/v1/tickets/17/settle-print {"printed":false})");
}

TEST_CASE("windows") {
  CHECK(asked_by({"window", "list"}) == "GET /api/v1/hall");
  CHECK(asked_by({"window", "open", "w1", "--clerk", "张三"}) ==
        R"(POST /api/v1/windows/w1/open {"clerk":"张三"})");
  CHECK(asked_by({"window", "call-next", "w1"}) == "POST /api/v1/windows/w1/call-next {}");
  CHECK(asked_by({"window", "call", "w1", "42"}) == R"(POST /api/v1/windows/w1/call {"ticket":42})");
  CHECK(asked_by({"window", "recall", "w1"}) == "POST /api/v1/windows/w1/recall {}");
  CHECK(asked_by({"window", "start", "w1", "--service", "tax"}) ==
        R"(POST /api/v1/windows/w1/start {"service":"tax"})");
  CHECK(asked_by({"window", "finish", "w1", "--outcome", "referred", "--case-no", "B-1"}) ==
        R"(POST /api/v1/windows/w1/finish {"outcome":"referred","case_no":"B-1"})");
  CHECK(asked_by({"window", "no-show", "w1"}) == "POST /api/v1/windows/w1/no-show {}");
  CHECK(asked_by({"window", "pause", "w1", "--reason", "meal", "--back-at", "2026-03-16T13:30:00+08:00"}) ==
        R"(POST /api/v1/windows/w1/pause {"reason":"meal","back_at":"2026-03-16T13:30:00+08:00"})");
  CHECK(asked_by({"window", "resume", "w1"}) == "POST /api/v1/windows/w1/resume {}");
  CHECK(asked_by({"window", "help", "w1"}) == "POST /api/v1/windows/w1/help {}");
  CHECK(asked_by({"window", "help-done", "w1"}) == "POST /api/v1/windows/w1/help-done {}");
  CHECK(asked_by({"window", "close", "w1"}) == "POST /api/v1/windows/w1/close {}");
}

TEST_CASE("windows, beyond call and finish") {
  CHECK(asked_by({"window", "hold", "w1"}) == "POST /api/v1/windows/w1/hold {}");
  CHECK(asked_by({"window", "hold", "w1", "--kind", "with_papers"}) ==
        R"(POST /api/v1/windows/w1/hold {"kind":"with_papers"})");
  CHECK(asked_by({"window", "transfer", "w1", "--service", "tax", "--place", "head"}) ==
        R"(POST /api/v1/windows/w1/transfer {"service":"tax","place":"head"})");
  CHECK(asked_by({"window", "transfer", "w1", "--window", "w2"}) ==
        R"(POST /api/v1/windows/w1/transfer {"window":"w2"})");
  CHECK(asked_by({"window", "resume-held", "w1", "42"}) ==
        R"(POST /api/v1/windows/w1/resume-held {"ticket":42})");
  CHECK(asked_by({"window", "collect", "w1", "00aZ"}) ==
        R"(POST /api/v1/windows/w1/collect {"case_tail":"00aZ"})");
  CHECK(asked_by({"window", "rate", "w1", "very_good", "--by", "keypad"}) ==
        R"(POST /api/v1/windows/w1/rate {"score":"very_good","by":"keypad"})");
  CHECK(asked_by({"window", "take-over", "w1", "--clerk", "李"}) ==
        R"(POST /api/v1/windows/w1/take-over {"clerk":"李"})");
}

TEST_CASE("appointments, tenants and the catalogue") {
  CHECK(asked_by({"ticket", "book", "visa", "2026-03-17", "09:30"}) ==
        R"(POST /api/v1/appointments {"service":"visa","date":"2026-03-17","time":"09:30"})");
  CHECK(asked_by({"ticket", "appointments"}) == "GET /api/v1/appointments");
  CHECK(asked_by({"ticket", "appointments", "--date", "2026-03-17", "--service", "visa"}) ==
        "GET /api/v1/appointments?date=2026-03-17&service=visa");
  CHECK(asked_by({"ticket", "unbook", "5"}) == "DELETE /api/v1/appointments/5");
  CHECK(asked_by({"hall", "catalogue"}) == "GET /api/v1/catalogue");
  CHECK(asked_by({"hall", "tenant", "bank", "--waiting", "3", "--called", "Y1", "--window", "2"}) ==
        R"(POST /api/v1/tenants/bank {"waiting":3,"called":"Y1","window":"2"})");
}

TEST_CASE("what is asked about evaluations") {
  CHECK(asked_by({"evaluation", "rooms"}) == "GET /api/v1/rooms");
  CHECK(asked_by({"evaluation", "list"}) == "GET /api/v1/evaluations");
  CHECK(asked_by({"evaluation", "show", "7"}) == "GET /api/v1/evaluations/7");
  CHECK(asked_by({"evaluation", "plan", "r1", "P-1", "道路"}) ==
        R"(POST /api/v1/evaluations {"room":"r1","project_no":"P-1","project_name":"道路",)"
        R"("kind":"evaluation","retention_class":"15y"})");
  CHECK(
      asked_by({"evaluation", "plan", "r1", "P-1", "道路", "--kind", "opening", "--section", "一标段",
                "--retention-class", "30y", "--planned-at", "2026-03-17T09:00:00+08:00"}) ==
      R"(POST /api/v1/evaluations {"section":"一标段","planned_at":"2026-03-17T09:00:00+08:00","room":"r1",)"
      R"("project_no":"P-1","project_name":"道路","kind":"opening","retention_class":"30y"})");
  CHECK(asked_by({"evaluation", "start", "7"}) == "POST /api/v1/evaluations/7/start {}");
  CHECK(asked_by({"evaluation", "stop", "7"}) == "POST /api/v1/evaluations/7/stop {}");
  CHECK(asked_by({"evaluation", "open-unwitnessed", "7", "--reason", "dead"}) ==
        R"(POST /api/v1/evaluations/7/open-unwitnessed {"reason":"dead"})");
  CHECK(asked_by({"evaluation", "acknowledge", "7", "12"}) ==
        R"(POST /api/v1/evaluations/7/acknowledge {"alarm":12})");
  CHECK(lobbyctl({"evaluation", "acknowledge", "7", "the last"}).status == 2);
}

TEST_CASE("a bundle is written whole into a new file, and over none") {
  const FakeServer server(200, "{\"log_id\":\"a\"}\n{}\n");
  const TemporaryFolder folder;
  const auto file = folder.path() + "/7.ndjson";
  CHECK(lobbyctl({"--server", server.url(), "evidence", "export", "7", file}).status == 0);
  CHECK(server.asked()[0].target == "/api/v1/evaluations/7/evidence");
  std::ifstream in(file);
  const std::string written{std::istreambuf_iterator<char>(in), {}};
  CHECK(written == "{\"log_id\":\"a\"}\n{}\n");
  const auto again = lobbyctl({"--server", server.url(), "evidence", "export", "7", file});
  CHECK(again.status == 2);
  CHECK(again.err.find(file) != std::string::npos);
  const FakeServer refusing(404, R"({"code":"unknown_evaluation","detail":"there is no evaluation 9"})");
  CHECK(lobbyctl({"--server", refusing.url(), "evidence", "export", "9", file + ".9"}).status == 1);
  CHECK_FALSE(std::ifstream(file + ".9").is_open());
}

TEST_CASE("what is asked about boards") {
  CHECK(asked_by({"board", "list"}) == "GET /api/v1/boards");
  CHECK(asked_by({"board", "drafts"}) == "GET /api/v1/boards/drafts");
  CHECK(asked_by({"board", "text", "wall", "停电", "--until", "2026-03-17T17:00:00+08:00"}) ==
        R"(POST /api/v1/boards/wall/text {"text":"停电","until":"2026-03-17T17:00:00+08:00"})");
  CHECK(asked_by({"board", "approve", "7"}) == "POST /api/v1/boards/drafts/7/approve {}");
  CHECK(asked_by({"board", "withdraw", "7"}) == "DELETE /api/v1/boards/drafts/7");
  CHECK(asked_by({"board", "emergency", "请撤离"}) == R"(POST /api/v1/emergency {"text":"请撤离"})");
  CHECK(asked_by({"board", "emergency", "请撤离", "--zone", "A", "--zone", "B"}) ==
        R"(POST /api/v1/emergency {"text":"请撤离","zones":["A","B"]})");
  CHECK(asked_by({"board", "confirm", "wall"}) == "POST /api/v1/boards/wall/confirm {}");
  CHECK(asked_by({"board", "clear-emergency"}) == "DELETE /api/v1/emergency");
}

TEST_CASE("the number of a person comes by standard input") {
  const std::string id = "51068219900101123X";
  CHECK(asked_by({"ticket", "issue", "tax", "--applicant-stdin"}, id + "\r\n") ==
        R"(POST /api/v1/tickets {"service":"tax","applicant_id":"51068219900101123X"})");
  CHECK(asked_by({"ticket", "book", "visa", "2026-03-17", "09:30", "--applicant-stdin"}, id + "\n") ==
        R"(POST /api/v1/appointments )"
        R"({"service":"visa","date":"2026-03-17","time":"09:30","applicant_id":"51068219900101123X"})");
  CHECK(asked_by({"hall", "block", "2026-04-01", "--applicant-stdin"}, id) ==
        R"(POST /api/v1/blocks {"until":"2026-04-01","applicant_id":"51068219900101123X"})");
  CHECK(asked_by({"hall", "unblock", "--applicant-stdin"}, id) ==
        R"(POST /api/v1/blocks {"until":"2000-01-01","applicant_id":"51068219900101123X"})");
}

TEST_CASE("an id that is no plain word is encoded, and cannot lead to another path") {
  CHECK(asked_by({"window", "close", "窗/../1?x#y"}) ==
        "POST /api/v1/windows/%E7%AA%97%2F..%2F1%3Fx%23y/close {}");
  CHECK(asked_by({"ticket", "list", "--service", "a&b=c d"}) == "GET /api/v1/tickets?service=a%26b%3Dc%20d");
}

TEST_CASE("the rest") {
  CHECK(asked_by({"hall", "show"}) == "GET /api/v1/hall");
  CHECK(asked_by({"device", "list"}) == "GET /api/v1/devices");
  CHECK(asked_by({"approval", "list", "--since", "7", "--light", "red"}) ==
        "GET /api/v1/approvals?since=7&light=red");
  CHECK(asked_by({"approval", "list", "--all"}) == "GET /api/v1/approvals?all=true");
  CHECK(asked_by({"approval", "review"}) == "GET /api/v1/review");
  CHECK(asked_by({"bid", "list", "--date", "2026-03-16"}) == "GET /api/v1/bids?date=2026-03-16");
  CHECK(asked_by({"approval", "show", "510682-1", "--code", "88"}) ==
        "GET /api/v1/approvals/510682-1?code=88");
  CHECK(asked_by({"state", "journal", "--after", "3", "--limit", "10"}) ==
        "GET /api/v1/journal?after=3&limit=10");
  CHECK(asked_by({"state", "metrics"}) == "GET /metrics");
  CHECK(asked_by({"user", "list"}) == "GET /api/v1/users");
  CHECK(asked_by({"user", "add", "li", "--role", "clerk", "--window", "w1", "--window", "w2"}) ==
        R"(POST /api/v1/users {"name":"li","role":"clerk","windows":["w1","w2"]})");
  CHECK(asked_by({"user", "remove", "li"}) == "DELETE /api/v1/users/li");
}

TEST_CASE("a ticket named by its number is looked up first") {
  const FakeServer server([](const FakeServer::Asked& asked, httplib::Response& response) {
    response.set_content(asked.method == "GET" ? R"([{"id":4711,"number":"A017"}])" : "{}",
                         "application/json");
  });
  CHECK(lobbyctl({"--server", server.url(), "ticket", "cancel", "A017"}).status == 0);
  CHECK(lobbyctl({"--server", server.url(), "window", "call", "w1", "017"}).status == 0);
  const auto asked = server.asked();
  REQUIRE(asked.size() == 4);
  CHECK(asked[0].target == "/api/v1/tickets?number=A017");
  CHECK(asked[1].target == "/api/v1/tickets/4711/cancel");
  CHECK(asked[2].target == "/api/v1/tickets?number=017");
  CHECK(asked[3].body == R"({"ticket":4711})");
}

TEST_CASE("the token comes from a file, and a POST has a key") {
  const TemporaryFolder folder;
  const std::string token = folder.write("token", "secret-token\r\n");
  const FakeServer server(200, "{}");
  for (int i = 0; i < 2; ++i) {
    CHECK(lobbyctl({"--server", server.url(), "--token-file", token, "window", "close", "w1"}).status == 0);
  }
  CHECK(lobbyctl({"--server", server.url(), "--idempotency-key", "again", "window", "close", "w1"}).status ==
        0);
  const auto asked = server.asked();
  REQUIRE(asked.size() == 3);
  CHECK(asked[0].token == "Bearer secret-token");
  CHECK(asked[0].key.size() >= 16);
  CHECK(asked[0].key != asked[1].key);
  CHECK(asked[2].token.empty());
  CHECK(asked[2].key == "again");
}

TEST_CASE("secrets of an account come by standard input") {
  const FakeServer server(201, R"({"name":"li","token":"abc"})");
  const auto ran = lobbyctl(
      {"--server", server.url(), "user", "add", "li", "--role", "clerk", "--password-stdin", "--pin-stdin"},
      "pass word\n4711\n");
  CHECK(ran.status == 0);
  CHECK(ran.out == "abc\n");
  CHECK(server.asked().at(0).body == R"({"name":"li","role":"clerk","password":"pass word","pin":"4711"})");
  CHECK(lobbyctl({"--server", server.url(), "user", "add", "li", "--role", "clerk", "--pin-stdin"}).status ==
        2);
}

TEST_CASE("statistics") {
  CHECK(asked_by({"stats", "show"}) == "GET /api/v1/statistics");
  CHECK(asked_by({"stats", "show", "--by", "hour", "--from", "2026-03-01", "--to", "2026-03-31"}) ==
        "GET /api/v1/statistics?from=2026-03-01&to=2026-03-31&by=hour");
  CHECK(asked_by({"stats", "show", "--published", "--csv"}) ==
        "GET /api/v1/statistics?published=true&format=csv");
  CHECK(asked_by({"stats", "show", "--to", "2026-03-31", "--csv"}) ==
        "GET /api/v1/statistics?to=2026-03-31&format=csv");
}
