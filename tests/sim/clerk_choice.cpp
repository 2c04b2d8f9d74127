// What a clerk does next, by the state of the window.
#include <fmt/format.h>

#include <algorithm>

#include "tests/sim/clerk.hpp"

namespace lobby::sim {
namespace {

/// Beyond the hall's least interval: its clock began a moment after ours.
constexpr std::chrono::milliseconds recall_margin{500};
/// Acts without effect until the clerk does whatever frees the window.
constexpr int tries_at_it = 4;

bool can_be_sent(const HallSight& hall, const WindowSight& from, const ServiceSight& to) {
  const bool serves_people =
      to.kind == "ordinary" || to.kind == "inquiry" || to.kind == "consulting" || to.kind == "joint";
  return serves_people && to.open && to.id != from.service && hall.windows_for(to.id) > 0;
}

}  // namespace

std::optional<Act> Clerk::next(const HallSight& hall, const WindowSight& sight, Moment now) {
  if (sight.state == "closed") {
    return Act{"open", {{"clerk", duties_.number()}}, ""};
  }
  if (sight.state == "paused") {
    return Act{"resume", {}, "pause"};
  }
  if (sight.state == "called") {
    return next_called(now.at);
  }
  if (sight.state == "serving") {
    return next_serving(hall, sight);
  }
  return duties_.next(hall, sight, now);
}

std::optional<Act> Clerk::next_called(TimePoint now) const {
  const Act start{"start", {}, "start"};
  const Act no_show{"no-show", {}, "no_show"};
  if (tries_ >= tries_at_it) {
    return tries_ % 2 == 0 ? start : no_show;
  }
  if (calls_again_ < plan_.recalls) {
    return now - last_call_ < desk_.recall_least + recall_margin ? std::nullopt
                                                                 : std::optional(Act{"recall", {}, "recall"});
  }
  return plan_.comes ? start : no_show;
}

Act Clerk::next_serving(const HallSight& hall, const WindowSight& sight) {
  if (deed_tried_ || sight.walk_in || plan_.deed == Deed::finish) {
    return finish();
  }
  deed_tried_ = true;
  if (plan_.deed == Deed::hold) {
    return {"hold", {{"kind", plan_.word}}, plan_.word == "away" ? "hold" : ""};
  }
  return transfer(hall, sight);
}

Act Clerk::transfer(const HallSight& hall, const WindowSight& sight) {
  std::vector<std::string> targets;
  if (plan_.to_window) {
    for (const WindowSight& window : hall.windows) {
      if (window.id != sight.id && window.is_open() && window.has(sight.service)) {
        targets.push_back(window.id);
      }
    }
  } else {
    for (const ServiceSight& service : hall.services) {
      if (can_be_sent(hall, sight, service)) {
        targets.push_back(service.id);
      }
    }
  }
  if (targets.empty()) {
    return finish();
  }
  const std::string& target = targets.at(random_() % targets.size());
  return {"transfer", {{plan_.to_window ? "window" : "service", target}, {"place", plan_.word}}, ""};
}

Act Clerk::finish() {
  // What could not be done otherwise ends here and now.
  const bool here = plan_.deed != Deed::finish || plan_.word == "on_spot";
  if (here) {
    return {"finish", {}, "finish"};
  }
  boost::json::object body{{"outcome", plan_.word}};
  if (plan_.word == "notified") {
    slip_ = fmt::format("SIM-{}-{}", desk_.number, ++slips_);
    body["notice_slip_no"] = slip_;
  } else {
    body["case_no"] = fmt::format("SIM-CASE-{}-{}", desk_.number, ++slips_);
  }
  return {"finish", body, ""};
}

}  // namespace lobby::sim
