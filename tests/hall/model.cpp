#include "tests/hall/model.hpp"

#include <algorithm>
#include <variant>

#include "tests/hall/model_words.hpp"

namespace lobby::hall::testing {

std::vector<std::string> Model::answer(const Command& command, Instant now) {
  now_ = now;
  Lines lines = std::visit([this](const auto& c) { return on(c); }, command);
  if (lines.empty() || lines[0].starts_with('!')) {
    return lines;
  }
  seq += lines.size();
  latest_ms_ = std::max(latest_ms_, now.utc_ms);
  return lines;
}

std::vector<std::uint64_t> Model::queue(const std::string& service) const {
  std::vector<std::uint64_t> ids;
  for (const Person& one : people) {
    if (one.service == service && one.state == "waiting" && one.only.empty()) {
      ids.push_back(one.id);
    }
  }
  return ids;
}

Model::Person* Model::person(std::uint64_t id) {
  for (Person& one : people) {
    if (one.id == id) {
      return &one;
    }
  }
  return nullptr;
}

std::string Model::about(const Person& person) {
  return field("ticket", person.id) + field("number", person.number) + field("service", person.service);
}

std::string Model::table(const std::string& window, const std::string& call) const {
  if (site_.find(WindowId{window}) == nullptr) {
    return "unknown_window";
  }
  const auto it = desks.find(window);
  const std::string state = it == desks.end() ? "closed" : it->second.state;
  const bool walk_in = it != desks.end() && !it->second.walk_in.empty();
  const bool somebody = it != desks.end() && (it->second.person != 0 || walk_in);
  if (call == "open") {
    return state == "closed" ? "" : "wrong_state";
  }
  if (state == "closed") {
    return "window_closed";
  }
  if (call == "call") {
    return somebody ? "window_busy" : state == "idle" ? "" : "wrong_state";
  }
  if (call == "close") {
    return somebody ? "window_busy" : "";
  }
  if (call == "pause") {
    return state == "paused" ? "wrong_state" : "";
  }
  if (call == "resume") {
    return state == "paused" ? "" : "wrong_state";
  }
  const bool ends = call == "finish" || call == "hold" || call == "transfer";
  if (state == "serving" && walk_in) {
    return call == "finish" ? "" : "no_ticket_at_window";
  }
  if (state == "idle") {
    return "no_ticket_at_window";
  }
  return state == "called" || (ends && state == "serving") ? "" : "wrong_state";
}

std::string Model::free_number(const Service& service, std::uint32_t& n) const {
  std::uint32_t highest = 0;
  for (const auto& [prefix, number] : used_) {
    if (prefix == service.prefix && number >= service.first && number <= service.last) {
      highest = std::max(highest, number);
    }
  }
  for (n = highest == 0 ? service.first : highest + 1; n <= service.last; ++n) {
    if (!numbers_.contains(padded(service.prefix, n))) {
      return padded(service.prefix, n);
    }
  }
  return "";
}

std::string Model::printer_refusal(const std::string& printer) const {
  const auto it = devices.find(printer);
  const bool prints = it != devices.end() && !it->second.blocked &&
                      (it->second.state == "ok" || it->second.state == "degraded");
  return prints ? "" : "printer_unavailable";
}

bool Model::is_open_now(const Service& service, bool booked) const {
  const int last_issue = booked ? 0 : service.last_issue_before_min;
  const DayKind kind = site_.calendar.kind_of(local_date(now_));
  const auto day = static_cast<std::size_t>(weekday(local_date(now_)));
  const int minute = local_minute(now_);
  bool open = false;
  for (const Hours& hours : service.extended[day]) {
    open = open || (minute >= hours.from && minute < hours.to - last_issue);
  }
  for (const Hours& hours : service.hours[kind == DayKind::make_up ? 0 : day]) {
    open = open || (kind != DayKind::holiday && minute >= hours.from && minute < hours.to - last_issue);
  }
  return open && !closed;
}

std::string Model::refuse_person(const IssueTicket& c, const Service& service) const {
  const bool agent = c.lane == Lane::agent;
  if (c.applicant.value == 0) {
    return agent || service.one_per_person ? "bad_request" : "";
  }
  const auto block = blocked.find(c.applicant.value);
  if (block != blocked.end() && block->second >= local_date(now_)) {
    return "forbidden";
  }
  std::uint64_t open = 0;
  bool same = false;
  for (const Person& one : people) {
    if (one.who == c.applicant.value &&
        has(std::vector<std::string>{"waiting", "called", "serving", "held"}, one.state)) {
      ++open;
      same = same || (one.package.empty() ? one.service : one.package) == c.service.value;
    }
  }
  if (agent) {
    return open >= site_.rules.agent_limit ? "already_has_ticket" : "";
  }
  return same && service.one_per_person ? "already_has_ticket" : "";
}

std::string Model::refuse_issue(const IssueTicket& c, const Service& service, Person& one,
                                const Booking*& booked) const {
  const bool green = c.lane == Lane::green;
  if (!green && (c.green_type || !c.granted_by.empty())) {
    return "bad_request";
  }
  if (green && (!c.green_type || *c.green_type < 1 || *c.green_type > 5 || c.granted_by.empty())) {
    return "bad_request";
  }
  if (date_.days == 0 || day_is_due(now_)) {
    return "wrong_state";
  }
  if (!is_open_now(service, !c.appointment.empty())) {
    return "service_closed";
  }
  one.lane = c.lane;
  if (c.appointment.empty() && c.lane == Lane::appointment) {
    return "bad_request";
  }
  bool late = false;
  if (!c.appointment.empty()) {
    for (const Booking& other : bookings) {
      booked = other.code == c.appointment && other.service == c.service.value ? &other : booked;
    }
    if (booked == nullptr) {
      return "not_found";
    }
    const int minute = local_minute(Instant{moment(), now_.offset_min});
    const std::int64_t behind = (std::int64_t{minute} - booked->minute) * 60;
    late = behind > site_.rules.check_in_late_s;
    if (booked->used || booked->date != date_ || behind < -std::int64_t{site_.rules.check_in_early_s}) {
      return "wrong_state";
    }
    if (c.lane == Lane::ordinary || c.lane == Lane::appointment) {
      one.lane = late ? Lane::ordinary : Lane::appointment;
    }
  }
  if (!c.notice_slip_no.empty() && std::none_of(slips.begin(), slips.end(), [&](const Slip& slip) {
        return slip.no == c.notice_slip_no && slip.service == c.service.value &&
               slip.until >= local_date(now_);
      })) {
    return "not_found";
  }
  if (const auto refusal = refuse_person(c, service); !refusal.empty()) {
    return refusal;
  }
  const auto issued = issued_.find(service.id.value);
  const bool promised = booked != nullptr || !c.notice_slip_no.empty();
  if (!promised && service.quota_day != 0 && issued != issued_.end() && issued->second >= service.quota_day) {
    return "quota_reached";
  }
  const auto slot = slots_.find(service.id.value);
  const auto now_in = service.quota_slot == 0
                          ? 0U
                          : static_cast<std::uint32_t>(local_minute(Instant{moment(), now_.offset_min}) /
                                                       service.quota_slot_min) +
                                1;
  if (!promised && service.quota_slot != 0 && slot != slots_.end() && slot->second.first == now_in &&
      slot->second.second >= service.quota_slot) {
    return "quota_reached";
  }
  const auto standing = line(one.service, one.lane, "");
  one.since = now_.utc_ms;
  one.place = moment();
  if (!c.notice_slip_no.empty()) {
    one.place = place_at_once();
  } else if (booked != nullptr && !late) {
    const int minute = local_minute(Instant{moment(), now_.offset_min});
    one.place += std::max<std::int64_t>(booked->minute - minute, 0) * 60'000;
  } else if (one.lane != Lane::appointment && !standing.empty()) {
    one.place = std::max(one.place, standing.back()->place);
  }
  return "";
}

Model::Lines Model::on(const IssueTicket& c) {
  const Service* service = site_.find(c.service);
  if (service == nullptr) {
    return no("unknown_service");
  }
  const Kiosk* kiosk = c.kiosk ? site_.find(*c.kiosk) : nullptr;
  if (c.kiosk && kiosk == nullptr) {
    return no("bad_request");
  }
  if (service->kind == ServiceKind::tenant) {
    return no("not_served_here");
  }
  Person one;
  std::vector<std::string> steps;
  for (const ServiceId& step : service->steps) {
    steps.push_back(step.value);
  }
  const std::size_t first = service->steps_in_any_order ? shortest(steps) : 0;
  one.service = steps.empty() ? c.service.value : steps[first];
  const Booking* booked = nullptr;
  if (const auto refusal = refuse_issue(c, *service, one, booked); !refusal.empty()) {
    return no(refusal);
  }
  const std::string printer = kiosk == nullptr ? "" : kiosk->printer.value;
  if (!printer.empty() && !printer_refusal(printer).empty()) {
    return no(printer_refusal(printer));
  }
  std::uint32_t n = 0;
  one.number = free_number(*service, n);
  if (one.number.empty()) {
    return no("number_range_exhausted");
  }
  one.id = next_id++;
  one.who = c.applicant.value;
  one.ahead = static_cast<int>(ahead(one));
  one.printer = printer;
  one.due = !printer.empty();
  used_.insert({service->prefix, n});
  numbers_.insert(one.number);
  ++issued_[service->id.value];
  std::string slot;
  if (service->quota_slot != 0) {
    const int minute = local_minute(Instant{moment(), now_.offset_min});
    const auto now_in = static_cast<std::uint32_t>(minute / service->quota_slot_min) + 1;
    auto& taken = slots_[service->id.value];
    taken = {now_in, taken.first == now_in ? taken.second + 1 : 1};
    slot = std::to_string(now_in);
  }
  if (!service->steps.empty()) {
    one.package = service->id.value;
    steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(first));
    one.steps = steps;
  }
  const std::string appointment = booked == nullptr ? "" : std::to_string(booked->id);
  for (Booking& other : bookings) {
    other.used = other.used || &other == booked;
  }
  std::erase_if(slips, [&](const Slip& slip) {
    return !c.notice_slip_no.empty() && slip.no == c.notice_slip_no && slip.service == c.service.value;
  });
  people.push_back(one);
  const Instant queued{one.place, now_.offset_min};
  return {"TicketIssued" + about(one) + field("prefix", service->prefix) + field("n", n) +
          field("lane", std::string{to_text(one.lane)}) +
          field("ahead", static_cast<std::uint64_t>(one.ahead)) +
          field("kiosk", c.kiosk ? c.kiosk->value : "") + field("printer", printer) +
          field("language", c.language) + field("applicant", std::to_string(one.who)) +
          field("green_type", c.green_type ? std::to_string(*c.green_type) : "") +
          field("granted_by", c.granted_by) + field("appointment", appointment) +
          field("notice_slip_no", c.notice_slip_no) + field("package", one.package) +
          field("steps", list(one.steps)) + field("slot", slot) +
          field("queued_at", one.place == one.since ? "" : to_text(queued))};
}

