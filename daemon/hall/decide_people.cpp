#include <algorithm>

#include "daemon/hall/deciding.hpp"

namespace lobby::hall::deciding {

namespace {

bool is_slot(const Slots& slots, int minute) {
  return std::any_of(slots.hours.begin(), slots.hours.end(), [&](const Hours& span) {
    return span.from <= minute && minute + slots.every_min <= span.to &&
           (minute - span.from) % slots.every_min == 0;
  });
}

std::optional<Refusal> refuse_date(const Asked& asked, const Service& service,
                                   const BookAppointment& command) {
  const Date today = local_date(asked.context.now);
  const auto days = static_cast<std::int32_t>(asked.site.rules.appointment_days);
  if (command.date < today || command.date > Date{today.days + days}) {
    return refuse(Refused::bad_request,
                  "appointments are for today and " + std::to_string(days) + " days ahead");
  }
  if (!is_slot(service.slots, command.minute)) {
    return refuse(Refused::bad_request, "no slot of `" + service.id.value + "` begins then");
  }
  if (command.date == today && command.minute <= local_minute(asked.context.now)) {
    return refuse(Refused::service_closed, "this slot has begun");
  }
  const auto hours = hours_of(asked.site, service, command.date);
  const int end = command.minute + service.slots.every_min;
  if (std::none_of(hours.begin(), hours.end(),
                   [&](const Hours& span) { return span.from <= command.minute && end <= span.to; })) {
    return refuse(Refused::service_closed,
                  "service `" + service.id.value + "` is closed then on " + to_text(command.date));
  }
  return std::nullopt;
}

bool is_taken(const State& state, const std::string& code) {
  return std::any_of(state.appointments.begin(), state.appointments.end(),
                     [&](const Appointment& other) { return other.code == code; });
}

/// Counts on by one, and begins again behind the last.
void count_on(std::string& digits) {
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    if (*digit != '9') {
      ++*digit;
      return;
    }
    *digit = '0';
  }
}

/// The drawn code, or the next one that no appointment has; nullopt when all of its length are taken.
std::optional<std::string> free_code(const State& state, std::string code) {
  const std::string drawn = code;
  while (is_taken(state, code)) {
    count_on(code);
    if (code == drawn) {
      return std::nullopt;
    }
  }
  return code;
}

bool is_digits(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Decision on(const Asked& asked, const BookAppointment& command) {
  const Service* service = asked.site.find(command.service);
  if (service == nullptr) {
    return refuse_unknown(command.service);
  }
  if (service->slots.every_min <= 0) {
    return refuse(Refused::bad_request, "service `" + service->id.value + "` takes no appointments");
  }
  if (!is_digits(command.code)) {
    return refuse(Refused::bad_request, "the code of an appointment is of digits");
  }
  if (auto refusal = refuse_without_day(asked)) {
    return *std::move(refusal);
  }
  if (auto refusal = refuse_date(asked, *service, command)) {
    return *std::move(refusal);
  }
  std::uint32_t booked = 0;
  for (const Appointment& other : asked.state.appointments) {
    const bool same_day = other.service == command.service && other.date == command.date;
    booked += same_day && static_cast<int>(other.minute) == command.minute ? 1U : 0U;
    if (same_day && command.applicant != ApplicantKey{} && other.applicant == command.applicant) {
      return refuse(Refused::already_has_ticket, "this person has an appointment on that day");
    }
  }
  if (booked >= service->slots.capacity) {
    return refuse(Refused::quota_reached, "this slot is full");
  }
  if (asked.state.appointments.size() >= most_appointments) {
    return refuse(Refused::quota_reached, "the hall keeps no more appointments");
  }
  auto code = free_code(asked.state, command.code);
  if (!code) {
    return refuse(Refused::quota_reached, "every code of this length is in use");
  }
  AppointmentBooked body;
  body.id = asked.state.next_appointment;
  body.code = *std::move(code);
  body.service = command.service;
  body.date = command.date;
  body.minute = static_cast<std::uint32_t>(command.minute);
  body.applicant = command.applicant;
  return one(asked, std::move(body));
}

Decision on(const Asked& asked, const CancelAppointment& command) {
  const Appointment* booked = asked.state.find(command.appointment);
  if (booked == nullptr) {
    return refuse(Refused::not_found, "there is no such appointment");
  }
  if (booked->used) {
    return refuse(Refused::wrong_state, "the appointment was used");
  }
  return one(asked, AppointmentCancelled{command.appointment});
}

Decision on(const Asked& asked, const BlockApplicant& command) {
  if (command.applicant == ApplicantKey{}) {
    return refuse(Refused::bad_request, "a block needs `applicant_id`");
  }
  if (asked.state.blocks.size() >= most_blocks && command.until >= local_date(asked.context.now)) {
    return refuse(Refused::quota_reached, "the hall keeps no more blocks");
  }
  return one(asked, ApplicantBlocked{{command.applicant, command.until}});
}

Decision on(const Asked& asked, const ReportTenant& command) {
  const Service* service = asked.site.find(command.service);
  if (service == nullptr) {
    return refuse_unknown(command.service);
  }
  if (service->kind != ServiceKind::tenant) {
    return refuse(Refused::bad_request, "service `" + service->id.value + "` is no tenant's");
  }
  const ServiceState* known = asked.state.find(command.service);
  const bool new_to_us = known == nullptr || known->tenant_waiting != command.waiting ||
                         known->tenant_called != command.called || known->tenant_window != command.at_window;
  return new_to_us
             ? one(asked, TenantReported{command.service, command.waiting, command.called, command.at_window})
             : nothing();
}

}  // namespace lobby::hall::deciding
