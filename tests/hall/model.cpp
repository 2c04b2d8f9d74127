#include "tests/hall/model.hpp"

#include <algorithm>
#include <variant>

namespace lobby::hall::testing {

namespace {

std::string field(const std::string& name, const std::string& value) {
  return value.empty() ? "" : " " + name + "=" + value;
}

std::string field(const std::string& name, std::uint64_t value) {
  return field(name, std::to_string(value));
}

std::vector<std::string> no(const std::string& code) {
  return {"!" + code};
}

std::string padded(const std::string& prefix, std::uint32_t n) {
  std::string digits = std::to_string(n);
  while (digits.size() < 3) {
    digits.insert(digits.begin(), '0');
  }
  return prefix + digits;
}

bool serves(const Window& window, const std::string& service) {
  return std::any_of(window.services.begin(), window.services.end(),
                     [&](const ServiceId& id) { return id.value == service; });
}

}  // namespace

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
    if (one.service == service && one.state == "waiting") {
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
  const bool somebody = it != desks.end() && it->second.person != 0;
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
  if (state == "idle") {
    return "no_ticket_at_window";
  }
  const bool fits = state == "called" || (call == "finish" && state == "serving");
  return fits ? "" : "wrong_state";
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

Model::Lines Model::on(const IssueTicket& c) {
  const Service* service = site_.find(c.service);
  if (service == nullptr) {
    return no("unknown_service");
  }
  const Kiosk* kiosk = c.kiosk ? site_.find(*c.kiosk) : nullptr;
  if (c.kiosk && kiosk == nullptr) {
    return no("bad_request");
  }
  if (date_.days == 0 || day_is_due(now_)) {
    return no("wrong_state");
  }
  bool open = false;
  for (const Hours& hours : service->hours[static_cast<std::size_t>(weekday(local_date(now_)))]) {
    open = open || (local_minute(now_) >= hours.from && local_minute(now_) < hours.to);
  }
  if (!open) {
    return no("service_closed");
  }
  const std::string printer = kiosk == nullptr ? "" : kiosk->printer.value;
  if (!printer.empty() && !printer_refusal(printer).empty()) {
    return no(printer_refusal(printer));
  }
  std::uint32_t n = 0;
  Person one;
  one.number = free_number(*service, n);
  if (one.number.empty()) {
    return no("number_range_exhausted");
  }
  one.id = next_id++;
  one.service = c.service.value;
  one.ahead = static_cast<int>(queue(one.service).size());
  one.printer = printer;
  one.due = !printer.empty();
  used_.insert({service->prefix, n});
  numbers_.insert(one.number);
  people.push_back(one);
  return {"TicketIssued" + about(one) + field("prefix", service->prefix) + field("n", n) +
          field("lane", std::string{to_text(c.lane)}) +
          field("ahead", static_cast<std::uint64_t>(one.ahead)) +
          field("kiosk", c.kiosk ? c.kiosk->value : "") + field("printer", printer) +
          field("language", c.language)};
}

Model::Lines Model::on(const CancelTicket& c) {
  Person* one = person(c.ticket.value);
  if (one == nullptr) {
    return no("unknown_ticket");
  }
  if (one->state != "waiting") {
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

Model::Lines Model::on(const ReportPrint& c) {
  Person* one = person(c.ticket.value);
  if (one == nullptr) {
    return no("unknown_ticket");
  }
  static const std::map<PrintState, std::string> types{{PrintState::printed, "TicketPrinted"},
                                                       {PrintState::sent, "TicketSent"},
                                                       {PrintState::failed, "TicketUnprinted"},
                                                       {PrintState::unknown, "TicketPrintUnknown"}};
  const auto type = types.find(c.state);
  if (type == types.end()) {
    return no("bad_request");
  }
  const bool fits = one->print == "sending" || (one->due && c.state == PrintState::failed);
  if (!fits || c.printer.value != one->printer) {
    return no("wrong_state");
  }
  one->due = false;
  one->print = std::string{to_text(c.state)};
  return {print_line(type->second, *one, c.reason)};
}

Model::Lines Model::on(const OpenWindow& c) {
  if (const auto refusal = table(c.window.value, "open"); !refusal.empty()) {
    return no(refusal);
  }
  if (date_.days == 0 || day_is_due(now_)) {
    return no("wrong_state");
  }
  Desk desk;
  desk.state = "idle";
  desk.clerk = c.clerk.value;
  desks[c.window.value] = desk;
  if (std::find(opened_.begin(), opened_.end(), c.window.value) == opened_.end()) {
    opened_.push_back(c.window.value);
  }
  return {"WindowOpened" + field("window", c.window.value) + field("clerk", c.clerk.value)};
}

Model::Lines Model::on(const CloseWindow& c) {
  if (const auto refusal = table(c.window.value, "close"); !refusal.empty()) {
    return no(refusal);
  }
  desks[c.window.value] = {};
  return {"WindowClosed" + field("window", c.window.value)};
}

std::string Model::call(Desk& desk, const std::string& window, Person& person, std::uint64_t call_seq) {
  desk.state = "called";
  desk.person = person.id;
  desk.call = call_seq;
  person.state = "called";
  person.window = window;
  return "TicketCalled" + about(person) + field("window", window);
}

std::string Model::end(Desk& desk, Person& person, const std::string& state) {
  desk.state = "idle";
  desk.person = 0;
  desk.call = 0;
  person.state = state;
  return about(person) + field("window", person.window);
}

Model::Lines Model::on(const CallNext& c) {
  const bool finishes = c.finish_first && table(c.window.value, "finish").empty();
  const std::string refusal = finishes ? "" : table(c.window.value, "call");
  if (!refusal.empty()) {
    return no(refusal);
  }
  const Window& window = *site_.find(c.window);
  Person* first = nullptr;
  for (Person& one : people) {
    if (one.state == "waiting" && serves(window, one.service) && (first == nullptr || one.id < first->id)) {
      first = &one;
    }
  }
  if (first == nullptr && !finishes) {
    return no("nothing_waiting");
  }
  Desk& desk = desks[c.window.value];
  Lines lines;
  if (finishes) {
    lines.push_back("ServiceFinished" + end(desk, *person(desk.person), "finished") + " outcome=on_spot");
  }
  if (first != nullptr) {
    lines.push_back(call(desk, c.window.value, *first, seq + lines.size() + 1));
  }
  return lines;
}

Model::Lines Model::on(const CallTicket& c) {
  const std::string refusal = table(c.window.value, "call");
  if (refusal == "unknown_window") {
    return no(refusal);
  }
  Person* one = person(c.ticket.value);
  if (one == nullptr) {
    return no("unknown_ticket");
  }
  if (!refusal.empty()) {
    return no(refusal);
  }
  if (!serves(*site_.find(c.window), one->service)) {
    return no("not_served_here");
  }
  if (one->state != "waiting") {
    return no("wrong_state");
  }
  return {call(desks[c.window.value], c.window.value, *one, seq + 1)};
}

Model::Lines Model::on(const RecallTicket& c) {
  if (const auto refusal = table(c.window.value, "recall"); !refusal.empty()) {
    return no(refusal);
  }
  Desk& desk = desks[c.window.value];
  Person& one = *person(desk.person);
  desk.call = seq + 1;
  ++one.recalls;
  return {"TicketRecalled" + about(one) + field("window", c.window.value) +
          field("times", static_cast<std::uint64_t>(one.recalls))};
}

Model::Lines Model::on(const StartService& c) {
  if (const auto refusal = table(c.window.value, "start"); !refusal.empty()) {
    return no(refusal);
  }
  Desk& desk = desks[c.window.value];
  desk.state = "serving";
  person(desk.person)->state = "serving";
  return {"ServiceStarted" + about(*person(desk.person)) + field("window", c.window.value)};
}

Model::Lines Model::on(const FinishService& c) {
  if (const auto refusal = table(c.window.value, "finish"); !refusal.empty()) {
    return no(refusal);
  }
  Desk& desk = desks[c.window.value];
  return {"ServiceFinished" + end(desk, *person(desk.person), "finished") +
          field("outcome", std::string{to_text(c.outcome)}) + field("case_no", c.case_no) +
          field("notice_slip_no", c.notice_slip_no)};
}

Model::Lines Model::on(const MarkNoShow& c) {
  if (const auto refusal = table(c.window.value, "no-show"); !refusal.empty()) {
    return no(refusal);
  }
  Desk& desk = desks[c.window.value];
  return {"TicketNoShow" + end(desk, *person(desk.person), "no_show") + field("reason", c.reason)};
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

Model::Lines Model::on(const TurnDay&) {
  if (!day_is_due(now_)) {
    return {};
  }
  Lines lines;
  std::uint64_t expired = 0, finished = 0, no_show = 0;
  for (Person& one : people) {
    if (one.print == "sending") {
      lines.push_back(print_line("TicketPrintUnknown", one, "the day ended before the printer answered"));
    } else if (one.due) {
      lines.push_back(print_line("TicketUnprinted", one, "the day ended before it was printed"));
    }
    const bool there = one.state == "called" || one.state == "serving";
    if (there || one.state == "waiting") {
      lines.push_back("TicketExpired" + about(one) + (there ? field("window", one.window) : ""));
      ++expired;
    }
    finished += one.state == "finished" ? 1 : 0;
    no_show += one.state == "no_show" ? 1 : 0;
  }
  for (const std::string& window : opened_) {
    if (desks[window].state != "closed") {
      lines.push_back("WindowClosed" + field("window", window));
    }
  }
  if (date_.days != 0) {
    lines.push_back("DayClosed" + field("date", to_text(date_)) + field("issued", people.size()) +
                    field("finished", finished) + field("no_show", no_show) + field("expired", expired));
  }
  date_ = local_date(now_);
  lines.push_back("DayOpened" + field("date", to_text(date_)) + field("next_ticket", next_id));
  people.clear();
  desks.clear();
  opened_.clear();
  used_.clear();
  numbers_.clear();
  return lines;
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

Model::Lines Model::on(const ReportApprovals& c) {
  if (c.added + c.changed + c.removed == 0) {
    return {};
  }
  ++approvals;
  return {"ApprovalsAdvanced" + field("feed", c.feed.value) + field("version", approvals) +
          field("added", c.added) + field("changed", c.changed) + field("removed", c.removed) +
          field("total", c.total)};
}

Model::Lines Model::on(const ReportAccount& c) {
  return {"AccountChanged" + field("account", c.account) + field("change", c.change)};
}

}  // namespace lobby::hall::testing