Model::Lines Model::on(const CancelTicket& c) {
  Person* one = person(c.ticket.value);
  if (one == nullptr) {
    return no("unknown_ticket");
  }
  if (one->state != "waiting" && one->state != "held") {
    return no("wrong_state");
  }
  one->state = "cancelled";
  return {"TicketCancelled" + about(*one)};
}

std::string Model::print_line(const std::string& type, const Person& person, const std::string& reason) {
  return type + about(person) + field("printer", person.printer) + field("reason", reason);
}

Model::Lines Model::on(const ReprintTicket& c) {
  Person* one = person(c.ticket.value);
  if (one == nullptr) {
    return no("unknown_ticket");
  }
  if (one->due || one->print == "sending") {
    return no("wrong_state");
  }
  const std::string printer = c.printer ? c.printer->value : one->printer;
  if (printer.empty()) {
    return no("bad_request");
  }
  if (!printer_refusal(printer).empty()) {
    return no(printer_refusal(printer));
  }
  one->printer = printer;
  one->due = true;
  ++one->copies;
  return {print_line("TicketReprinted", *one, "") + field("copy", static_cast<std::uint64_t>(one->copies))};
}

Model::Lines Model::on(const SettlePrint& c) {
  Person* one = person(c.ticket.value);
  if (one == nullptr) {
    return no("unknown_ticket");
  }
  if (one->print != "unknown" || one->due) {
    return no("wrong_state");
  }
  one->print = c.printed ? "printed" : "failed";
  return {print_line(c.printed ? "TicketPrinted" : "TicketUnprinted", *one, "settled by a person")};
}

