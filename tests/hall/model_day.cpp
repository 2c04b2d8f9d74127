#include <algorithm>
#include <set>

#include "tests/hall/model.hpp"
#include "tests/hall/model_words.hpp"

namespace lobby::hall::testing {

namespace {

std::string structs(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) {
    text += "{" + item.substr(item.empty() ? 0 : 1) + "}";
  }
  return text;
}

}  // namespace

Model::Lines Model::on(const BookAppointment& c) {
  const Service* service = site_.find(c.service);
  if (service == nullptr) {
    return no("unknown_service");
  }
  if (service->slots.every_min == 0) {
    return no("bad_request");
  }
  const Date today = local_date(now_);
  if (date_.days == 0 || day_is_due(now_)) {
    return no("wrong_state");
  }
  bool slot = false;
  for (int at = 0; at < 1440; ++at) {
    for (const Hours& hours : service->slots.hours) {
      slot = slot || (at == c.minute && at >= hours.from && at + service->slots.every_min <= hours.to &&
                      (at - hours.from) % service->slots.every_min == 0);
    }
  }
  if (c.date < today || c.date.days > today.days + static_cast<int>(site_.rules.appointment_days) || !slot) {
    return no("bad_request");
  }
  if (c.date == today && c.minute <= local_minute(now_)) {
    return no("service_closed");
  }
  bool open = false;
  for (const Hours& hours : service->hours[static_cast<std::size_t>(weekday(c.date))]) {
    open = open || (c.minute >= hours.from && c.minute + service->slots.every_min <= hours.to);
  }
  if (!open) {
    return no("service_closed");
  }
  std::uint32_t taken = 0;
  for (const Booking& other : bookings) {
    const bool same_day = other.service == c.service.value && other.date == c.date;
    if (same_day && c.applicant.value != 0 && other.who == c.applicant.value) {
      return no("already_has_ticket");
    }
    taken += same_day && other.minute == c.minute ? 1 : 0;
  }
  if (taken >= service->slots.capacity) {
    return no("quota_reached");
  }
  std::set<std::string> codes;
  for (const Booking& other : bookings) {
    codes.insert(other.code);
  }
  std::string code = c.code;  // five digits, and the crowd draws none near their end
  while (codes.contains(code)) {
    code = std::to_string(std::stoi(code) + 1);
  }
  Booking one{next_booking++, c.applicant.value, code, c.service.value, c.date, c.minute, false};
  bookings.push_back(one);
  return {"AppointmentBooked" + field("appointment", one.id) + field("code", one.code) +
          field("service", one.service) + field("date", to_text(one.date)) +
          field("minute", static_cast<std::uint64_t>(one.minute)) + field("applicant", one.who) + " used=0"};
}

Model::Lines Model::on(const CancelAppointment& c) {
  for (const Booking& one : bookings) {
    if (one.id == c.appointment.value && one.used) {
      return no("wrong_state");
    }
  }
  const auto gone =
      std::erase_if(bookings, [&](const Booking& one) { return one.id == c.appointment.value; });
  return gone == 0 ? no("not_found")
                   : Lines{"AppointmentCancelled" + field("appointment", c.appointment.value)};
}

Model::Lines Model::on(const BlockApplicant& c) {
  if (c.applicant.value == 0) {
    return no("bad_request");
  }
  blocked.erase(c.applicant.value);
  if (c.until >= local_date(now_)) {
    blocked[c.applicant.value] = c.until;
  }
  return {"ApplicantBlocked" + field("applicant", c.applicant.value) + field("until", to_text(c.until))};
}

Model::Lines Model::on(const ReportTenant& c) {
  const Service* service = site_.find(c.service);
  if (service == nullptr) {
    return no("unknown_service");
  }
  if (service->kind != ServiceKind::tenant) {
    return no("bad_request");
  }
  const Tenant now{c.waiting, c.called, c.at_window};
  const auto known = tenants_.find(c.service.value);
  if (known != tenants_.end() && known->second == now) {
    return {};
  }
  tenants_[c.service.value] = now;
  return {"TenantReported" + field("service", c.service.value) + field("waiting", std::uint64_t{c.waiting}) +
          field("called", c.called) + field("at_window", c.at_window)};
}

