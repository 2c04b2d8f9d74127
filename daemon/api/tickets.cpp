#include <limits>

#include "daemon/api/call.hpp"
#include "daemon/api/fields.hpp"
#include "daemon/api/json_writer.hpp"
#include "daemon/api/views.hpp"

namespace lobby::api {
namespace {

struct Filter {
  std::optional<std::string> number, service, window;
  std::optional<hall::TicketState> state;
  std::optional<hall::PrintState> print;
  std::size_t limit = 100;
};

constexpr std::uint64_t most_tickets = 1000;

bool fits(const Filter& filter, const hall::State& state, const hall::Ticket& ticket) {
  const auto is_at = [](const auto& items, auto place, const std::optional<std::string>& id) {
    return !id || (place < items.size() && items[place].id.value == *id);
  };
  return (!filter.state || ticket.state == *filter.state) &&
         (!filter.print || ticket.print == *filter.print) &&
         is_at(state.services, ticket.service, filter.service) &&
         is_at(state.windows, ticket.window, filter.window) &&
         (!filter.number || state.number_of(ticket) == *filter.number);
}

std::optional<Problem> refuse_unknown(const hall::Site& site, const Filter& filter) {
  if (filter.service && site.find(hall::ServiceId{*filter.service}) == nullptr) {
    return not_found("there is no service `" + *filter.service + "`", "unknown_service");
  }
  if (filter.window && site.find(hall::WindowId{*filter.window}) == nullptr) {
    return not_found("there is no window `" + *filter.window + "`", "unknown_window");
  }
  return std::nullopt;
}

std::string list(Backend& backend, const Filter& filter) {
  const auto& state = backend.state();
  std::vector<const hall::Ticket*> found;
  for (const auto& ticket : state.tickets) {
    if (found.size() < filter.limit && fits(filter, state, ticket)) {
      found.push_back(&ticket);
    }
  }
  std::string out;
  put_array(out, found,
            [&](std::string& to, const hall::Ticket* ticket) { put_ticket(to, backend, state, *ticket); });
  return out;
}

}  // namespace

void get_tickets(Desk& desk, Call call) {
  QueryFields query(call.target.query);
  Filter filter;
  filter.number = query.text("number");
  filter.service = query.text("service");
  filter.window = query.text("window");
  filter.state = query.word<hall::TicketState>("state");
  filter.print = query.word<hall::PrintState>("print");
  filter.limit = query.number("limit", 1, most_tickets).value_or(filter.limit);
  auto problem = query.finish();
  if (!problem) {
    problem = refuse_unknown(desk.backend.site(), filter);
  }
  if (problem) {
    return call.respond(*problem);
  }
  desk.backend.when_durable([&backend = desk.backend, filter, call = std::move(call)] {
    call.respond_json(list(backend, filter));
  });
}

void get_ticket(Desk& desk, Call call) {
  if (const auto problem = QueryFields(call.target.query).finish()) {
    return call.respond(*problem);
  }
  desk.backend.when_durable([&backend = desk.backend, call = std::move(call)] {
    const auto id = parse_number(call.ids.front());
    const auto* ticket = backend.state().find(hall::TicketId{id.value_or(0)});
    if (!id || ticket == nullptr) {
      return call.respond(not_found("there is no ticket `" + call.ids.front() + "` today", "unknown_ticket"));
    }
    std::string body;
    put_ticket(body, backend, backend.state(), *ticket);
    call.respond_json(std::move(body));
  });
}

}  // namespace lobby::api
