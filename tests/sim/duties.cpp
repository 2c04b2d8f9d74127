#include "tests/sim/duties.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lobby::sim {
namespace {

// Assumptions, in minutes of the day.
constexpr double break_every = 120, walk_in_every = 12, collect_every = 15;
constexpr double first_lunch = 690, last_lunch = 740, lunch_over = 780, lunch_length = 45;
constexpr double short_break = 10;
/// Breaks in which a colleague sits down at the window (双岗); where backups are named, all of them.
constexpr double taken_over = 0.25;
constexpr int most_tries = 5;  ///< of fetching a held person
constexpr double try_again = 1;

/// A service of the window that somebody may ask for without a ticket.
std::string asked_at(const HallSight& hall, const WindowSight& window, bool (*fits)(std::string_view)) {
  for (const std::string& id : window.services) {
    const ServiceSight* const service = hall.service(id);
    if (service != nullptr && fits(service->kind)) {
      return id;
    }
  }
  return {};
}

bool answers_questions(std::string_view kind) {
  return kind == "inquiry" || kind == "consulting";
}

bool hands_out(std::string_view kind) {
  return kind == "collect";
}

}  // namespace

Duties::Duties(Post post, Wall wall, std::uint64_t seed)
    : post_(std::move(post)), wall_(std::move(wall)), random_(seed) {}

TimePoint Duties::after(double minutes, TimePoint now) const {
  return now + real_time(minutes, post_.speed);
}

void Duties::begin(TimePoint now) {
  next_break_ = after(about_every(break_every, random_), now);
  next_walk_in_ = after(about_every(walk_in_every, random_), now);
  next_collect_ = after(about_every(collect_every, random_), now);
  lunch_at_ = between(first_lunch, last_lunch, random_);
}

void Duties::expect(std::uint64_t ticket, TimePoint at) {
  held_.add(at, {ticket, 0});
}

std::optional<Act> Duties::next(const HallSight& hall, const WindowSight& window, Moment now) {
  if (const auto back = held_.take(now.at)) {
    fetched_ = *back;
    return Act{"resume-held", {{"ticket", back->ticket}}, ""};
  }
  if (on_backup_ && now.at >= own_back_) {
    // Only a backup may take over where backups are named: there one leaves and the other opens.
    return post_.backups.empty() ? Act{"take-over", {{"clerk", post_.number}}, ""} : Act{"close", {}, ""};
  }
  if (auto act = break_or_lunch(now)) {
    return act;
  }
  if (auto act = somebody_without_ticket(hall, window, now.at)) {
    return act;
  }
  return window.waiting > 0 ? std::optional(Act{"call-next", {}, "call"}) : std::nullopt;
}

std::optional<Act> Duties::break_or_lunch(Moment now) {
  if (now.minute < first_lunch) {
    had_lunch_ = false;
  }
  if (on_backup_) {
    return std::nullopt;
  }
  if (!had_lunch_ && now.minute >= lunch_at_ && now.minute < lunch_over) {
    had_lunch_ = true;
    Pause lunch;
    lunch.reason = "lunch";
    lunch.message = "午餐，稍后回来";
    lunch.minutes = lunch_length;
    return happens(0.5, random_) ? hand_over(lunch_length) : pause(lunch);
  }
  if (now.at < next_break_) {
    return std::nullopt;
  }
  next_break_ = after(about_every(break_every, random_), now.at);
  const bool covered = !post_.backups.empty() || happens(taken_over, random_);
  return covered ? hand_over(short_break) : pause(draw_pause(random_));
}

Act Duties::hand_over(double minutes) {
  absence_min_ = minutes;
  const std::string who =
      post_.backups.empty() ? "b" + post_.number : post_.backups.at(random_() % post_.backups.size());
  return {"take-over", {{"clerk", who}}, ""};
}

Act Duties::pause(const Pause& pause) {
  absence_min_ = pause.minutes;
  const boost::json::object body{{"reason", pause.reason},
                                 {"message", pause.message},
                                 {"back_at", wall_(real_time(pause.minutes, post_.speed))}};
  return {"pause", body, happens(share::key_pause, random_) ? "pause" : ""};
}

std::optional<Act> Duties::somebody_without_ticket(const HallSight& hall, const WindowSight& window,
                                                   TimePoint now) {
  if (now >= next_walk_in_) {
    next_walk_in_ = after(about_every(walk_in_every, random_), now);
    const std::string service = asked_at(hall, window, answers_questions);
    if (!service.empty()) {
      return Act{"start", {{"service", service}}, ""};
    }
  }
  if (now >= next_collect_) {
    next_collect_ = after(about_every(collect_every, random_), now);
    if (!asked_at(hall, window, hands_out).empty()) {
      return Act{"collect", {{"case_tail", fmt::format("{:04}", ++cases_ % 10000)}}, ""};
    }
  }
  return std::nullopt;
}

void Duties::done(const Act& act, TimePoint now) {
  if (act.verb == "pause") {
    pause_ends_ = after(absence_min_, now);
  } else if (act.verb == "take-over") {
    on_backup_ = !on_backup_;
    own_back_ = after(absence_min_, now);
  }
}

void Duties::refused(const Act& act, TimePoint now) {
  if (act.verb == "resume-held" && ++fetched_.tries < most_tries) {
    held_.add(after(try_again, now), fetched_);
  } else if (act.verb == "close" || act.verb == "take-over") {
    own_back_ = after(short_break, now);
  }
}

}  // namespace lobby::sim