Model::Lines Model::on(const StartPrint& c) {
  Person* one = person(c.ticket.value);
  if (one == nullptr) {
    return no("unknown_ticket");
  }
  if (!one->due) {
    return no("wrong_state");
  }
  one->due = false;
  one->print = "sending";
  one->printer = c.printer.value;
  return {print_line("TicketPrintStarted", *one, "")};
}

/// Thrown away by the printer: a copy is due at once, three times at most.
Model::Lines Model::voided(Person& one, const std::string& reason) {
  if (one.copies >= 3) {
    one.print = "unknown";
    return {print_line("TicketPrintUnknown", one, reason)};
  }
  one.print = "failed";
  one.due = true;
  ++one.copies;
  return {print_line("TicketUnprinted", one, reason),
          print_line("TicketReprinted", one, "") + field("copy", static_cast<std::uint64_t>(one.copies))};
}

Model::Lines Model::on(const ReportPrint& c) {
  Person* one = person(c.ticket.value);
  if (one == nullptr) {
    return no("unknown_ticket");
  }
  static const std::map<PrintState, std::string> types{{PrintState::printed, "TicketPrinted"},
                                                       {PrintState::sent, "TicketSent"},
                                                       {PrintState::failed, "TicketUnprinted"},
                                                       {PrintState::taken, "TicketTaken"},
                                                       {PrintState::unknown, "TicketPrintUnknown"}};
  if (c.state == PrintState::none || c.state == PrintState::sending) {
    return no("bad_request");
  }
  const bool is_paper = c.state == PrintState::taken || c.state == PrintState::retracted;
  const bool came_out = one->print == "printed" || one->print == "sent";
  const bool fits = one->due
                        ? c.state == PrintState::failed || (c.state == PrintState::unknown && one->copies > 0)
                        : (one->print == "sending" && !is_paper) || (came_out && is_paper) ||
                              (one->print == "unknown" && c.state == PrintState::printed);
  if (!fits || c.printer.value != one->printer) {
    return no("wrong_state");
  }
  if (c.voided && c.state == PrintState::failed && one->print == "sending" && !one->due) {
    return voided(*one, c.reason);
  }
  one->due = false;
  one->print = std::string{to_text(c.state)};
  if (c.state == PrintState::retracted) {
    return {print_line("TicketRetracted", *one, c.reason) + field("passed_over", "0")};
  }
  return {print_line(types.at(c.state), *one, c.reason)};
}

