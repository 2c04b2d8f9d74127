#include "tests/sim/clerk.hpp"

#include <algorithm>

#include "tests/sim/day_profile.hpp"

namespace lobby::sim {
namespace {

using What = CrowdCounts::What;

constexpr double no_show_share = 0.05;
/// However fast the day goes: faster than this nobody's finger is.
constexpr std::chrono::milliseconds quickest{250};
/// Real time after which an act without effect is tried again.
constexpr std::chrono::seconds again{3};

std::string verb_of(const std::string& key) {
  return key == "call" ? "call-next" : key == "no_show" ? "no-show" : key;
}

}  // namespace

Clerk::Clerk(Desk desk, Ask ask, CrowdCounts& counts, std::uint64_t seed)
    : desk_(std::move(desk)), ask_(std::move(ask)), counts_(counts), random_(seed) {}

TimePoint Clerk::later(double minutes, TimePoint now) const {
  const auto time = std::chrono::duration<double>(minutes * 60.0 / desk_.speed);
  return now + std::max<Clock::duration>(std::chrono::duration_cast<Clock::duration>(time), quickest);
}

void Clerk::see(const WindowSight& sight, TimePoint now) {
  if (!knows_ || sight.state != seen_.state || sight.ticket != seen_.ticket) {
    notice(sight, now);
  }
  seen_ = sight;
  if (now < due_) {
    return;
  }
  if (desk_.unit != nullptr && !desk_.unit->keys_taken()) {
    return;  // the last press still waits in the unit; the wire will take it when it is there again
  }
  act(sight);
  due_ = now + again;
}

void Clerk::notice(const WindowSight& sight, TimePoint now) {
  if (knows_ && !seen_.ticket.empty() && sight.ticket != seen_.ticket) {
    counts_.add(ended_by_ == "no_show" ? What::no_show : What::finished);
  }
  if (sight.state == "called" && sight.ticket != seen_.ticket) {
    counts_.add(What::called);
    std::uniform_real_distribution<double> chance(0, 1);
    will_miss_ = chance(random_) < no_show_share;
    recalled_ = false;
    ended_by_.clear();
  }
  if (knows_ && sight.state == "serving" && seen_.state != "serving") {
    counts_.add(What::started);
  }
  if (knows_ && seen_.state == "closed" && sight.state != "closed") {
    counts_.add(What::opened);
  }
  knows_ = true;
  due_ = later(thinks(sight), now);
}

double Clerk::thinks(const WindowSight& sight) {
  std::uniform_real_distribution<double> some(0.5, 1.5);
  if (sight.state == "called") {
    return (will_miss_ ? 1.0 : 0.4) * some(random_);  // the citizen walks
  }
  if (sight.state == "serving") {
    return service_minutes(random_);
  }
  return 0.1 * some(random_);
}

void Clerk::act(const WindowSight& sight) {
  if (sight.state == "closed") {
    const std::string refusal = ask_("open", {{"clerk", desk_.number}});
    if (!refusal.empty()) {
      counts_.refuse_clerk(refusal);
    }
  } else if (sight.state == "idle" && sight.waiting > 0) {
    press("call");
  } else if (sight.state == "called") {
    act_on_called();
  } else if (sight.state == "serving") {
    press("finish");
  }
}

void Clerk::act_on_called() {
  if (!will_miss_) {
    press("start");
  } else if (!recalled_) {
    recalled_ = true;
    press("recall");
    counts_.add(What::recalled);
  } else {
    press("no_show");
  }
}

void Clerk::press(const std::string& key) {
  if (key == "finish" || key == "no_show") {
    ended_by_ = key;
  }
  if (desk_.unit != nullptr) {
    if (desk_.unit->press(key).empty()) {
      counts_.add(What::keys);
    }
    return;
  }
  const std::string refusal = ask_(verb_of(key), {});
  if (!refusal.empty()) {
    counts_.refuse_clerk(refusal);
  }
}

}  // namespace lobby::sim
