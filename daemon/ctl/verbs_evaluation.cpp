// Verbs about evaluations and openings of bids.
#include <boost/json.hpp>

#include "daemon/ctl/requests.hpp"

namespace lobby::ctl {
namespace {

using Kind = Argument::Kind;

const Argument evaluation_id{"ID", Kind::positional, "of the evaluation", true};

std::string evaluation_path(const Arguments& given, const char* act = "") {
  return "/api/v1/evaluations/" + encode(given.one("ID")) + act;
}

Made plan_request(const Arguments& given) {
  auto body = body_of(given, {"section", "planned-at"});
  body["room"] = given.one("ROOM");
  body["project_no"] = given.one("NUMBER");
  body["project_name"] = given.one("NAME");
  body["kind"] = given.has("kind") ? given.one("kind") : "evaluation";
  body["retention_class"] = given.has("retention-class") ? given.one("retention-class") : "15y";
  return post("/api/v1/evaluations", body);
}

Made acknowledge_request(const Arguments& given) {
  const auto alarm = number_of(given.one("ALARM"));
  if (!alarm) {
    return Misuse{"ALARM is a number, as `evaluation show` tells it"};
  }
  return post(evaluation_path(given, "/acknowledge"), {{"alarm", *alarm}});
}

std::vector<Verb> acting_verbs() {
  return {
      {"evaluation",
       "start",
       "Have the room's recorders record, and see that they do",
       {evaluation_id},
       Call{[](const Arguments& given) { return post(evaluation_path(given, "/start")); },
            Shape::evaluation}},
      {"evaluation",
       "stop",
       "End it: the recorders go back to what they did before",
       {evaluation_id},
       Call{[](const Arguments& given) { return post(evaluation_path(given, "/stop")); }, Shape::evaluation}},
      {"evaluation",
       "open-unwitnessed",
       "Go on without proof of a recording, in your name",
       {evaluation_id, {"reason", Kind::option, "why; it stands in the evidence", true}},
       Call{[](const Arguments& given) {
              return post(evaluation_path(given, "/open-unwitnessed"), {{"reason", given.one("reason")}});
            },
            Shape::evaluation}},
      {"evaluation",
       "acknowledge",
       "Say that you have seen an alarm",
       {evaluation_id, {"ALARM", Kind::positional, "its number", true}},
       Call{acknowledge_request, Shape::evaluation}},
  };
}

}  // namespace

std::vector<Verb> evaluation_verbs() {
  std::vector<Verb> verbs{
      {"evaluation",
       "rooms",
       "The rooms that are recorded, and their cameras",
       {},
       Call{[](const Arguments&) -> Made {
              return Request{"GET", "/api/v1/rooms", {}};
            },
            Shape::rooms}},
      {"evaluation",
       "list",
       "Evaluations that are planned, under way, or were closed within 30 days",
       {},
       Call{[](const Arguments&) -> Made {
              return Request{"GET", "/api/v1/evaluations", {}};
            },
            Shape::evaluations}},
      {"evaluation",
       "show",
       "One of them, with its cameras and alarms",
       {evaluation_id},
       Call{[](const Arguments& given) -> Made {
              return Request{"GET", evaluation_path(given), {}};
            },
            Shape::evaluation}},
      {"evaluation",
       "plan",
       "Announce one; its recorders are tried ten minutes before",
       {{"ROOM", Kind::positional, "its id", true},
        {"NUMBER", Kind::positional, "of the project", true},
        {"NAME", Kind::positional, "of the project", true},
        {"kind", Kind::option, "evaluation (as a rule) or opening"},
        {"section", Kind::option, "of the project"},
        {"retention-class", Kind::option, "how long what is recorded is kept; 15y as a rule"},
        {"planned-at", Kind::option, "like 2026-03-17T09:00:00+08:00"}},
       Call{plan_request, Shape::evaluation}},
  };
  for (auto& verb : acting_verbs()) {
    verbs.push_back(std::move(verb));
  }
  return verbs;
}

}  // namespace lobby::ctl
