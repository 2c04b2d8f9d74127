// Verbs about LED boards.
#include <boost/json.hpp>

#include "daemon/ctl/requests.hpp"

namespace lobby::ctl {
namespace {

using Kind = Argument::Kind;

const Argument draft_id{"ID", Kind::positional, "of the text", true};

std::string draft_path(const Arguments& given, const char* act = "") {
  return "/api/v1/boards/drafts/" + encode(given.one("ID")) + act;
}

Made text_request(const Arguments& given) {
  return post("/api/v1/boards/" + encode(given.one("BOARD")) + "/text",
              {{"text", given.one("TEXT")}, {"until", given.one("until")}});
}

Made emergency_request(const Arguments& given) {
  json::object body{{"text", given.one("TEXT")}};
  if (given.has("zone")) {
    const auto& zones = given.all("zone");
    body["zones"] = json::array(zones.begin(), zones.end());
  }
  return post("/api/v1/emergency", body);
}

std::vector<Verb> text_verbs() {
  return {
      {"board",
       "drafts",
       "Texts that wait for a second person, and texts that are up",
       {},
       Call{[](const Arguments&) -> Made {
              return Request{"GET", "/api/v1/boards/drafts", {}};
            },
            Shape::board_texts}},
      {"board",
       "text",
       "Write a text for a board; it is shown when another person has approved it",
       {{"BOARD", Kind::positional, "its id", true},
        {"TEXT", Kind::positional, "one line of at most 200 characters", true},
        {"until", Kind::option, "when it goes, like 2026-03-17T17:00:00+08:00; within 31 days", true}},
       Call{text_request, Shape::draft}},
      {"board",
       "approve",
       "Put a text up that somebody else wrote",
       {draft_id},
       Call{[](const Arguments& given) { return post(draft_path(given, "/approve")); }, Shape::board_text}},
      {"board",
       "withdraw",
       "Take back a draft, or a text that is up",
       {draft_id},
       Call{[](const Arguments& given) -> Made {
              return Request{"DELETE", draft_path(given), {}};
            },
            Shape::text}},
  };
}

}  // namespace

std::vector<Verb> board_verbs() {
  std::vector<Verb> verbs{
      {"board",
       "list",
       "What each board shows, and whether it said so",
       {},
       Call{[](const Arguments&) -> Made {
              return Request{"GET", "/api/v1/boards", {}};
            },
            Shape::boards}},
      {"board",
       "confirm",
       "Say that what people put on a board is still right, though the catalogue has changed",
       {{"BOARD", Kind::positional, "its id", true}},
       Call{[](const Arguments& given) {
              return post("/api/v1/boards/" + encode(given.one("BOARD")) + "/confirm");
            },
            Shape::text}},
      {"board",
       "emergency",
       "Cover the boards with one text, at once and until it is cleared",
       {{"TEXT", Kind::positional, "one line of at most 200 characters", true},
        {"zone", Kind::list, "only boards of this zone, and boards of no zone; may be repeated"}},
       Call{emergency_request, Shape::emergency}},
      {"board",
       "clear-emergency",
       "Let the boards show again what they showed",
       {},
       Call{[](const Arguments&) -> Made {
              return Request{"DELETE", "/api/v1/emergency", {}};
            },
            Shape::text}},
  };
  for (auto& verb : text_verbs()) {
    verbs.push_back(std::move(verb));
  }
  return verbs;
}

}  // namespace lobby::ctl
