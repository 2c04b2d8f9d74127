#include "daemon/flows/issue.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace lobby::flows {

using hall::DeviceId;
using hall::PrintState;

namespace {

PrintState state_of(Paper::Result result) {
  switch (result) {
    case Paper::Result::printed:
      return PrintState::printed;
    case Paper::Result::sent:
      return PrintState::sent;
    case Paper::Result::failed:
    case Paper::Result::voided:
      return PrintState::failed;
    default:
      return PrintState::unknown;
  }
}

}  // namespace

EarlierPrinting earlier_printing(const hall::State& state) {
  EarlierPrinting earlier;
  for (const auto& ticket : state.tickets) {
    if (ticket.printer == hall::no_ix) {
      continue;
    }
    const auto& printer = state.devices[ticket.printer].id;
    earlier.used.push_back(printer);
    // What was unknown, thrown away or settled since may have been cut off already, or not: nobody wrote it
    // down. A blank piece too many does no harm.
    if (ticket.print == PrintState::sending || ticket.print == PrintState::unknown ||
        ticket.print == PrintState::failed || ticket.copies > 0) {
      earlier.torn.push_back(printer);
    }
  }
  const auto once = [](std::vector<DeviceId>& printers) {
    std::sort(printers.begin(), printers.end());
    printers.erase(std::unique(printers.begin(), printers.end()), printers.end());
  };
  once(earlier.used);
  once(earlier.torn);
  return earlier;
}

Issue::Issue(Desk& desk, Paper& paper, std::int64_t patience_ms)
    : desk_(desk), paper_(paper), patience_ms_(patience_ms) {}

void Issue::start() {
  const auto& state = desk_.state();
  for (const auto& ticket : state.tickets) {
    if (ticket.printer == hall::no_ix) {
      continue;
    }
    const auto& printer = state.devices[ticket.printer].id;
    if (ticket.print == PrintState::sending) {
      desk_.report(
          hall::ReportPrint{ticket.id, printer, PrintState::unknown, "stopped while it was being printed"},
          "");
    } else if (ticket.print_due) {
      // When a copy was asked for is not part of the state; its owner is at the desk and can ask again.
      const bool replaces = ticket.copies > 0 && ticket.print == PrintState::failed;
      enqueue(printer, {ticket.id, ticket.copies, desk_.mono_ms() + left_ms(ticket), replaces});
    }
  }
}

/// What is left of the patience with a ticket of an earlier run; negative when nothing is.
std::int64_t Issue::left_ms(const hall::Ticket& ticket) const {
  const auto age_ms = desk_.now().utc_ms - ticket.issued_ms;
  return age_ms < 0 ? -1 : patience_ms_ - age_ms;
}

void Issue::on_event(const hall::Event& event) {
  if (const auto* issued = std::get_if<hall::TicketIssued>(&event.body)) {
    if (issued->printer) {
      enqueue(*issued->printer, {issued->ticket, 0, desk_.mono_ms() + patience_ms_});
    }
  } else if (const auto* copy = std::get_if<hall::TicketReprinted>(&event.body)) {
    const bool replaces = event.by == copy->printer.value;  // finish() asked for it
    enqueue(copy->printer, {copy->ticket, copy->copy, desk_.mono_ms() + patience_ms_, replaces});
  }
}

void Issue::on_printer(const DeviceId& printer) {
  pump(printer);
}

void Issue::tick() {
  for (auto& [printer, queue] : queues_) {
    pump(printer);
  }
}

void Issue::stop(std::function<void()> idle) {
  stopping_ = true;
  idle_ = std::move(idle);
  tell_if_idle();
}

void Issue::tell_if_idle() {
  const bool prints =
      std::any_of(queues_.begin(), queues_.end(), [](const auto& each) { return each.second.in_flight; });
  if (idle_ && !prints) {
    std::exchange(idle_, nullptr)();
  }
}

void Issue::enqueue(const DeviceId& printer, Job job) {
  auto& waiting = queues_[printer].waiting;
  waiting.insert(job.replaces ? waiting.begin() : waiting.end(), job);
  pump(printer);
}

void Issue::pump(const DeviceId& printer) {
  const auto found = queues_.find(printer);
  if (stopping_ || found == queues_.end()) {
    return;
  }
  auto& queue = found->second;
  while (!queue.in_flight && !queue.waiting.empty()) {
    const Job job = queue.waiting.front();
    if (desk_.mono_ms() > job.begin_by_ms) {
      queue.waiting.pop_front();
      const auto outcome = job.replaces ? PrintState::unknown : PrintState::failed;
      desk_.report(hall::ReportPrint{job.ticket, printer, outcome, "could not be begun in time"}, "");
    } else if (paper_.is_ready(printer)) {
      queue.waiting.pop_front();
      queue.in_flight = true;
      begin(printer, job);
    } else {
      return;
    }
  }
}

void Issue::begin(const DeviceId& printer, Job job) {
  desk_.ask(hall::StartPrint{job.ticket, printer}, "",
            [this, printer, job](std::optional<hall::Refusal> refusal) {
              if (!refusal) {
                Paper::Told told;
                told.done = [this, printer, job](Paper::Result result, std::string reason) {
                  finish(printer, job, result, std::move(reason));
                };
                told.later = [this, printer, job](Paper::Later what) { learn(printer, job, what); };
                paper_.print(job.ticket, job.copy, printer, std::move(told));
                return;
              }
              auto& queue = queues_[printer];
              queue.in_flight = false;
              if (refusal->code == hall::Refused::storage_failed) {
                queue.waiting.push_front(job);  // not one byte left: it is tried again by the next tick
              } else {
                pump(printer);
              }
              tell_if_idle();
            });
}

void Issue::finish(const DeviceId& printer, const Job& job, Paper::Result result, std::string reason) {
  queues_[printer].in_flight = false;
  desk_.report(hall::ReportPrint{job.ticket, printer, state_of(result), std::move(reason),
                                 result == Paper::Result::voided},
               printer.value);
  pump(printer);
  tell_if_idle();
}

/// News of a sheet that is not the ticket's last one says nothing of the ticket; neither does proof that
/// comes when a person has settled the matter.
void Issue::learn(const DeviceId& printer, const Job& job, Paper::Later what) {
  const auto* ticket = desk_.state().find(job.ticket);
  if (ticket == nullptr || ticket->copies != job.copy || ticket->print_due) {
    return;
  }
  // Sending: what became of this very sheet was reported, and waits for the disk in front of this news.
  const bool waits = ticket->print == PrintState::sending;
  const bool is_unknown = waits || ticket->print == PrintState::unknown;
  const bool is_out = waits || ticket->print == PrintState::printed || ticket->print == PrintState::sent;
  if (what == Paper::Later::proven && is_unknown) {
    desk_.report(hall::ReportPrint{job.ticket, printer, PrintState::printed, "confirmed late"},
                 printer.value);
  } else if (what != Paper::Later::proven && is_out) {
    const auto fate = what == Paper::Later::taken ? PrintState::taken : PrintState::retracted;
    desk_.report(hall::ReportPrint{job.ticket, printer, fate, ""}, printer.value);
  }
}

}  // namespace lobby::flows
