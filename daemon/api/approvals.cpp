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

std::string body_of(const hall::CasePage& page, Audience audience) {
  std::string body;
  put(body, page, audience);
  return body;
}

bool is_staff(const Account& account) {
  return account.role == Role::supervisor || account.role == Role::admin;
}

/// Wrong codes of this account for this case, and for all cases: 0, or how long nobody is let in.
int wait_for_inquiry(Desk& desk, const Call& call) {
  const auto now = desk.options.now();
  const int all = desk.fishing.count(call.account.name, now);
  if (all > 0) {
    return all;
  }
  const int one = desk.inquiries.count(call.account.name + "\n" + call.ids.front(), now);
  if (one > 0) {
    desk.fishing.forgive(call.account.name);
  }
  return one;
}

void answer_inquiry(Desk& desk, const Call& call, const std::string& code) {
  auto row = desk.backend.find_case(call.ids.front());
  // A wrong code says no more than an unknown case.
  if (!row || row->query_code.empty() || !same(sha256(row->query_code), sha256(code))) {
    return call.respond(not_found("there is no case with this number and query code"));
  }
  desk.inquiries.forgive(call.account.name + "\n" + call.ids.front());
  desk.fishing.forgive(call.account.name);
  hall::CaseQuery nothing;
  nothing.since = std::numeric_limits<std::int64_t>::max();
  nothing.limit = 1;
  auto page = desk.backend.cases(nothing);
  page.cases.assign(1, *std::move(row));
  call.respond_json(body_of(page, Audience::applicant));
}

}  // namespace

void get_approvals(Desk& desk, Call call) {
  QueryFields query(call.target.query);
  hall::CaseQuery wanted;
  wanted.since = query.number("since", 0, std::numeric_limits<std::int64_t>::max());
  wanted.status = query.choice("status", hall::Words<hall::CaseStatus>::text).value_or("");
  wanted.light = query.choice("light", hall::Words<hall::Light>::text).value_or("");
  wanted.limit = static_cast<std::uint32_t>(query.number("limit", 1, most_cases).value_or(wanted.limit));
  wanted.everything = query.choice("all", std::array<std::string_view, 1>{"true"}).has_value();
  if (const auto problem = query.finish()) {
    return call.respond(*problem);
  }
  if (wanted.everything && !is_staff(call.account)) {
    return call.respond(forbidden("what is not for the public is for supervisors: leave `all` out"));
  }
  desk.backend.when_durable([&backend = desk.backend, wanted, call = std::move(call)] {
    call.respond_json(
        body_of(backend.cases(wanted), wanted.everything ? Audience::staff : Audience::everybody));
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
  if (const int wait = wait_for_inquiry(desk, call); wait > 0) {
    return call.respond(rate_limited("too many wrong query codes; try again later", wait));
  }
  desk.backend.when_durable(
      [&desk, code = *code, call = std::move(call)] { answer_inquiry(desk, call, code); });
}

/// What is for people who watch over the cases, and for no board.
void get_review(Desk& desk, Call call) {
  if (const auto problem = QueryFields(call.target.query).finish()) {
    return call.respond(*problem);
  }
  desk.backend.when_durable([&backend = desk.backend, call = std::move(call)] {
    const auto put_row = [](std::string& out, const hall::CaseRow& row) { put(out, row, Audience::staff); };
    const auto put_returned = [](std::string& out, const hall::ReturnedTwice& one) {
      JsonObject(out)
          .add("applicant_key", one.applicant_key)
          .add("matter_name", one.matter_name)
          .add("returns", one.returns)
          .add("cases", one.cases)
          .add("last_at", or_null(one.last_at));
    };
    std::string body;
    {
      JsonObject object(body);
      put(object, backend.age(hall::What::cases));
      put_array(object.open("mismatches"), backend.mismatches(), put_row);
      put_array(object.open("returned_twice"), backend.returned_twice(), put_returned);
      put_array(object.open("alerts"), backend.records(hall::What::alerts), put_record);
    }
    call.respond_json(std::move(body));
  });
}

}  // namespace lobby::api
