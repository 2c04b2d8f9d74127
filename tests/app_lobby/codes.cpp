// Every code of the contract, provoked from outside: real server, real hall, real journal.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

#include "daemon/hall/words.hpp"
#include "tests/app_lobby/real_lobby.hpp"

namespace {

using lobby::tests::Answer;
using lobby::tests::naming;
using lobby::tests::RealLobby;

const std::string api = "/api/v1";
const std::string tickets = api + "/tickets";

std::string at_window(const std::string& id, const std::string& act) {
  return api + "/windows/" + id + "/" + act;
}
/// Asks, and keeps count of what was refused by which code.
class Provoker {
 public:
  RealLobby lobby{lobby::tests::site_of_every_kind() +
                  "\n[[board]]\nid = \"wall\"\nprotocol = \"screen\"\nzone = \"A\"\n"};

  void expect(int status, const std::string& code, const Answer& answer) {
    CAPTURE(code);
    INFO(answer.body);
    CHECK(answer.status == status);
    CHECK(answer.type == "application/problem+json");
    CHECK(answer.code() == code);
    if (answer.code() == code) {
      const auto problem = answer.json();
      CHECK(problem.at("status").to_number<int>() == status);
      CHECK(problem.at("type").as_string() == "urn:lobby:problem:" + code);
      CHECK(!problem.at("title").as_string().empty());
      CHECK(!problem.at("detail").as_string().empty());
      provoked.insert(code);
    }
  }
  /// The clerk asks at a window; refused with 409.
  void refused(const std::string& code, const std::string& window, const std::string& act,
               const std::string& body = "") {
    expect(409, code, lobby.post(at_window(window, act), "clerk", body));
  }
  void refused_ticket(int status, const std::string& code, const std::string& body,
                      const std::string& who = "clerk") {
    expect(status, code, lobby.post(tickets, who, body));
  }

