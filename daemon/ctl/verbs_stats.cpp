// Verbs about what was done.
#include <boost/json.hpp>

#include "daemon/ctl/requests.hpp"

namespace lobby::ctl {
namespace {

using Kind = Argument::Kind;

Made statistics_request(const Arguments& given) {
  auto path = with_query("/api/v1/statistics", given, {"from", "to", "by"});
  const auto add = [&](const char* flag, const char* query) {
    if (given.has(flag)) {
      path += (path.find('?') == std::string::npos ? '?' : '&') + std::string(query);
    }
  };
  add("published", "published=true");
  add("csv", "format=csv");
  return Request{"GET", path, {}};
}

}  // namespace

std::vector<Verb> statistics_verbs() {
  return {{"stats",
           "show",
           "Visits, waits, service times and ratings; today when no day is given",
           {{"from", Kind::option, "first day, like 2026-03-16"},
            {"to", Kind::option, "last day"},
            {"by", Kind::option, "window, service, hour or clerk"},
            {"published", Kind::flag, "for what leaves the house: small figures are withheld"},
            {"csv", Kind::flag, "a table for a spreadsheet"}},
           Call{statistics_request, Shape::statistics}}};
}

}  // namespace lobby::ctl