Model::Lines Model::on(const PauseWindow& c) {
  if (const auto refusal = table(c.window.value, "pause"); !refusal.empty()) {
    return no(refusal);
  }
  Desk& desk = desks[c.window.value];
  desk.under_pause = desk.state;
  desk.state = "paused";
  desk.message = c.message;
  return {"WindowPaused" + field("window", c.window.value) + field("reason", c.reason) +
          field("message", c.message) + (c.back_at ? field("back_at", to_text(*c.back_at)) : "")};
}

Model::Lines Model::on(const ResumeWindow& c) {
  if (const auto refusal = table(c.window.value, "resume"); !refusal.empty()) {
    return no(refusal);
  }
  Desk& desk = desks[c.window.value];
  desk.state = desk.under_pause;
  desk.message.clear();
  return {"WindowResumed" + field("window", c.window.value)};
}

Model::Lines Model::on(const CallHelp& c) {
  if (site_.find(c.window) == nullptr) {
    return no("unknown_window");
  }
  if (!has(opened_, c.window.value)) {
    opened_.push_back(c.window.value);
  }
  return helped.insert(c.window.value).second ? Lines{"HelpCalled" + field("window", c.window.value)}
                                              : no("wrong_state");
}

Model::Lines Model::on(const EndHelp& c) {
  if (site_.find(c.window) == nullptr) {
    return no("unknown_window");
  }
  return helped.erase(c.window.value) > 0 ? Lines{"HelpEnded" + field("window", c.window.value)}
                                          : no("wrong_state");
}

Model::Lines Model::on(const ReportCallShown& c) {
  if (site_.find(c.window) == nullptr) {
    return no("unknown_window");
  }
  const Desk& desk = desks[c.window.value];
  if (desk.person == 0 || desk.call != c.call) {
    return {};
  }
  return {"CallShown" + about(*person(desk.person)) + field("window", c.window.value) +
          field("call", c.call) + field("device", c.device.value)};
}

Model::Lines Model::on(const ReportDevice& c) {
  const Device now{std::string{to_text(c.state)}, c.reason, c.blocked};
  const auto it = devices.find(c.device.value);
  if (it != devices.end() && it->second == now) {
    return {};
  }
  devices[c.device.value] = now;
  return {"DeviceChanged" + field("device", c.device.value) + field("kind", std::string{to_text(c.kind)}) +
          field("state", now.state) + field("reason", now.reason) + field("blocked", now.blocked ? "1" : "")};
}

Model::Lines Model::on(const ReportSource& c) {
  if (c.added + c.changed + c.removed == 0) {
    return {};
  }
  const bool bids = c.what == What::bids || c.what == What::notices;
  const bool other = c.what != What::cases && !bids;
  return {(bids    ? "BidsAdvanced"
           : other ? "CatalogueAdvanced"
                   : "ApprovalsAdvanced") +
          field("feed", c.feed.value) + field("version", c.version) + field("added", c.added) +
          field("changed", c.changed) + field("removed", c.removed) + field("total", c.total) +
          (other ? field("what", std::string(word_of(c.what))) : "")};
}

Model::Lines Model::on(const ReportAccount& c) {
  return {"AccountChanged" + field("account", c.account) + field("change", c.change)};
}

}  // namespace lobby::hall::testing
