#include <doctest/doctest.h>
#include <fmt/format.h>

#include <boost/json.hpp>
#include <csignal>

#include "tests/walks/steps.hpp"

// The walks end to end: real daemon, real wires (ptys, sockets), the simulated far ends that speak real
// protocols.

namespace {

using namespace lobby::tests;

std::uint64_t sheets(WholeLobby& lobby) {
  return lobby.sim("GET", "/p1").json().at("sheet_count").to_number<std::uint64_t>();
}

}  // namespace

TEST_CASE("issue: the number is on the paper, and the paper is confirmed") {
  WholeLobby lobby;
  wait_ready(lobby);
  const auto ticket = take_ticket(lobby);
  CHECK(lobby.eventually([&] { return print_state(lobby, ticket) == "printed"; }));
  CHECK(sheets(lobby) == 1);
  const auto paper = lobby.sim("GET", "/p1").body;
  CHECK(paper.find("A001") != std::string::npos);
  CHECK(paper.find("社会保险业务") != std::string::npos);
  CHECK(lobby.sim("GET", "/p1/paper.png").body.substr(1, 3) == "PNG");
}

TEST_CASE("call: a key at the window lights the sign, and that is recorded") {
  WholeLobby lobby;
  wait_ready(lobby);
  CHECK(lobby.eventually([&] { return sign_text(lobby, "u1") == "暂停服务"; }));
  take_ticket(lobby);
  REQUIRE(lobby.client("clerk").post("/windows/w1/open", R"({"clerk":"c1"})").status == 200);
  REQUIRE(lobby.sim("POST", "/u1/key", R"({"key":"call"})").status == 200);
  CHECK(lobby.eventually([&] { return sign_text(lobby, "u1") == "A001"; }));
  CHECK(lobby.eventually([&] { return lobby.journal().find("\"CallShown\"") != std::string::npos; }));
  CHECK(lobby.sim("GET", "/u1/screen.png").body.substr(1, 3) == "PNG");
  lobby.sim("POST", "/u1/key", R"({"key":"start"})");
  CHECK(lobby.eventually([&] { return lobby.journal().find("\"ServiceStarted\"") != std::string::npos; }));
}

TEST_CASE("publish: a case of the approval system is shown masked, its raw name nowhere") {
  WholeLobby lobby;
  const auto added =
      lobby.sim("POST", "/approvals/case",
                R"({"case_no":"510682-2026-77777","query_code":"4711","matter_name":"食品经营许可",
                                   "applicant_name":"诸葛孔亮","applicant_type":"person","status":"accepted",
                                   "accepted_at":"2026-03-16"})");
  REQUIRE_MESSAGE((added.status == 200 || added.status == 201), added.body);
  std::string body;
  CHECK(lobby.eventually([&] {
    body = lobby.client("screen").get("/approvals?limit=200").body;
    return body.find("510682-2026-77777") != std::string::npos;
  }));
  CHECK(body.find("诸葛**") != std::string::npos);
  CHECK(body.find("诸葛孔亮") == std::string::npos);
  std::string journal;
  CHECK(lobby.eventually([&] {
    journal = lobby.journal();
    return journal.find("\"ApprovalsAdvanced\"") != std::string::npos;
  }));
  CHECK(journal.find("孔亮") == std::string::npos);
  lobby.stop_daemon(SIGTERM);
  CHECK(read_file(lobby.folder() + "/state/journal.db").find("孔亮") == std::string::npos);
}

TEST_CASE(
    "a printer that vanishes refuses new numbers by name, comes back by itself, and nothing is printed "
    "twice") {
  WholeLobby lobby;
  wait_ready(lobby);
  const auto first = take_ticket(lobby);
  CHECK(lobby.eventually([&] { return print_state(lobby, first) == "printed"; }));
  REQUIRE(lobby.sim("POST", "/p1/fault", R"({"kind":"gone"})").status == 200);
  CHECK(lobby.eventually([&] { return lobby.device_state("p1") == "gone"; }));
  const auto refused = lobby.client("kiosk").post("/tickets", R"({"service":"medical","kiosk":"k1"})");
  CHECK(refused.status == 503);
  CHECK(refused.json().at("code") == "printer_unavailable");
  REQUIRE(lobby.sim("DELETE", "/p1/fault").status == 200);
  CHECK(lobby.eventually([&] { return lobby.device_state("p1") == "ok"; }));
  const auto second = take_ticket(lobby, "medical");
  CHECK(lobby.eventually([&] { return print_state(lobby, second) == "printed"; }));
  CHECK(sheets(lobby) == 2);
}

