#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <utility>

#include "daemon/api/call.hpp"
#include "daemon/api/commands.hpp"
#include "daemon/api/fields.hpp"
#include "daemon/api/json_writer.hpp"
#include "daemon/api/views.hpp"

namespace lobby::api {
namespace {

struct Filter {
  std::optional<std::string> number, service, window;
  std::optional<hall::TicketState> state;
  std::optional<hall::PrintState> print;
  std::uint64_t after = 0;
  std::size_t limit = 100;
};

constexpr std::uint64_t most_tickets = 1000;

bool fits(const Filter& filter, const hall::State& state, const hall::Ticket& ticket) {
  const auto is_at = [](const auto& items, auto place, const std::optional<std::string>& id) {
    return !id || (place < items.size() && items[place].id.value == *id);
  };
  return ticket.id.value > filter.after && (!filter.state || ticket.state == *filter.state) &&
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

/// A list of tickets, made a few rows at a time: each row reads its history from the disk, and a thousand of
/// them at once would hold up everybody. A row is as it is when it is written; one that no longer fits by
/// then is left out.
class List : public std::enable_shared_from_this<List> {
 public:
  List(const Desk& desk, Filter filter, Call call)
      : backend_(desk.backend), later_(desk.later), filter_(std::move(filter)), call_(std::move(call)) {}

  void begin() {
    backend_.when_durable([self = shared_from_this()] {
      self->find();
      self->write_some();
    });
  }

 private:
  static constexpr std::size_t rows_at_once = 20;

  void find() {
    const auto& state = backend_.state();
    for (const auto& ticket : state.tickets) {
      if (found_.size() >= filter_.limit) {
        return;
      }
      if (fits(filter_, state, ticket)) {
        found_.push_back(ticket.id);
      }
    }
  }

  void write_some() {
    const auto& state = backend_.state();
    const std::size_t end = std::min(next_ + rows_at_once, found_.size());
    for (; next_ < end; ++next_) {
      const auto* ticket = state.find(found_[next_]);
      if (ticket != nullptr && fits(filter_, state, *ticket)) {
        body_ += body_.size() > 1 ? "," : "";
        put_ticket(body_, backend_, state, *ticket);
      }
    }
    if (next_ == found_.size()) {
      return call_.respond_json(std::move(body_) + "]");
    }
    later_([self = shared_from_this()] { self->backend_.when_durable([self] { self->write_some(); }); });
  }

  Backend& backend_;
  std::function<void(std::function<void()>)> later_;
  Filter filter_;
  Call call_;
  std::vector<hall::TicketId> found_;
  std::size_t next_ = 0;
  std::string body_ = "[";
};

}  // namespace

void get_tickets(Desk& desk, Call call) {
  QueryFields query(call.target.query);
  Filter filter;
  filter.number = query.text("number");
  filter.service = query.text("service");
  filter.window = query.text("window");
  filter.state = query.word<hall::TicketState>("state");
  filter.print = query.word<hall::PrintState>("print");
  filter.after = query.number("after", 0, std::numeric_limits<std::int64_t>::max()).value_or(0);
  filter.limit = query.number("limit", 1, most_tickets).value_or(filter.limit);
  auto problem = query.finish();
  if (!problem) {
    problem = refuse_unknown(desk.backend.site(), filter);
  }
  if (problem) {
    return call.respond(*problem);
  }
  std::make_shared<List>(desk, std::move(filter), std::move(call))->begin();
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

void post_notice(Desk& desk, Call call) {
  constexpr std::size_t most_missing = 20, longest = 100;
  BodyFields fields(call.request.body);
  auto missing = fields.texts("missing", most_missing, longest);
  const auto printer = fields.text("printer", Need::optional, id_length);
  if (const auto problem = fields.finish()) {
    return call.respond(*problem);
  }
  if (missing.empty()) {
    return call.respond(bad_request("field `missing` must say what is missing"));
  }
  const auto id = parse_number(call.ids.front());
  desk.backend.print_notice(hall::TicketId{id.value_or(0)}, std::move(missing),
                            printer.empty() ? std::nullopt : std::optional(hall::DeviceId{printer}),
                            [call = std::move(call)](const std::variant<PrintedSlip, hall::Refusal>& result) {
                              if (const auto* refusal = std::get_if<hall::Refusal>(&result)) {
                                return call.respond(problem_of(*refusal));
                              }
                              const auto& slip = std::get<PrintedSlip>(result);
                              std::string body;
                              {
                                JsonObject object(body);
                                object.add("printer", slip.printer.value).add("print", slip.print);
                              }
                              call.respond_json(std::move(body));
                            });
}

}  // namespace lobby::api
