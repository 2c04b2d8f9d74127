#include "tests/sim/clerk.hpp"

#include <algorithm>

#include "tests/sim/day_profile.hpp"

namespace lobby::sim {
namespace {

using What = CrowdCounts::What;

/// Real time after which an act without effect is tried again.
constexpr std::chrono::seconds again{3};
/// Real time after which a clerk whose key is not taken goes to the console.
constexpr std::chrono::seconds pad_patience{20};
/// Acts without effect until a key is not pressed any more.
constexpr int by_keys = 2;

bool has_person(const WindowSight& sight) {
  return sight.ticket != 0 || sight.walk_in;
}

bool is_same(const WindowSight& a, const WindowSight& b) {
  return a.state == b.state && a.ticket == b.ticket && a.walk_in == b.walk_in;
}

}  // namespace

Clerk::Clerk(Desk desk, Ways ways, CrowdCounts& counts, std::uint64_t seed)
    : desk_(std::move(desk)),
      ways_(std::move(ways)),
      counts_(counts),
      random_(seed),
      duties_({desk_.number, desk_.backups, desk_.speed}, ways_.wall, random_()) {}

void Clerk::see(const HallSight& hall, const WindowSight& sight, Moment now) {
  if (!knows_) {
    duties_.begin(now.at);
  }
  if (!knows_ || !is_same(sight, seen_)) {
    notice(sight, now.at);
  }
  seen_ = sight;
  thank(now.at);
  if (now.at < due_ || waits_for_pad(now.at)) {
    return;
  }
  if (const auto act = next(hall, sight, now)) {
    due_ = now.at + again;
    perform(*act, now.at);
  }
}

bool Clerk::waits_for_pad(TimePoint now) {
  if (desk_.unit == nullptr) {
    return false;
  }
  if (desk_.unit->keys_taken()) {
    untaken_since_.reset();
    pad_works_ = true;
    return false;
  }
  // The last press still waits in the unit; the wire will take it when it is there again.
  untaken_since_ = untaken_since_.value_or(now);
  pad_works_ = now - *untaken_since_ < pad_patience;
  return pad_works_;
}

void Clerk::count_change(const WindowSight& sight) {
  const auto becomes = [&](std::string_view state) { return sight.state == state && seen_.state != state; };
  if (becomes("serving")) {
    counts_.add(What::started);
    if (sight.walk_in) {
      counts_.add(What::walk_ins);
    }
  }
  if (becomes("paused")) {
    counts_.add(What::paused);
  }
  if (seen_.state == "paused" && sight.state != "closed") {
    counts_.add(What::resumed);
  }
  if (seen_.state == "closed") {
    counts_.add(What::opened);
    duties_.opened();
  }
}

void Clerk::notice(const WindowSight& sight, TimePoint now) {
  const bool other = sight.ticket != seen_.ticket || sight.walk_in != seen_.walk_in;
  if (knows_) {
    if (other && has_person(seen_)) {
      see_off(now);
    }
    count_change(sight);
  }
  if (has_person(sight) && (other || !knows_)) {
    welcome(sight, now);
  }
  knows_ = true;
  tries_ = 0;
  due_ = now + thinks(sight, now);
}

void Clerk::welcome(const WindowSight& sight, TimePoint now) {
  plan_ = draw_plan(random_);
  calls_again_ = 0;
  last_call_ = now;
  deed_tried_ = false;
  ended_by_.clear();
  slip_.clear();
  if (sight.state == "called") {
    counts_.add(What::called);
  }
  if (sight.walk_in || sight.ticket == expected_) {
    plan_.comes = true;
    plan_.recalls = 0;
  } else if (ways_.has_left(sight.ticket)) {
    counts_.add(What::reneged);
    plan_.comes = plan_.returns = false;
    plan_.recalls = std::max(plan_.recalls, 1);
  }
  expected_ = 0;
}

void Clerk::see_off(TimePoint now) {
  using Why = Leaving::Why;
  const auto leave = [&](Why why, std::string_view word) {
    ways_.leaves({why, seen_.ticket, seen_.service, std::string(word)});
  };
  if (ended_by_ == "no-show") {
    counts_.add(What::no_show);
    if (plan_.returns) {
      leave(Why::missed, "");
    }
  } else if (ended_by_ == "hold") {
    counts_.add(What::held);
    leave(Why::held, plan_.word);
  } else if (ended_by_ == "transfer") {
    counts_.add(What::transferred);
  } else {
    counts_.add(What::finished);
    if (!slip_.empty()) {
      counts_.add(What::notified);
      leave(Why::told, slip_);
    }
    if (const auto rating = draw_rating(random_)) {
      thanks_ = Thanks{*rating, now + real_time(0.1, desk_.speed)};
    }
  }
}

Clock::duration Clerk::thinks(const WindowSight& sight, TimePoint now) {
  const double some = between(0.5, 1.5, random_);
  if (sight.state == "called") {
    return real_time((plan_.comes ? 0.4 : 1.0) * some, desk_.speed);  // the citizen walks
  }
  if (sight.state == "serving") {
    // A question is soon answered, and a missing paper soon missed.
    const bool is_short = sight.walk_in || plan_.deed != Deed::finish;
    return real_time(service_minutes(random_) * (is_short ? 0.5 : 1.0), desk_.speed);
  }
  if (sight.state == "paused") {
    return std::max(duties_.pause_ends() - now, real_time(5 * some, desk_.speed));
  }
  return real_time(0.1 * some, desk_.speed);
}

void Clerk::perform(const Act& act, TimePoint now) {
  ++tries_;
  ended_by_ = act.verb;
  const bool by_key = !act.key.empty() && desk_.unit != nullptr && pad_works_ && tries_ <= by_keys;
  if (by_key && desk_.unit->press(act.key).empty()) {
    counts_.add(What::keys);
    done(act, now);
    return;
  }
  const std::string refusal = ways_.ask(act.verb, act.body);
  if (refusal.empty()) {
    done(act, now);
  } else {
    counts_.refuse_clerk(refusal);
    refused(act, refusal, now);
  }
}

void Clerk::done(const Act& act, TimePoint now) {
  duties_.done(act, now);
  if (act.verb == "recall") {
    counts_.add(What::recalled);
    ++calls_again_;
    last_call_ = now;
    tries_ = 0;
    due_ = now + std::max(real_time(0.5, desk_.speed), Clock::duration(again));
  } else if (act.verb == "take-over") {
    counts_.add(What::taken_over);
    due_ = now;
  } else if (act.verb == "resume-held") {
    counts_.add(What::resumed_held);
    expected_ = act.body.at("ticket").to_number<std::uint64_t>();
  } else if (act.verb == "collect") {
    counts_.add(What::collected);
  }
}

void Clerk::refused(const Act& act, const std::string& code, TimePoint now) {
  duties_.refused(act, now);
  if (act.verb == "recall") {
    // Too soon: the next one in a while. Anything else: no further call can be had.
    plan_.recalls = code == "recall_too_soon" ? plan_.recalls : calls_again_;
    last_call_ = now;
  } else if (act.verb == "finish") {
    plan_.word = "on_spot";
    slip_.clear();
  } else if (act.verb == "hold" || act.verb == "transfer" ||
             (seen_.state == "idle" && act.verb != "call-next")) {
    due_ = now;  // there is something else to do at once
  }
}

void Clerk::thank(TimePoint now) {
  if (!thanks_ || now < thanks_->due) {
    return;
  }
  const boost::json::object body{{"score", thanks_->rating.score}, {"by", thanks_->rating.by}};
  thanks_.reset();
  for (int times = happens(share::rates_twice, random_) ? 2 : 1; times > 0; --times) {
    const std::string refusal = ways_.ask("rate", body);
    if (refusal.empty()) {
      counts_.add(What::rated);
    } else {
      counts_.refuse_clerk(refusal);
    }
  }
}

}  // namespace lobby::sim
