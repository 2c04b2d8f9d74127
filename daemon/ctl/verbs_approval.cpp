// Verbs about what other systems say.
#include <boost/json.hpp>

#include "daemon/ctl/requests.hpp"

namespace lobby::ctl {
namespace {

using Kind = Argument::Kind;

Made cases_request(const Arguments& given) {
  auto path = with_query("/api/v1/approvals", given, {"since", "status", "light", "limit"});
  if (given.has("all")) {
    path += (path.find('?') == std::string::npos ? "?" : "&") + std::string("all=true");
  }
  return Request{"GET", path, {}};
}

Made case_request(const Arguments& given) {
  return Request{"GET", with_query("/api/v1/approvals/" + encode(given.one("CASE")), given, {"code"}), {}};
}

}  // namespace

std::vector<Verb> approval_verbs() {
  return {
      {"approval",
       "list",
       "Approval cases, masked",
       {{"since", Kind::option, "only what changed after this version"},
        {"status", Kind::option, "accepted, reviewing, finished, …"},
        {"light", Kind::option, "green, yellow, red, grey"},
        {"limit", Kind::option, "at most so many"},
        {"all", Kind::flag, "also what is not for the public; for supervisors"}},
       Call{cases_request, Shape::approvals}},
      {"approval",
       "show",
       "One case",
       {{"CASE", Kind::positional, "its number", true}, {"code", Kind::option, "its query code"}},
       Call{case_request, Shape::approval}},
      {"approval",
       "review",
       "What only supervisors are to see: other counts of time, matters returned twice, alerts",
       {},
       Call{[](const Arguments&) -> Made {
              return Request{"GET", "/api/v1/review", {}};
            },
            Shape::review}},
      {"approval",
       "test",
       "What a mapping makes of an answer, with names masked; needs no daemon",
       {{"MAPPING", Kind::positional, "a file like those of config/mappings", true},
        {"SOURCE", Kind::positional, "an answer that was saved, or the address to ask: http… as in the site",
         true},
        {"what", Kind::option, "cases, matters, staff, alerts, bids, notices, calendar or appointments"},
        {"area", Kind::option, "area code"},
        {"token-file", Kind::option, "file with the secret of the system that is asked"},
        {"app-id", Kind::option, "who we are, for signed requests"},
        {"ca-file", Kind::option, "certificate of its authority"},
        {"allow-insecure", Kind::flag, "the secret may go over http:// to another machine"}},
       Act::test_mapping},
      {"bid",
       "list",
       "Openings, rooms and notices",
       {{"date", Kind::option, "of the openings, like 2026-03-16; today when it is left out"}},
       Call{[](const Arguments& given) -> Made {
              return Request{"GET", with_query("/api/v1/bids", given, {"date"}), {}};
            },
            Shape::bids}},
  };
}

}  // namespace lobby::ctl