TEST_CASE("a printer that cannot print gives no number; low paper prints") {
  WholeLobby lobby;
  wait_ready(lobby);
  const auto issue = [&] {
    return lobby.client("kiosk").post("/tickets", R"({"service":"medical","kiosk":"k1"})");
  };
  for (const std::string fault : {"paper_out", "cover_open"}) {
    CAPTURE(fault);
    REQUIRE(lobby.sim("POST", "/p1/fault", R"({"kind":")" + fault + R"("})").status == 200);
    CHECK(lobby.eventually([&] { return lobby.device_state("p1") == "degraded"; }));
    const auto refused = issue();
    CHECK(refused.status == 503);
    CHECK(refused.json().at("code") == "printer_unavailable");
    REQUIRE(lobby.sim("DELETE", "/p1/fault").status == 200);
    CHECK(lobby.eventually([&] { return lobby.device_state("p1") == "ok"; }));
  }
  CHECK(lobby.journal().find("\"TicketIssued\"") == std::string::npos);
  REQUIRE(lobby.sim("POST", "/p1/fault", R"({"kind":"paper_low"})").status == 200);
  CHECK(lobby.eventually([&] { return lobby.device_state("p1") == "degraded"; }));
  CHECK(issue().status == 201);
  CHECK(lobby.eventually([&] { return sheets(lobby) == 1; }));
  REQUIRE(lobby.sim("DELETE", "/p1/fault").status == 200);
  CHECK(lobby.eventually([&] { return lobby.device_state("p1") == "ok"; }));
  // A knife jams when it cuts: the next one finds it so.
  REQUIRE(lobby.sim("POST", "/p1/fault", R"({"kind":"cutter"})").status == 200);
  CHECK(issue().status == 201);
  CHECK(lobby.eventually([&] { return lobby.device_state("p1") == "degraded"; }));
  CHECK(issue().status == 503);
}

TEST_CASE("a line that vanishes and returns shows the present, not the missed past; no key is lost") {
  WholeLobby lobby;
  wait_ready(lobby);
  take_ticket(lobby);
  take_ticket(lobby);
  auto clerk = lobby.client("clerk");
  clerk.post("/windows/w1/open", R"({"clerk":"c1"})");
  REQUIRE(lobby.sim("POST", "/line-1/fault", R"({"kind":"gone"})").status == 200);
  CHECK(lobby.eventually([&] { return lobby.device_state("u1") == "gone"; }));
  clerk.post("/windows/w1/call-next", "{}");
  clerk.post("/windows/w1/finish", "{}");
  CHECK(lobby.eventually([&] { return lobby.journal().find("\"ServiceFinished\"") != std::string::npos; }));
  lobby.sim("POST", "/u1/key", R"({"key":"call"})");
  REQUIRE(lobby.sim("DELETE", "/line-1/fault").status == 200);
  CHECK(lobby.eventually([&] { return sign_text(lobby, "u1") == "A002"; }));
  CHECK(lobby.device_state("u1") == "ok");
}

TEST_CASE("a restart in the middle of a call shows the same call again and prints nothing twice") {
  WholeLobby lobby;
  wait_ready(lobby);
  const auto ticket = take_ticket(lobby);
  CHECK(lobby.eventually([&] { return print_state(lobby, ticket) == "printed"; }));
  auto before = lobby.client("clerk");
  before.post("/windows/w2/open", R"({"clerk":"c2"})");
  before.post("/windows/w2/call-next", "{}");
  CHECK(lobby.eventually([&] { return sign_text(lobby, "u2") == "A001"; }));
  lobby.sim("POST", "/u2/fault", R"({"kind":"power_cycle"})");
  lobby.restart_daemon(SIGKILL);
  CHECK(lobby.eventually([&] { return sign_text(lobby, "u2") == "A001"; }));
  CHECK(lobby.eventually([&] { return lobby.device_state("p1") == "ok"; }));
  CHECK(sheets(lobby) == 1);
  lobby.stop_daemon(SIGTERM);
  CHECK(sign_text(lobby, "u2") == "暂停服务");
}

TEST_CASE("a printer that is unplugged in mid-ticket leaves an unknown print for a person to settle") {
  WholeLobby lobby;
  wait_ready(lobby);
  const auto ticket = take_ticket(lobby, "agency");
  REQUIRE(lobby.eventually(
      [&] { return lobby.sim("GET", "/p1/bytes").body.find("\x1B@") != std::string::npos; }));
  REQUIRE(lobby.sim("POST", "/p1/fault", R"({"kind":"gone"})").status == 200);
  CHECK(lobby.eventually([&] { return print_state(lobby, ticket) == "unknown"; }));
  lobby.sim("DELETE", "/p1/fault");
  CHECK(lobby.eventually([&] { return lobby.device_state("p1") == "ok"; }));
  CHECK(print_state(lobby, ticket) == "unknown");
  const auto waiting = lobby.client("clerk").get("/tickets?print=unknown").json();
  CHECK(waiting.as_array().size() == 1);
  const auto settled =
      lobby.client("clerk").post(fmt::format("/tickets/{}/settle-print", ticket), R"({"printed":true})");
  CHECK(settled.status == 200);
  CHECK(print_state(lobby, ticket) == "printed");
}
