#include <algorithm>

#include "tests/days/day.hpp"

namespace lobby::hall::days {

/// What the clerk of a window does now, and when again.
void Day::work(std::size_t window) {
  const WindowRecord* record = state_.find(site_.windows[window].id);
  const WindowState state = record == nullptr ? WindowState::closed : record->state;
  Shift& shift = shifts_[window];
  double wait_s = -1;
  switch (state) {
    case WindowState::closed:
      if (now_.utc_ms < shift.to_ms) {
        ask(OpenWindow{.window = site_.windows[window].id, .clerk = {"c" + std::to_string(window)}});
        wait_s = between(2, 20);
      }
      break;
    case WindowState::idle:
      wait_s = idle(window, *record);
      break;
    case WindowState::called:
      wait_s = called(window, *record);
      break;
    case WindowState::serving:
      wait_s = serving(window, *record);
      break;
    case WindowState::paused:
      ask(ResumeWindow{.window = record->id});
      wait_s = between(5, 30);
      break;
  }
  if (wait_s >= 0) {
    put(now_.utc_ms + static_cast<std::int64_t>(wait_s * 1000), Act::clerk, window);
  }
}

double Day::idle(std::size_t window, const WindowRecord& record) {
  Shift& shift = shifts_[window];
  const WindowId id = record.id;
  if (shift.lunch_ms != 0 && now_.utc_ms >= shift.lunch_ms) {
    const std::int64_t lunch_s = 40 * 60;
    shift.lunch_ms = 0;
    Instant back = now_;
    back.utc_ms += lunch_s * 1000;
    ask(PauseWindow{.window = id, .reason = "lunch", .message = "", .back_at = back});
    return static_cast<double>(lunch_s) + between(-60, 240);
  }
  auto& here = here_[static_cast<std::size_t>(&record - state_.windows.data())];
  while (!here.empty()) {
    const TicketId ticket = here.back();
    here.pop_back();
    if (state_.find(ticket)->state == TicketState::held && ask(ResumeHeld{.window = id, .ticket = ticket})) {
      return between(5, 15);
    }
  }
  std::string code;
  if (ask(CallNext{.window = id}, &code)) {
    return between(8, 30);
  }
  const bool late = now_.utc_ms >= shift.to_ms;
  if (code == "nothing_waiting" && late) {
    ask(CloseWindow{.window = id});
    return -1;
  }
  return between(15, 25);
}

double Day::called(std::size_t, const WindowRecord& record) {
  const WindowId id = record.id;
  const Ticket& ticket = *state_.find(record.ticket);
  // Whoever does not come, never comes to this call: drawn by the ticket, so that a recall changes nothing.
  std::mt19937_64 fate(ticket.id.value * 7919 + ticket.reinstated);
  const bool comes = static_cast<double>(fate() % 10'000) >= plan_.no_show * 10'000 || ticket.started_ms != 0;
  if (comes) {
    ask(StartService{.window = id});
    const std::size_t window = static_cast<std::size_t>(site_.find(id) - site_.windows.data());
    return service_time(window, state_.services[ticket.service].id);
  }
  if (ticket.recalls < 2) {
    ask(RecallTicket{.window = id});
    return between(15, 25);
  }
  const TicketId gone = ticket.id;
  ask(MarkNoShow{.window = id, .reason = ""});
  if (chance(0.3)) {
    put(now_.utc_ms + static_cast<std::int64_t>(between(120, 1500) * 1000), Act::come_back, back_.size());
    back_.push_back(gone);
  }
  return between(3, 12);
}

double Day::serving(std::size_t window, const WindowRecord& record) {
  const WindowId id = record.id;
  const double otherwise_s = end_otherwise(site_.windows[window], record);
  if (otherwise_s >= 0) {
    return otherwise_s;
  }
  FinishService finish{.window = id, .case_no = {}, .notice_slip_no = {}};
  if (chance(plan_.notified)) {
    finish.outcome = Outcome::notified;
    finish.notice_slip_no = "N" + std::to_string(++key_);
  }
  ask(finish);
  if (chance(0.3)) {
    ask(RateService{.window = id, .score = chance(0.9) ? Score::very_good : Score::poor});
  }
  return between(4, 16);
}

/// Some are set aside, some sent on; negative: neither.
double Day::end_otherwise(const Window& window, const WindowRecord& record) {
  const TicketId ticket = record.ticket;
  if (ticket == TicketId{}) {
    return -1;
  }
  if (chance(plan_.hold)) {
    const HoldKind kind = static_cast<HoldKind>(random_() % 3);
    ask(HoldTicket{.window = window.id, .kind = kind});
    put(now_.utc_ms + static_cast<std::int64_t>(between(300, 1800) * 1000), Act::come_back, back_.size());
    back_.push_back(ticket);
    return between(4, 16);
  }
  if (chance(plan_.transfer)) {
    const std::size_t to = open_service(now_.utc_ms);
    const auto place = static_cast<QueuePlace>(random_() % 3);
    if (to < site_.services.size() &&
        ask(TransferTicket{.window = window.id, .to_service = site_.services[to].id, .place = place})) {
      return between(4, 16);
    }
  }
  return -1;
}

double Day::service_time(std::size_t window, const ServiceId& service) {
  // Mornings begin slowly, and the last hour is a quick one.
  const double minute = local_minute(now_);
  const double hour = minute < 10 * 60 ? 1.15 : minute > 16 * 60 ? 0.88 : 1.0;
  const double mean = mean_s_[service_place_.at(service.value)] * shifts_[window].pace * hour;
  return std::clamp(lognormal(mean, plan_.cv), 10.0, 2 * 3600.0);
}

}  // namespace lobby::hall::days