  std::set<std::string> provoked;
};

/// Who asks, and how.
void provoke_by_form(Provoker& all) {
  const auto& lobby = all.lobby;
  all.refused_ticket(400, "bad_request", R"({"service":"social","colour":"green"})");
  all.expect(401, "unauthorized", lobby.get(api + "/hall", ""));
  all.expect(401, "unauthorized", lobby.get(api + "/hall", "a-token-of-nobody"));
  all.expect(403, "forbidden", lobby.post(at_window("w1", "call-next"), "kiosk"));
  all.expect(404, "not_found", lobby.get(api + "/nothing"));
  all.expect(405, "method_not_allowed", lobby.call("DELETE", api + "/hall", "admin"));
  all.refused_ticket(413, "too_large", std::string(65 * 1024, ' '));
  Answer tried;
  for (int i = 0; i < 50 && tried.status != 429; ++i) {
    tried = lobby.post(api + "/session", "", R"({"name":"clerk","password":"guessed"})");
  }
  all.expect(429, "rate_limited", tried);
  const std::string body = R"({"service":"tax"})";
  CHECK(lobby.call("POST", tickets, "clerk", body, "k-1").status == 201);
  all.expect(409, "key_reused", lobby.call("POST", tickets, "clerk", R"({"service":"social"})", "k-1"));
}

/// What is named and is not there.
void provoke_by_names(Provoker& all) {
  const auto& lobby = all.lobby;
  all.refused_ticket(404, "unknown_service", R"({"service":"dreams"})");
  all.refused_ticket(404, "not_found", R"({"service":"social","appointment":"12345678"})");
  all.expect(404, "unknown_window", lobby.post(at_window("w9", "call-next")));
  all.expect(404, "unknown_ticket", lobby.post(tickets + "/999/cancel"));
  const auto id = std::to_string(lobby.issue("social"));
  all.expect(404, "unknown_device",
             lobby.post(tickets + "/" + id + "/reprint", "clerk", R"({"printer":"p9"})"));
  all.expect(404, "unknown_board", lobby.post(api + "/boards/none/shown", "screen", R"({"version":1})"));
  all.expect(404, "unknown_evaluation", lobby.post(api + "/evaluations/9/start", "evaluator"));
  all.expect(404, "unknown_evaluation", lobby.get(api + "/evaluations/9/evidence", "evaluator"));
  CHECK(lobby.post(tickets + "/" + id + "/cancel").status == 200);
}

/// Why no ticket is given out.
void provoke_by_issue(Provoker& all) {
  all.refused_ticket(409, "service_closed", R"({"service":"shut"})");
  all.lobby.issue("few");
  all.refused_ticket(409, "quota_reached", R"({"service":"few"})");
  all.lobby.issue("tiny");
  all.refused_ticket(409, "number_range_exhausted", R"({"service":"tiny"})");
  all.lobby.issue("single", R"(,"applicant_id":"510682199001011234")");
  all.refused_ticket(409, "already_has_ticket",
                     R"({"service":"single","applicant_id":"510682199001011234"})");
  all.refused_ticket(503, "printer_unavailable", R"({"service":"social","kiosk":"k1"})", "kiosk");
}

/// Who wrote a text does not approve it, whatever the role.
void provoke_by_texts(Provoker& all) {
  const auto& lobby = all.lobby;
  const std::string body = R"({"text":"今日下午停电","until":"2026-03-17T09:00:00+08:00"})";
  all.expect(404, "unknown_board", lobby.post(api + "/boards/none/text", "supervisor", body));
  const auto draft = lobby.post(api + "/boards/wall/text", "admin", body);
  CHECK(draft.status == 201);
  all.expect(403, "same_person", lobby.post(api + "/boards/drafts/1/approve", "admin"));
}

/// The states of a window and of what stands there.
void provoke_by_window(Provoker& all) {
  auto& lobby = all.lobby;
  all.refused("window_closed", "w1", "call-next");
  all.refused("window_closed", "w2", "recall");
  lobby.act("w1", "open", R"({"clerk":"1024"})");
  lobby.act("w2", "open", R"({"clerk":"1045"})");
  lobby.act("w3", "open", R"({"clerk":"1046"})");
  all.refused("wrong_state", "w1", "open", R"({"clerk":"1024"})");
  all.refused("no_ticket_at_window", "w1", "finish");
  const auto social = lobby.issue("social");
  const auto joint = lobby.issue("joint");
  all.refused("joint_only", "w1", "call", naming(joint));
  all.refused("not_served_here", "w3", "call", naming(social));
  lobby.act("w3", "call-next");
  lobby.act("w3", "finish");
  all.refused("nothing_waiting", "w3", "call-next");
  lobby.act("w1", "call", naming(social));
  all.refused("window_busy", "w1", "close");
  all.refused("recall_too_soon", "w1", "recall");
  lobby.pass(5);
  lobby.act("w1", "recall");
  lobby.pass(5);
  all.refused("recall_limit", "w1", "recall");
  lobby.act("w1", "finish");
  lobby.act("w1", "rate", R"({"score":"good","by":"screen"})");
  all.refused("already_rated", "w1", "rate", R"({"score":"poor","by":"screen"})");
}

void provoke_by_disk(Provoker& all) {
  all.lobby.take_disk();
  Answer answer;
  for (int i = 0; i < 5000 && answer.status != 503; ++i) {
    answer = all.lobby.post(tickets, "clerk", R"({"service":"social"})");
  }
  all.lobby.give_disk();
  all.expect(503, "storage_failed", answer);
}

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// Every code that the description of the API promises.
std::set<std::string> described() {
  const auto text = text_of(LOBBY_SOURCE_DIR "/daemon/api/openapi.yaml");
  const auto problem = text.find("    Problem:\n      type: object");
  REQUIRE(problem != std::string::npos);
  const auto list = text.find("[bad_request", problem);
  REQUIRE(list != std::string::npos);
  const auto words = text.substr(list, text.find(']', list) - list);
  const std::regex word("[a-z_]+");
  return {std::sregex_token_iterator(words.begin(), words.end(), word), std::sregex_token_iterator()};
}

/// Every code that the server makes by itself, as its source has it.
std::set<std::string> made_by_the_server() {
  const std::regex problem("[45][0-9][0-9], \"([a-z_]+)\"");
  const std::regex unknown("\"(unknown_[a-z]+)\"");
  std::set<std::string> codes;
  for (const auto& file : std::filesystem::directory_iterator(LOBBY_SOURCE_DIR "/daemon/api")) {
    if (file.path().extension() == ".cpp") {
      const auto text = text_of(file.path());
      for (const auto& rule : {problem, unknown}) {
        codes.insert(std::sregex_token_iterator(text.begin(), text.end(), rule, 1),
                     std::sregex_token_iterator());
      }
    }
  }
  return codes;
}

std::string missing(const std::set<std::string>& wanted, const std::set<std::string>& there) {
  std::string text;
  for (const auto& code : wanted) {
    text += there.contains(code) ? "" : code + " ";
  }
  return text;
}

}  // namespace

TEST_CASE("every code of the contract is provoked, and says itself as a problem document") {
  Provoker all;
  provoke_by_form(all);
  provoke_by_names(all);
  provoke_by_texts(all);
  provoke_by_issue(all);
  provoke_by_window(all);
  provoke_by_disk(all);

  // Written down from the contract; nothing is refused as not_witnessed.
  const std::set<std::string> contract{"bad_request",         "unauthorized",        "forbidden",
                                       "not_found",           "unknown_service",     "unknown_window",
                                       "unknown_ticket",      "unknown_device",      "unknown_board",
                                       "same_person",         "too_large",           "method_not_allowed",
                                       "rate_limited",        "printer_unavailable", "storage_failed",
                                       "service_closed",      "quota_reached",       "number_range_exhausted",
                                       "already_has_ticket",  "joint_only",          "not_served_here",
                                       "nothing_waiting",     "window_closed",       "window_busy",
                                       "no_ticket_at_window", "wrong_state",         "recall_limit",
                                       "recall_too_soon",     "already_rated",       "key_reused",
                                       "unknown_evaluation"};
  CHECK(all.provoked == contract);
  std::set<std::string> refusals;
  for (const auto word : lobby::hall::Words<lobby::hall::Refused>::text) {
    refusals.emplace(word);
  }
  CHECK(missing(refusals, all.provoked) == "");
  CHECK(missing(described(), all.provoked) == "");
  CHECK(missing(made_by_the_server(), all.provoked) == "");
  CHECK(made_by_the_server().size() > 10);
  CHECK(missing(all.provoked, described()) == "");
}
