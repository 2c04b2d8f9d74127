// Verbs about people beyond their tickets: appointments, who gets no tickets; and what the hall offers.
#include <boost/json.hpp>

#include "daemon/ctl/requests.hpp"

namespace lobby::ctl {
namespace {

using Kind = Argument::Kind;

/// A day that is over: it lifts a block.
constexpr const char* long_ago = "2000-01-01";

Argument needed(Argument argument) {
  argument.required = true;
  return argument;
}

Made tenant_request(const Arguments& given) {
  const auto waiting = number_of(given.one("waiting"));
  if (!waiting) {
    return Misuse{"--waiting takes a number, not " + given.one("waiting")};
  }
  json::object body{{"waiting", *waiting}};
  for (const auto& [key, value] : body_of(given, {"called", "window"})) {
    body[key] = value;
  }
  return post("/api/v1/tenants/" + encode(given.one("SERVICE")), body);
}

}  // namespace

std::vector<Verb> appointment_verbs() {
  return {
      {"ticket",
       "book",
       "Book an appointment; its code is what a ticket is taken with",
       {{"SERVICE", Kind::positional, "id of the service", true},
        {"DATE", Kind::positional, "like 2026-03-17", true},
        {"TIME", Kind::positional, "where the slot begins, like 09:30", true},
        applicant_argument},
       Call{[](const Arguments& given) {
              json::object body{{"service", given.one("SERVICE")},
                                {"date", given.one("DATE")},
                                {"time", given.one("TIME")}};
              return post("/api/v1/appointments", with_applicant(given, std::move(body)));
            },
            Shape::appointment}},
      {"ticket",
       "appointments",
       "The slots of a day, and who has booked",
       {{"date", Kind::option, "today when it is not given"}, {"service", Kind::option, "id"}},
       Call{[](const Arguments& given) -> Made {
              return Request{"GET", with_query("/api/v1/appointments", given, {"date", "service"}), {}};
            },
            Shape::appointments}},
      {"ticket",
       "unbook",
       "Give the slot of an appointment back",
       {{"ID", Kind::positional, "of the appointment", true}},
       Call{[](const Arguments& given) -> Made {
              return Request{"DELETE", "/api/v1/appointments/" + encode(given.one("ID")), {}};
            },
            Shape::text}},
  };
}

std::vector<Verb> people_verbs() {
  return {
      {"hall",
       "catalogue",
       "What there is to be done here, and where",
       {},
       Call{[](const Arguments&) -> Made {
              return Request{"GET", "/api/v1/catalogue", {}};
            },
            Shape::catalogue}},
      {"hall",
       "block",
       "Keep a person from taking tickets",
       {{"UNTIL", Kind::positional, "the last day, like 2026-04-01", true}, needed(applicant_argument)},
       Call{[](const Arguments& given) {
              return post("/api/v1/blocks", with_applicant(given, {{"until", given.one("UNTIL")}}));
            },
            Shape::block}},
      {"hall",
       "unblock",
       "Let a person take tickets again",
       {needed(applicant_argument)},
       Call{[](const Arguments& given) {
              return post("/api/v1/blocks", with_applicant(given, {{"until", long_ago}}));
            },
            Shape::block}},
      {"hall",
       "tenant",
       "Say how long a tenant's own queue is",
       {{"SERVICE", Kind::positional, "id of the tenant's service", true},
        {"waiting", Kind::option, "how many wait", true},
        {"called", Kind::option, "the number called last"},
        {"window", Kind::option, "where, as the tenant names it"}},
       Call{tenant_request, Shape::service}},
  };
}

}  // namespace lobby::ctl
