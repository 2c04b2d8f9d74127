#include "daemon/hall/deciding.hpp"
#include "daemon/hall/printing.hpp"

namespace lobby::hall::deciding {

namespace {

constexpr std::string_view settled = "settled by a person";

std::string print_words(const State& state, const Ticket& ticket) {
  const std::string_view now = ticket.print_due ? "waiting for its printer" : to_text(ticket.print);
  return "the print of ticket " + state.number_of(ticket) + " is " + std::string{now};
}

bool is_outcome(PrintState state) {
  return state != PrintState::none && state != PrintState::sending;
}

/// May a ticket's print become that, as it stands?
bool can_become(const Ticket& ticket, PrintState to) {
  if (ticket.print_due) {
    // It was never begun. Of a copy nobody knows whether its owner has the sheet before.
    return to == PrintState::failed || (to == PrintState::unknown && ticket.copies > 0);
  }
  switch (ticket.print) {
    case PrintState::sending:
      return to != PrintState::taken && to != PrintState::retracted;
    case PrintState::unknown:
      return to == PrintState::printed;
    case PrintState::printed:
    case PrintState::sent:
      return to == PrintState::taken || to == PrintState::retracted;
    default:
      return false;
  }
}

Decision outcome(const Asked& asked, AboutPrint about, PrintState state) {
  switch (state) {
    case PrintState::printed:
      return one(asked, TicketPrinted{std::move(about)});
    case PrintState::sent:
      return one(asked, TicketSent{std::move(about)});
    case PrintState::failed:
      return one(asked, TicketUnprinted{std::move(about)});
    case PrintState::taken:
      return one(asked, TicketTaken{std::move(about)});
    default:
      return one(asked, TicketPrintUnknown{std::move(about)});
  }
}

/// The number must not be lost, and nobody must wait for a person to see to it: the copy is due in the same
/// breath. But a printer that fails each time is not fed for ever.
Decision voided(const Asked& asked, AboutPrint about, std::uint32_t copies) {
  if (copies >= automatic_copies) {
    return one(asked, TicketPrintUnknown{std::move(about)});
  }
  Draft draft(asked);
  AboutPrint copy = about;
  copy.reason.clear();
  draft.add(TicketUnprinted{std::move(about)});
  draft.add(TicketReprinted{std::move(copy), copies + 1});
  return draft.done();
}

Decision retracted(const Asked& asked, AboutPrint about, const Ticket& ticket) {
  const bool passed_over = asked.site.rules.skip_retracted && ticket.state == TicketState::waiting;
  return one(asked, TicketRetracted{std::move(about), passed_over});
}

}  // namespace

std::optional<Refusal> refuse_unready_printer(const State& state, const DeviceId& printer) {
  const DeviceRecord* device = state.find(printer);
  const std::string name = "printer `" + printer.value + "` ";
  if (device == nullptr) {
    return refuse(Refused::printer_unavailable, name + "is not connected yet");
  }
  if (device->kind != DeviceKind::printer) {
    return refuse(Refused::bad_request, "device `" + printer.value + "` is not a printer");
  }
  // Degraded alone says nothing: a printer whose paper is low prints.
  if (device->state == DeviceState::gone || device->state == DeviceState::absent || device->blocked) {
    const std::string reason = device->reason.empty() ? "" : ": " + device->reason;
    return refuse(Refused::printer_unavailable, name + "is " + std::string{to_text(device->state)} + reason);
  }
  return std::nullopt;
}

DeviceId printer_of(const State& state, const Ticket& ticket) {
  return ticket.printer < state.devices.size() ? state.devices[ticket.printer].id : DeviceId{};
}

AboutPrint about_print(const State& state, const Ticket& ticket, const DeviceId& printer,
                       std::string reason) {
  return {about(state, ticket), printer.value.empty() ? printer_of(state, ticket) : printer,
          std::move(reason)};
}

Decision on(const Asked& asked, const StartPrint& command) {
  const Ticket* ticket = asked.state.find(command.ticket);
  if (ticket == nullptr) {
    return refuse_unknown(command.ticket);
  }
  if (!ticket->print_due) {
    return refuse(Refused::wrong_state, print_words(asked.state, *ticket));
  }
  return one(asked, TicketPrintStarted{about_print(asked.state, *ticket, command.printer, {})});
}

Decision on(const Asked& asked, const ReportPrint& command) {
  const Ticket* ticket = asked.state.find(command.ticket);
  if (ticket == nullptr) {
    return refuse_unknown(command.ticket);
  }
  if (!is_outcome(command.state)) {
    return refuse(Refused::bad_request, "a print that was begun has an outcome");
  }
  if (!can_become(*ticket, command.state)) {
    return refuse(Refused::wrong_state, print_words(asked.state, *ticket));
  }
  AboutPrint about = about_print(asked.state, *ticket, command.printer, command.reason);
  if (about.printer != printer_of(asked.state, *ticket)) {
    return refuse(Refused::wrong_state, "ticket " + about.number + " prints at another printer");
  }
  if (command.state == PrintState::retracted) {
    return retracted(asked, std::move(about), *ticket);
  }
  if (command.state == PrintState::failed && command.voided && ticket->print == PrintState::sending) {
    return voided(asked, std::move(about), ticket->copies);
  }
  return outcome(asked, std::move(about), command.state);
}

Decision on(const Asked& asked, const ReprintTicket& command) {
  const Ticket* ticket = asked.state.find(command.ticket);
  if (ticket == nullptr) {
    return refuse_unknown(command.ticket);
  }
  if (ticket->print == PrintState::sending || ticket->print_due) {
    return refuse(Refused::wrong_state, print_words(asked.state, *ticket));
  }
  const DeviceId printer = command.printer ? *command.printer : printer_of(asked.state, *ticket);
  if (printer.value.empty()) {
    return refuse(Refused::bad_request, "name the printer: this ticket was not printed before");
  }
  if (auto refusal = refuse_unready_printer(asked.state, printer)) {
    return *std::move(refusal);
  }
  return one(asked, TicketReprinted{about_print(asked.state, *ticket, printer, {}), ticket->copies + 1U});
}

Decision on(const Asked& asked, const SettlePrint& command) {
  const Ticket* ticket = asked.state.find(command.ticket);
  if (ticket == nullptr) {
    return refuse_unknown(command.ticket);
  }
  if (ticket->print != PrintState::unknown || ticket->print_due) {
    return refuse(Refused::wrong_state, print_words(asked.state, *ticket));
  }
  AboutPrint about =
      about_print(asked.state, *ticket, printer_of(asked.state, *ticket), std::string{settled});
  return outcome(asked, std::move(about), command.printed ? PrintState::printed : PrintState::failed);
}

}  // namespace lobby::hall::deciding
