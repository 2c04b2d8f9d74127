#include <algorithm>

#include "tests/hall/model.hpp"
#include "tests/hall/model_words.hpp"

namespace lobby::hall::testing {

Model::Lines Model::on(const OpenWindow& c) {
  if (const auto refusal = table(c.window.value, "open"); !refusal.empty()) {
    return no(refusal);
  }
  if (date_.days == 0 || day_is_due(now_) || closed) {
    return no("wrong_state");
  }
  Desk& desk = desks[c.window.value];
  desk.state = "idle";
  desk.clerk = c.clerk.value;
  if (!has(opened_, c.window.value)) {
    opened_.push_back(c.window.value);
  }
  return {"WindowOpened" + field("window", c.window.value) + field("clerk", c.clerk.value)};
}

Model::Lines Model::on(const TakeOverWindow& c) {
  const Window* window = site_.find(c.window);
  if (window == nullptr) {
    return no("unknown_window");
  }
  Desk& desk = desks[c.window.value];
  if (desk.state == "closed") {
    return no("window_closed");
  }
  if (desk.clerk == c.clerk.value) {
    return no("wrong_state");
  }
  if (!window->backups.empty() && !has(window->backups, c.clerk)) {
    return no("forbidden");
  }
  const std::string from = std::exchange(desk.clerk, c.clerk.value);
  return {"WindowOpened" + field("window", c.window.value) + field("clerk", c.clerk.value) +
          field("took_over_from", from)};
}

Model::Lines Model::on(const CloseWindow& c) {
  if (const auto refusal = table(c.window.value, "close"); !refusal.empty()) {
    return no(refusal);
  }
  Lines lines;
  for (const Person* there : line("", {}, c.window.value)) {
    Person& one = *person(there->id);
    const std::int64_t kept = one.place;
    one.only.clear();
    queue_up(one, kept);
    lines.push_back("TicketTransferred" + about(one) + field("window", c.window.value) +
                    field("to_service", one.service) + " place=keep" +
                    field("queued_at", to_text(Instant{kept, now_.offset_min})) + " next_step=0");
  }
  Desk& desk = desks[c.window.value];
  Desk after;
  after.last_service = desk.last_service;
  after.last_clerk = desk.last_clerk;
  after.last_person = desk.last_person;
  after.rateable = desk.rateable;
  after.last_call = desk.last_call;
  desk = after;
  lines.push_back("WindowClosed" + field("window", c.window.value));
  return lines;
}

std::string Model::call(Desk& desk, const std::string& window, Person& person, std::uint64_t call_seq) {
  desk.state = "called";
  desk.person = person.id;
  desk.call = call_seq;
  desk.last_call = now_.utc_ms;
  person.state = "called";
  person.window = window;
  person.came = now_.utc_ms;
  person.waited = seconds(person.since, now_.utc_ms);
  person.recalls = 0;
  person.only.clear();
  person.avoid.clear();
  std::vector<std::string> round;
  for (const std::uint32_t calls : desk.round) {
    round.push_back(std::to_string(calls));
  }
  return "TicketCalled" + about(person) + field("window", window) + field("round", list(round));
}

std::string Model::end(Desk& desk, Person& person, const std::string& state) {
  desk.state = "idle";
  desk.person = 0;
  desk.call = 0;
  person.state = state;
  person.ended = now_.utc_ms;
  return about(person) + field("window", person.window);
}

Model::Lines Model::finish(const std::string& window, const FinishService& c) {
  Desk& desk = desks[window];
  const bool slip = c.outcome == Outcome::notified && !c.notice_slip_no.empty();
  const Date until{local_date(now_).days + static_cast<std::int32_t>(site_.rules.notified_days)};
  const std::string tail = field("outcome", std::string{to_text(c.outcome)}) + field("case_no", c.case_no) +
                           field("notice_slip_no", c.notice_slip_no) + field("clerk", desk.clerk);
  desk.rateable = true;
  desk.last_clerk = desk.clerk;
  Lines lines;
  if (desk.person == 0) {
    desk.last_service = desk.walk_in;
    desk.last_person = 0;
    lines.push_back("ServiceFinished ticket=0" + field("service", desk.walk_in) + field("window", window) +
                    tail + field("served_s", seconds(desk.walk_in_since, now_.utc_ms)) +
                    (slip ? field("slip_until", to_text(until)) : ""));
    desk.walk_in.clear();
    desk.state = "idle";
  } else {
    Person& one = *person(desk.person);
    const std::uint64_t served = one.served + seconds(one.started == 0 ? one.came : one.started, now_.utc_ms);
    desk.last_service = one.service;
    desk.last_person = one.id;
    lines.push_back("ServiceFinished" + end(desk, one, "finished") + tail + field("waited_s", one.waited) +
                    field("served_s", served) + (slip ? field("slip_until", to_text(until)) : ""));
    one.notified = c.outcome == Outcome::notified;
    if (!one.steps.empty() && !one.notified && !closed) {
      const bool any_order = site_.find(ServiceId{one.package})->steps_in_any_order;
      const std::size_t next = any_order ? shortest(one.steps) : 0;
      const std::string onward = one.steps[next];
      lines.push_back("TicketTransferred" + about(one) + field("window", window) +
                      field("to_service", onward) + " place=keep" +
                      field("queued_at", to_text(Instant{one.place, now_.offset_min})) + " next_step=1");
      one.steps.erase(one.steps.begin() + static_cast<std::ptrdiff_t>(next));
      one.service = onward;
      queue_up(one, one.place);
    }
  }
  if (slip) {
    std::erase_if(slips, [&](const Slip& old) {
      return old.no == c.notice_slip_no && old.service == desk.last_service;
    });
    slips.push_back({c.notice_slip_no, desk.last_service, until, desk.last_person});
  }
  return lines;
}

Model::Lines Model::on(const CallNext& c) {
  const bool finishes = c.finish_first && table(c.window.value, "finish").empty();
  const std::string refusal = finishes ? "" : table(c.window.value, "call");
  if (!refusal.empty()) {
    return no(refusal);
  }
  const Window& window = *site_.find(c.window);
  Desk& desk = desks[c.window.value];
  auto round = desk.round;
  Person* next = pick(window, round);
  const std::uint64_t next_id_called = next == nullptr ? 0 : next->id;
  if (next == nullptr && !finishes) {
    return no("nothing_waiting");
  }
  Lines lines;
  if (finishes) {
    lines = finish(c.window.value, FinishService{c.window, Outcome::on_spot, "", ""});
  }
  if (next_id_called != 0) {
    desk.round = round;
    lines.push_back(call(desk, c.window.value, *person(next_id_called), seq + lines.size() + 1));
  }
  return lines;
}

std::string Model::refuse_named(const std::string& window, const Person* person) const {
  const std::string refusal = table(window, "call");
  return refusal != "unknown_window" && person == nullptr ? "unknown_ticket" : refusal;
}

Model::Lines Model::on(const CallTicket& c) {
  Person* one = person(c.ticket.value);
  if (const auto refusal = refuse_named(c.window.value, one); !refusal.empty()) {
    return no(refusal);
  }
  const std::string here = not_here(*site_.find(c.window), *site_.find(ServiceId{one->service}));
  if (!here.empty()) {
    return no(here);
  }
  if (one->state != "waiting") {
    return no("wrong_state");
  }
  if (!one->only.empty() && one->only != c.window.value && works(one->only)) {
    return no("not_served_here");
  }
  return {call(desks[c.window.value], c.window.value, *one, seq + 1)};
}

Model::Lines Model::on(const ResumeHeld& c) {
  Person* one = person(c.ticket.value);
  if (const auto refusal = refuse_named(c.window.value, one); !refusal.empty()) {
    return no(refusal);
  }
  if (one->state != "held") {
    return no("wrong_state");
  }
  if (one->window != c.window.value) {
    const std::string here = not_here(*site_.find(c.window), *site_.find(ServiceId{one->service}));
    if (one->hold != "away" && works(one->window)) {
      return no("not_served_here");
    }
    if (!here.empty()) {
      return no(here);
    }
  }
  Desk& desk = desks[c.window.value];
  desk.state = "called";
  desk.person = one->id;
  desk.call = seq + 1;
  desk.last_call = now_.utc_ms;
  one->state = "called";
  one->window = c.window.value;
  one->came = now_.utc_ms;
  one->recalls = 0;
  return {"TicketResumed" + about(*one) + field("window", c.window.value)};
}

Model::Lines Model::on(const CollectLicence& c) {
  if (const auto refusal = table(c.window.value, "call"); !refusal.empty()) {
    return no(refusal);
  }
  if (date_.days == 0 || day_is_due(now_)) {
    return no("wrong_state");
  }
  const Service* service = nullptr;
  for (const ServiceId& id : site_.find(c.window)->services) {
    const Service* one = site_.find(id);
    service = service == nullptr && one->kind == ServiceKind::collect ? one : service;
  }
  if (service == nullptr) {
    return no("not_served_here");
  }
  Person one;
  std::uint32_t n = 0;
  one.number = free_number(*service, n);
  if (one.number.empty()) {
    return no("number_range_exhausted");
  }
  one.id = next_id++;
  one.service = service->id.value;
  one.place = one.since = now_.utc_ms;
  used_.insert({service->prefix, n});
  numbers_.insert(one.number);
  ++issued_[one.service];
  people.push_back(one);
  Lines lines{"TicketIssued" + about(one) + field("prefix", service->prefix) + field("n", n) +
              " lane=ordinary ahead=0 applicant=0" + field("case_tail", c.case_tail)};
  lines.push_back(call(desks[c.window.value], c.window.value, people.back(), seq + 2) +
                  field("case_tail", c.case_tail));
  return lines;
}

Model::Lines Model::on(const RecallTicket& c) {
  if (const auto refusal = table(c.window.value, "recall"); !refusal.empty()) {
    return no(refusal);
  }
  Desk& desk = desks[c.window.value];
  Person& one = *person(desk.person);
  if (static_cast<std::uint32_t>(one.recalls) >= site_.rules.recall_limit) {
    return no("recall_limit");
  }
  const std::int64_t since = now_.utc_ms - desk.last_call;
  if (since >= 0 && since < std::int64_t{site_.rules.recall_least_s} * 1000) {
    return no("recall_too_soon");
  }
  desk.call = seq + 1;
  desk.last_call = now_.utc_ms;
  ++one.recalls;
  return {"TicketRecalled" + about(one) + field("window", c.window.value) +
          field("times", static_cast<std::uint64_t>(one.recalls))};
}

Model::Lines Model::on(const StartService& c) {
  Desk& desk = desks[c.window.value];
  if (!c.service) {
    if (const auto refusal = table(c.window.value, "start"); !refusal.empty()) {
      return no(refusal);
    }
    desk.state = "serving";
    Person& one = *person(desk.person);
    one.state = "serving";
    one.started = now_.utc_ms;
    return {"ServiceStarted" + about(one) + field("window", c.window.value)};
  }
  if (const auto refusal = table(c.window.value, "call"); !refusal.empty()) {
    return no(refusal);
  }
  const Service* service = site_.find(*c.service);
  if (service == nullptr) {
    return no("unknown_service");
  }
  if (const auto here = not_here(*site_.find(c.window), *service); !here.empty()) {
    return no(here);
  }
  desk.state = "serving";
  desk.walk_in = c.service->value;
  desk.walk_in_since = now_.utc_ms;
  return {"ServiceStarted ticket=0" + field("service", desk.walk_in) + field("window", c.window.value)};
}

Model::Lines Model::on(const FinishService& c) {
  const auto refusal = table(c.window.value, "finish");
  return refusal.empty() ? finish(c.window.value, c) : no(refusal);
}

Model::Lines Model::on(const MarkNoShow& c) {
  if (const auto refusal = table(c.window.value, "no-show"); !refusal.empty()) {
    return no(refusal);
  }
  Desk& desk = desks[c.window.value];
  Person& one = *person(desk.person);
  return {"TicketNoShow" + end(desk, one, "no_show") + field("reason", c.reason) +
          field("clerk", desk.clerk) + field("waited_s", one.waited)};
}

Model::Lines Model::on(const HoldTicket& c) {
  if (const auto refusal = table(c.window.value, "hold"); !refusal.empty()) {
    return no(refusal);
  }
  Desk& desk = desks[c.window.value];
  Person& one = *person(desk.person);
  one.served += one.started == 0 ? 0 : seconds(one.started, now_.utc_ms);
  one.started = 0;
  one.hold = std::string{to_text(c.kind)};
  const std::string line = "TicketHeld" + end(desk, one, "held") + field("kind", one.hold);
  one.ended = 0;
  return {line};
}

Model::Lines Model::on(const TransferTicket& c) {
  if (c.to_service.has_value() == c.to_window.has_value()) {
    return no("bad_request");
  }
  if (const auto refusal = table(c.window.value, "transfer"); !refusal.empty()) {
    return no(refusal);
  }
  if (closed) {
    return no("wrong_state");
  }
  Desk& desk = desks[c.window.value];
  Person& one = *person(desk.person);
  if (c.to_service) {
    const Service* to = site_.find(*c.to_service);
    if (to == nullptr) {
      return no("unknown_service");
    }
    if (to->kind == ServiceKind::tenant || !to->steps.empty()) {
      return no("not_served_here");
    }
    if (to->id.value == one.service) {
      return no("wrong_state");
    }
  } else {
    const Window* to = site_.find(*c.to_window);
    if (to == nullptr) {
      return no("unknown_window");
    }
    if (to->id == c.window) {
      return no("wrong_state");
    }
    if (desks[to->id.value].state == "closed") {
      return no("window_closed");
    }
    if (const auto here = not_here(*to, *site_.find(ServiceId{one.service})); !here.empty()) {
      return no(here);
    }
  }
  const auto standing =
      c.to_window ? line("", {}, c.to_window->value) : line(c.to_service->value, one.lane, "");
  std::int64_t where = place(c.place, standing, one);
  if (c.to_window && c.place == QueuePlace::head) {
    // First at that window: of its own line, and of the people of this lane and service.
    std::int64_t front = moment() + 1;
    for (const auto& some : {standing, line(one.service, one.lane, "")}) {
      front = some.empty() ? front : std::min(front, some.front()->place);
    }
    where = std::max(place_at_once(), front - 1);
  }
  const std::string text = "TicketTransferred" + end(desk, one, "waiting") +
                           field("to_service", c.to_service ? c.to_service->value : "") +
                           field("to_window", c.to_window ? c.to_window->value : "") +
                           field("place", std::string{to_text(c.place)}) +
                           field("queued_at", to_text(Instant{where, now_.offset_min})) + " next_step=0";
  one.service = c.to_service ? c.to_service->value : one.service;
  one.only = c.to_window ? c.to_window->value : "";
  one.avoid = c.window.value;
  queue_up(one, where);
  return {text};
}

Model::Lines Model::on(const RateService& c) {
  if (site_.find(c.window) == nullptr) {
    return no("unknown_window");
  }
  Desk& desk = desks[c.window.value];
  if (desk.last_service.empty()) {
    return no("no_ticket_at_window");
  }
  if (!desk.rateable) {
    return no("already_rated");
  }
  desk.rateable = false;
  const Person* one = person(desk.last_person);
  return {"ServiceRated ticket=" + std::to_string(desk.last_person) +
          field("number", one == nullptr ? "" : one->number) + field("service", desk.last_service) +
          field("window", c.window.value) + field("score", std::string{to_text(c.score)}) +
          field("via", std::string{to_text(c.via)}) + field("clerk", desk.last_clerk)};
}

Model::Lines Model::on(const ReinstateTicket& c) {
  Person* one = person(c.ticket.value);
  if (one == nullptr) {
    return no("unknown_ticket");
  }
  if (date_.days == 0 || day_is_due(now_)) {
    return no("wrong_state");
  }
  const bool returns = one->state == "finished" && one->notified;
  const bool missed = one->state == "no_show" && one->back < static_cast<int>(site_.rules.reinstate_times) &&
                      seconds(one->ended, moment()) <= site_.rules.reinstate_within_s;
  if (!returns && !missed) {
    return no("wrong_state");
  }
  const std::string wanted = one->package.empty() ? one->service : one->package;
  std::uint64_t open = 0, same = 0;
  for (const Person& other : people) {
    if (one->who != 0 && other.who == one->who && other.id != one->id &&
        has(std::vector<std::string>{"waiting", "called", "serving", "held"}, other.state)) {
      ++open;
      same += (other.package.empty() ? other.service : other.package) == wanted ? 1U : 0U;
    }
  }
  if (one->lane == Lane::agent ? open >= site_.rules.agent_limit
                               : same > 0 && site_.find(ServiceId{wanted})->one_per_person) {
    return no("already_has_ticket");
  }
  const auto standing = line(one->service, one->lane, "");
  const std::int64_t where = returns ? place_at_once() : place(site_.rules.reinstate_place, standing, *one);
  one->only.clear();
  one->avoid.clear();
  if (one->notified) {
    std::erase_if(slips, [&](const Slip& slip) { return slip.ticket == one->id; });
  }
  one->notified = false;
  ++one->back;
  queue_up(*one, where);
  return {"TicketReinstated" + about(*one) + field("queued_at", to_text(Instant{where, now_.offset_min}))};
}

}  // namespace lobby::hall::testing
