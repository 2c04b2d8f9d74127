#include "daemon/flows/arrivals.hpp"

#include <algorithm>
#include <utility>

namespace lobby::flows {

void Arrivals::on_person(const hall::KioskId& kiosk, hall::ApplicantKey person, bool is_elderly) {
  persons_[kiosk] = {person, is_elderly, desk_.mono_ms() + remembered_ms};
}

void Arrivals::on_code(const hall::KioskId& kiosk, std::string_view code, const std::string& by) {
  const auto& all = desk_.state().appointments;
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const hall::Appointment& one) { return one.code == code && !one.used; });
  if (found == all.end()) {
    refuse_(kiosk);
    return;
  }
  hall::IssueTicket issue;
  issue.service = found->service;
  issue.kiosk = kiosk;
  issue.appointment = found->code;
  issue.applicant = found->applicant;
  desk_.ask(std::move(issue), by, [this, kiosk](const std::optional<hall::Refusal>& refusal) {
    if (refusal) {
      refuse_(kiosk);
    }
  });
}

std::function<void(hall::Refused)> Arrivals::complete(hall::Command& command) {
  const auto nothing = [](hall::Refused) {};
  auto* issue = std::get_if<hall::IssueTicket>(&command);
  if (issue == nullptr || !issue->kiosk || issue->applicant != hall::ApplicantKey{} ||
      !issue->appointment.empty()) {
    return nothing;
  }
  const auto person = persons_.find(*issue->kiosk);
  if (person == persons_.end() || person->second.until_ms <= desk_.mono_ms()) {
    return nothing;
  }
  issue->applicant = person->second.key;
  if (person->second.is_elderly && issue->lane == hall::Lane::ordinary) {
    issue->lane = hall::Lane::elderly;
  }
  return [this, kiosk = *issue->kiosk](hall::Refused why) { refused(kiosk, why); };
}

void Arrivals::refused(const hall::KioskId& kiosk, hall::Refused why) {
  const auto person = persons_.find(kiosk);
  const bool is_our_fault = why == hall::Refused::printer_unavailable || why == hall::Refused::storage_failed;
  if (person != persons_.end() && !is_our_fault) {
    person->second.until_ms = std::min(person->second.until_ms, desk_.mono_ms() + refused_ms);
  }
}

void Arrivals::on_event(const hall::Event& event) {
  const auto* issued = std::get_if<hall::TicketIssued>(&event.body);
  if (issued != nullptr && issued->kiosk) {
    persons_.erase(*issued->kiosk);
  }
}

void Arrivals::tick() {
  std::erase_if(persons_, [now = desk_.mono_ms()](const auto& each) { return each.second.until_ms <= now; });
}

}  // namespace lobby::flows