Model::Lines Model::end_day(bool at_windows_too) {
  Lines lines;
  std::uint64_t expired = 0, no_show = 0, finished = 0;
  for (Person& one : people) {
    if (one.print == "sending") {
      lines.push_back(print_line("TicketPrintUnknown", one, "the day ended before the printer answered"));
      one.print = "unknown";
    } else if (one.due) {
      lines.push_back(print_line("TicketUnprinted", one, "the day ended before it was printed"));
      one.print = "failed";
      one.due = false;
    }
    const bool there = one.state == "called" || one.state == "serving";
    expired += one.state == "expired" ? 1 : 0;
    no_show += one.state == "no_show" ? 1 : 0;
    finished += one.state == "finished" ? 1 : 0;
    if ((there && at_windows_too) || one.state == "waiting" || one.state == "held") {
      lines.push_back("TicketExpired" + about(one) + (there ? field("window", one.window) : ""));
      one.state = "expired";
      ++expired;
    }
  }
  for (const std::string& window : opened_) {
    Desk& desk = desks[window];
    const bool busy = desk.person != 0 || !desk.walk_in.empty();
    if (desk.state != "closed" && (at_windows_too || !busy)) {
      lines.push_back("WindowClosed" + field("window", window));
      Desk after;
      after.last_service = desk.last_service;
      after.last_clerk = desk.last_clerk;
      after.last_person = desk.last_person;
      after.rateable = desk.rateable;
      after.last_call = desk.last_call;
      desk = after;
    }
  }
  if (date_.days != 0 && !closed) {
    lines.push_back("DayClosed" + field("date", to_text(date_)) + field("issued", people.size()) +
                    field("finished", finished) + field("no_show", no_show) + field("expired", expired));
  }
  closed = true;
  return lines;
}

Model::Lines Model::on(const ExpireDay&) {
  const bool due = site_.rules.expire_at_min >= 0 && !closed && date_ == local_date(now_) &&
                   local_minute(now_) >= site_.rules.expire_at_min && now_.utc_ms >= latest_ms_;
  return due ? end_day(false) : Lines{};
}

Model::Lines Model::on(const TurnDay&) {
  if (!day_is_due(now_)) {
    return {};
  }
  Lines lines = end_day(true);
  date_ = local_date(now_);
  closed = false;
  std::erase_if(bookings, [&](const Booking& one) { return one.date < date_; });
  std::erase_if(slips, [&](const Slip& one) { return one.until < date_; });
  std::erase_if(blocked, [&](const auto& one) { return one.second < date_; });
  Lines booked, noticed, blocks;
  for (const Booking& one : bookings) {
    booked.push_back(field("appointment", one.id) + field("code", one.code) + field("service", one.service) +
                     field("date", to_text(one.date)) +
                     field("minute", static_cast<std::uint64_t>(one.minute)) + field("applicant", one.who) +
                     field("used", std::uint64_t{one.used ? 1U : 0U}));
  }
  for (const Slip& one : slips) {
    noticed.push_back(field("slip_no", one.no) + field("service", one.service) +
                      field("until", to_text(one.until)) +
                      field("ticket", one.ticket == 0 ? "" : std::to_string(one.ticket)));
  }
  for (const auto& [who, until] : blocked) {
    blocks.push_back(field("applicant", who) + field("until", to_text(until)));
  }
  lines.push_back("DayOpened" + field("date", to_text(date_)) + field("next_ticket", next_id) +
                  field("next_appointment", next_booking) + field("appointments", structs(booked)) +
                  field("notices", structs(noticed)) + field("blocks", structs(blocks)));
  people.clear();
  desks.clear();
  helped.clear();
  opened_.clear();
  used_.clear();
  numbers_.clear();
  issued_.clear();
  slots_.clear();
  tenants_.clear();
  return lines;
}

}  // namespace lobby::hall::testing
