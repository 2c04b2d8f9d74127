#include <algorithm>
#include <iterator>

#include "daemon/hall/deciding.hpp"
#include "daemon/hall/lanes.hpp"
#include "daemon/hall/printing.hpp"

namespace lobby::hall::deciding {

namespace {

constexpr int minutes_a_day = 24 * 60;

/// What an issue is about, looked up once.
struct Issue {
  const Service* service = nullptr;  ///< what was asked for
  const Service* first = nullptr;  ///< where the ticket queues: the service itself, or a package's first step
  const Kiosk* kiosk = nullptr;
  const Appointment* booked = nullptr;
  Lane lane = Lane::ordinary;
  bool late = false;
  DeviceId printer;  ///< that the ticket comes out of; empty: shown only
};

bool prints(const Issue& issue) {
  return issue.kiosk != nullptr && !issue.kiosk->printer.value.empty();
}

/// The kiosk's own printer, else the other one that the site names; why not, when neither can print.
std::optional<Refusal> choose_printer(const Asked& asked, Issue& issue) {
  if (!prints(issue)) {
    return std::nullopt;
  }
  issue.printer = issue.kiosk->printer;
  auto refusal = refuse_unready_printer(asked.state, issue.printer);
  const DeviceId& other = issue.kiosk->other_printer;
  if (refusal && !other.value.empty() && !refuse_unready_printer(asked.state, other)) {
    issue.printer = other;
    return std::nullopt;
  }
  return refusal;
}

std::optional<std::uint32_t> slot_of(const Service& service, Instant now) {
  if (service.quota_slot == 0 || service.quota_slot_min <= 0 || service.kind == ServiceKind::complaint) {
    return std::nullopt;
  }
  // From 1: 0 is the slot of a service that has issued nothing.
  return static_cast<std::uint32_t>(local_minute(now) / service.quota_slot_min) + 1;
}

std::optional<Refusal> find_parties(const Asked& asked, const IssueTicket& command, Issue& issue) {
  issue.service = asked.site.find(command.service);
  if (issue.service == nullptr) {
    return refuse_unknown(command.service);
  }
  const auto& steps = issue.service->steps;
  const ServiceId* first = steps.empty()                       ? &issue.service->id
                           : issue.service->steps_in_any_order ? shortest(asked, steps)
                                                               : &steps.front();
  issue.first = asked.site.find(*first);
  if (issue.first == nullptr) {
    return refuse_unknown(*first);
  }
  issue.kiosk = command.kiosk ? asked.site.find(*command.kiosk) : nullptr;
  if (command.kiosk && issue.kiosk == nullptr) {
    return refuse(Refused::bad_request, "there is no kiosk `" + command.kiosk->value + "`");
  }
  if (issue.service->kind == ServiceKind::tenant) {
    return refuse(Refused::not_served_here,
                  "the tickets of `" + issue.service->id.value + "` are its tenant's to issue");
  }
  return std::nullopt;
}

std::optional<Refusal> refuse_lane(const IssueTicket& command) {
  if (command.lane != Lane::green) {
    return command.green_type || !command.granted_by.empty()
               ? std::optional(refuse(Refused::bad_request,
                                      "`green_type` and `granted_by` go with the lane `green` only"))
               : std::nullopt;
  }
  if (!command.green_type || *command.green_type < 1 || *command.green_type > 5 ||
      command.granted_by.empty()) {
    return refuse(Refused::bad_request, "the lane `green` needs `green_type` from 1 to 5 and `granted_by`");
  }
  return std::nullopt;
}

/// Which lane a booking gives, or why it gives none now.
std::optional<Refusal> check_in(const Asked& asked, const IssueTicket& command, Issue& issue) {
  issue.lane = command.lane;
  if (command.appointment.empty()) {
    return command.lane == Lane::appointment
               ? std::optional(refuse(Refused::bad_request, "the lane `appointment` needs an appointment"))
               : std::nullopt;
  }
  const auto& all = asked.state.appointments;
  const auto it = std::find_if(all.begin(), all.end(), [&](const Appointment& one) {
    return one.code == command.appointment && one.service == command.service;
  });
  if (it == all.end()) {
    return refuse(Refused::not_found, "there is no such appointment for `" + command.service.value + "`");
  }
  const Instant now = asked.now;
  if (it->used || it->date != asked.state.date) {
    return refuse(Refused::wrong_state,
                  it->used ? "the appointment was used" : "the appointment is of " + to_text(it->date));
  }
  const Rules& rules = asked.site.rules;
  const std::int64_t late_s = (std::int64_t{local_minute(now)} - it->minute) * 60;
  if (late_s < -std::int64_t{rules.check_in_early_s}) {
    return refuse(Refused::wrong_state, "the appointment can be used from " +
                                            std::to_string(rules.check_in_early_s / 60) + " minutes before");
  }
  issue.late = late_s > std::int64_t{rules.check_in_late_s};
  if (issue.late && !rules.late_is_ordinary) {
    return refuse(Refused::wrong_state, "the appointment has passed");
  }
  issue.booked = &*it;
  if (!issue.late && issue.lane == Lane::ordinary) {
    issue.lane = Lane::appointment;
  } else if (issue.late && issue.lane == Lane::appointment) {
    issue.lane = Lane::ordinary;
  }
  return std::nullopt;
}

std::optional<Refusal> refuse_person(const Asked& asked, const IssueTicket& command, const Issue& issue) {
  const State& state = asked.state;
  const bool agent = command.lane == Lane::agent;
  if (command.applicant == ApplicantKey{}) {
    return agent || issue.service->one_per_person
               ? std::optional(refuse(Refused::bad_request, "this ticket needs `applicant_id`"))
               : std::nullopt;
  }
  const Date today = local_date(asked.context.now);
  const auto blocks = [&](const Block& one) {
    return one.applicant == command.applicant && one.until >= today;
  };
  if (std::any_of(state.blocks.begin(), state.blocks.end(), blocks)) {
    return refuse(Refused::forbidden, "this person gets no tickets now; ask at the desk");
  }
  return refuse_another(asked, command.applicant, command.service, command.lane);
}

/// Who booked, or was told to come back, was promised a place before the quota was used up.
std::optional<Refusal> refuse_quota(const Asked& asked, const IssueTicket& command, const Issue& issue) {
  const ServiceState* queue = asked.state.find(issue.service->id);
  const bool promised = issue.booked != nullptr || !command.notice_slip_no.empty();
  if (queue == nullptr || promised || issue.service->kind == ServiceKind::complaint) {
    return std::nullopt;
  }
  const std::string words = "service `" + issue.service->id.value + "` has issued its tickets of ";
  if (issue.service->quota_day != 0 && queue->issued >= issue.service->quota_day) {
    return refuse(Refused::quota_reached, words + "today");
  }
  const auto slot = slot_of(*issue.service, asked.now);
  if (slot && queue->slot == *slot && queue->slot_issued >= issue.service->quota_slot) {
    const int next = static_cast<int>(*slot) * issue.service->quota_slot_min;
    return refuse(Refused::quota_reached,
                  words + "this slot" + (next < minutes_a_day ? ", the next one begins in a while" : ""));
  }
  return std::nullopt;
}

std::optional<Refusal> refuse_hour(const Asked& asked, const IssueTicket& command, const Issue& issue) {
  if (auto refusal = refuse_without_day(asked)) {
    return refusal;
  }
  // The last minutes are closed to those who come without a booking.
  Service service = *issue.service;
  service.last_issue_before_min = command.appointment.empty() ? service.last_issue_before_min : 0;
  if (asked.state.day_closed || !is_open(asked.site, service, asked.context.now)) {
    return refuse(Refused::service_closed,
                  "service `" + issue.service->id.value + "` issues no tickets at this hour");
  }
  return std::nullopt;
}

std::optional<Refusal> refuse_slip(const Asked& asked, const IssueTicket& command) {
  if (command.notice_slip_no.empty()) {
    return std::nullopt;
  }
  const Date today = local_date(asked.context.now);
  const auto& all = asked.state.notices;
  const bool known = std::any_of(all.begin(), all.end(), [&](const Notice& one) {
    return one.slip_no == command.notice_slip_no && one.service == command.service && one.until >= today;
  });
  return known ? std::nullopt
               : std::optional(refuse(Refused::not_found, "there is no notice slip of this number for `" +
                                                              command.service.value + "` that still holds"));
}

/// Where the ticket stands when that is not where the newest stands.
std::optional<Instant> queued_at(const Asked& asked, const IssueTicket& command, const Issue& issue) {
  static const Line nobody;
  const ServiceState* queue = asked.state.find(issue.first->id);
  const Line& line = queue == nullptr ? nobody : queue->lane(issue.lane);
  Instant at = asked.now;
  if (!command.notice_slip_no.empty()) {
    return place_at_once(asked);
  }
  if (issue.booked != nullptr && !issue.late) {
    // Who comes early stands where the slot begins.
    const std::int64_t early_min = std::int64_t{issue.booked->minute} - local_minute(at);
    at.utc_ms += std::max<std::int64_t>(early_min, 0) * 60'000;
    return at != asked.context.now ? std::optional(at) : std::nullopt;
  }
  // A clock that was set back must not put the newest before those who wait.
  if (!line.empty() && line.entries().back().place_ms > at.utc_ms && issue.lane != Lane::appointment) {
    at.utc_ms = line.entries().back().place_ms;
  }
  return at != asked.context.now ? std::optional(at) : std::nullopt;
}

TicketIssued issued(const Asked& asked, const IssueTicket& command, const Issue& issue, std::uint32_t n) {
  TicketIssued body;
  body.ticket = asked.state.next_ticket;
  body.number = number_text(issue.service->prefix, n);
  body.service = issue.first->id;
  body.prefix = issue.service->prefix;
  body.n = n;
  body.lane = issue.lane;
  body.kiosk = command.kiosk;
  body.language = command.language;
  body.applicant = command.applicant;
  body.green_type = command.green_type;
  body.granted_by = command.granted_by;
  body.notice_slip_no = command.notice_slip_no;
  if (issue.booked != nullptr) {
    body.appointment = issue.booked->id;
  }
  if (!issue.service->steps.empty()) {
    body.package = issue.service->id;
    const auto& steps = issue.service->steps;
    std::copy_if(steps.begin(), steps.end(), std::back_inserter(body.steps),
                 [&](const ServiceId& step) { return step != issue.first->id; });
  }
  body.slot = slot_of(*issue.service, asked.now);
  body.queued_at = queued_at(asked, command, issue);
  if (const ServiceState* queue = asked.state.find(issue.first->id)) {
    const std::int64_t place_ms = body.queued_at.value_or(asked.context.now).utc_ms;
    body.ahead = ahead_of(asked.site, *queue, issue.lane, {.place_ms = place_ms, .ticket = body.ticket});
  }
  if (prints(issue)) {
    body.printer = issue.printer;
  }
  return body;
}

}  // namespace

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

std::optional<Refusal> refuse_another(const Asked& asked, ApplicantKey applicant, const ServiceId& asked_for,
                                      Lane lane) {
  if (applicant == ApplicantKey{}) {
    return std::nullopt;
  }
  const State& state = asked.state;
  std::uint32_t open = 0;
  bool same = false;
  const std::pair from{applicant, TicketId{}};
  for (auto it = std::lower_bound(state.people.begin(), state.people.end(), from);
       it != state.people.end() && it->first == applicant; ++it) {
    ++open;
    same = same || state.services[asked_for_of(*state.find(it->second))].id == asked_for;
  }
  if (lane == Lane::agent) {
    return open < asked.site.rules.agent_limit
               ? std::nullopt
               : std::optional(refuse(Refused::already_has_ticket,
                                      "this agent holds " + std::to_string(open) + " open tickets"));
  }
  const Service* service = asked.site.find(asked_for);
  return !same || service == nullptr || !service->one_per_person
             ? std::nullopt
             : std::optional(refuse(Refused::already_has_ticket,
                                    "this person has an open ticket of `" + asked_for.value + "`"));
}

Decision on(const Asked& asked, const IssueTicket& command) {
  Issue issue;
  if (auto refusal = find_parties(asked, command, issue)) {
    return *std::move(refusal);
  }
  if (auto refusal = refuse_lane(command)) {
    return *std::move(refusal);
  }
  if (auto refusal = refuse_hour(asked, command, issue)) {
    return *std::move(refusal);
  }
  if (auto refusal = check_in(asked, command, issue)) {
    return *std::move(refusal);
  }
  if (auto refusal = refuse_slip(asked, command)) {
    return *std::move(refusal);
  }
  if (auto refusal = refuse_person(asked, command, issue)) {
    return *std::move(refusal);
  }
  if (auto refusal = refuse_quota(asked, command, issue)) {
    return *std::move(refusal);
  }
  if (auto refusal = choose_printer(asked, issue)) {
    return *std::move(refusal);
  }
  const auto n = next_number(asked.state, *issue.service);
  if (!n) {
    return refuse(Refused::number_range_exhausted,
                  "service `" + issue.service->id.value + "` has used every number of today");
  }
  return one(asked, issued(asked, command, issue, *n));
}

Decision on(const Asked& asked, const CancelTicket& command) {
  const Ticket* ticket = asked.state.find(command.ticket);
  if (ticket == nullptr) {
    return refuse_unknown(command.ticket);
  }
  const bool at_window = ticket->state == TicketState::called || ticket->state == TicketState::serving;
  // A window that was taken out of the site has nobody who could end what stands there.
  const bool is_lost = at_window && asked.site.find(asked.state.windows[ticket->window].id) == nullptr;
  if (ticket->state != TicketState::waiting && ticket->state != TicketState::held && !is_lost) {
    return refuse_state(asked.state, *ticket);
  }
  return one(asked, TicketCancelled{about(asked.state, *ticket)});
}

}  // namespace lobby::hall::deciding
