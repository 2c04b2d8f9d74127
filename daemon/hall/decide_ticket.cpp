#include "daemon/hall/deciding.hpp"
#include "daemon/hall/printing.hpp"

namespace lobby::hall::deciding {

namespace {

std::optional<std::uint32_t> next_number(const State& state, const Service& service) {
  std::uint64_t n = service.first;
  for (const Series& series : state.series) {
    if (series.prefix == service.prefix) {
      const auto highest = series.used.highest(service.first, service.last);
      n = highest ? std::uint64_t{*highest} + 1 : n;
    }
  }
  // Two prefixes can read alike: A1 with 001 and A with 1001.
  while (n <= service.last && state.is_used(number_text(service.prefix, static_cast<std::uint32_t>(n)))) {
    ++n;
  }
  if (n > service.last) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(n);
}

TicketIssued issued(const Asked& asked, const IssueTicket& command, const Service& service, std::uint32_t n) {
  const ServiceState* queue = asked.state.find(service.id);
  TicketIssued body;
  body.ticket = asked.state.next_ticket;
  body.number = number_text(service.prefix, n);
  body.service = service.id;
  body.prefix = service.prefix;
  body.n = n;
  body.lane = command.lane;
  body.ahead = queue == nullptr ? 0 : static_cast<std::uint32_t>(queue->waiting.size());
  body.kiosk = command.kiosk;
  body.language = command.language;
  return body;
}

}  // namespace

Decision on(const Asked& asked, const IssueTicket& command) {
  const Service* service = asked.site.find(command.service);
  if (service == nullptr) {
    return refuse(Refused::unknown_service, "there is no service `" + command.service.value + "`");
  }
  const Kiosk* kiosk = command.kiosk ? asked.site.find(*command.kiosk) : nullptr;
  if (command.kiosk && kiosk == nullptr) {
    return refuse(Refused::bad_request, "there is no kiosk `" + command.kiosk->value + "`");
  }
  if (auto refusal = refuse_without_day(asked)) {
    return *std::move(refusal);
  }
  if (!is_open(*service, asked.context.now)) {
    return refuse(Refused::service_closed,
                  "service `" + service->id.value + "` issues no tickets at this hour");
  }
  const bool prints = kiosk != nullptr && !kiosk->printer.value.empty();
  if (prints) {
    if (auto refusal = refuse_unready_printer(asked.state, kiosk->printer)) {
      return *std::move(refusal);
    }
  }
  const auto n = next_number(asked.state, *service);
  if (!n) {
    return refuse(Refused::number_range_exhausted,
                  "service `" + service->id.value + "` has used every number of today");
  }
  TicketIssued body = issued(asked, command, *service, *n);
  if (prints) {
    body.printer = kiosk->printer;
  }
  return one(asked, std::move(body));
}

Decision on(const Asked& asked, const CancelTicket& command) {
  const Ticket* ticket = asked.state.find(command.ticket);
  if (ticket == nullptr) {
    return refuse_unknown(command.ticket);
  }
  if (ticket->state != TicketState::waiting) {
    return refuse(Refused::wrong_state,
                  "ticket " + asked.state.number_of(*ticket) + " is " + std::string{to_text(ticket->state)});
  }
  return one(asked, TicketCancelled{about(asked.state, *ticket)});
}

}  // namespace lobby::hall::deciding
