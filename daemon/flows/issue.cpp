#include "daemon/flows/issue.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace lobby::flows {

using hall::DeviceId;
using hall::PrintState;

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
      enqueue(printer, {ticket.id, ticket.copies, desk_.mono_ms() + left_ms(ticket)});
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
    enqueue(copy->printer, {copy->ticket, copy->copy, desk_.mono_ms() + patience_ms_});
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
  queues_[printer].waiting.push_back(job);
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
      desk_.report(hall::ReportPrint{job.ticket, printer, PrintState::failed, "could not be begun in time"},
                   "");
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
                paper_.print(job.ticket, job.copy, printer,
                             [this, printer, job](PrintState outcome, std::string reason) {
                               finish(printer, job, outcome, std::move(reason));
                             });
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

void Issue::finish(const DeviceId& printer, const Job& job, PrintState outcome, std::string reason) {
  queues_[printer].in_flight = false;
  desk_.report(hall::ReportPrint{job.ticket, printer, outcome, std::move(reason)}, printer.value);
  pump(printer);
  tell_if_idle();
}

}  // namespace lobby::flows
