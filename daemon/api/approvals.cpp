#include <array>
#include <limits>

#include "daemon/api/call.hpp"
#include "daemon/api/fields.hpp"
#include "daemon/api/json_writer.hpp"
#include "daemon/api/secrets.hpp"
#include "daemon/api/views.hpp"

namespace lobby::api {
namespace {

constexpr std::uint64_t most_cases = 1000;

/// What the rows of a feed may say.
constexpr std::array<std::string_view, 19> status_words{
    "submitted", "pre_rejected", "received",  "correcting", "not_accepted", "accepted", "reviewing",
    "approving", "suspended",    "forwarded", "extended",   "approved",     "rejected", "finished",
    "returned",  "withdrawn",    "void",      "deemed",     "unknown"};
constexpr std::array<std::string_view, 4> light_words{"green", "yellow", "red", "grey"};

std::string body_of(const hall::CasePage& page) {
  std::string body;
  put(body, page);
  return body;
}

}  // namespace

void get_approvals(Desk& desk, Call call) {
  QueryFields query(call.target.query);
  hall::CaseQuery wanted;
  wanted.since = query.number("since", 0, std::numeric_limits<std::int64_t>::max());
  wanted.status = query.choice("status", status_words).value_or("");
  wanted.light = query.choice("light", light_words).value_or("");
  wanted.limit = static_cast<std::uint32_t>(query.number("limit", 1, most_cases).value_or(wanted.limit));
  if (const auto problem = query.finish()) {
    return call.respond(*problem);
  }
  desk.backend.when_durable([&backend = desk.backend, wanted, call = std::move(call)] {
    call.respond_json(body_of(backend.cases(wanted)));
  });
}

void get_approval(Desk& desk, Call call) {
  QueryFields query(call.target.query);
  const auto code = query.text("code");
  if (const auto problem = query.finish()) {
    return call.respond(*problem);
  }
  if (!code || code->empty()) {
    return call.respond(bad_request("query parameter `code` is missing: the case's query code"));
  }
  desk.backend.when_durable([&backend = desk.backend, code = *code, call = std::move(call)] {
    auto row = backend.find_case(call.ids.front());
    // A wrong code says no more than an unknown case.
    if (!row || row->query_code.empty() || !same(sha256(row->query_code), sha256(code))) {
      return call.respond(not_found("there is no case with this number and query code"));
    }
    hall::CaseQuery nothing;
    nothing.since = std::numeric_limits<std::int64_t>::max();
    nothing.limit = 1;
    auto page = backend.cases(nothing);
    page.cases.assign(1, *std::move(row));
    call.respond_json(body_of(page));
  });
}

}  // namespace lobby::api
