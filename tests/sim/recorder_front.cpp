#include "tests/sim/recorder_front.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

namespace lobby::sim {

RecorderFront::RecorderFront(std::unique_ptr<RecorderModel> model, DigestGate::Settings gate,
                             RecorderModel::Now now)
    : model_(std::move(model)), gate_(std::move(gate)), now_(std::move(now)) {}

std::optional<HttpReply> RecorderFront::answer(const HttpAsk& ask) {
  ++requests_;
  last_.push_back(ask.method + " " + ask.target);
  if (last_.size() > most_remembered) {
    last_.pop_front();
  }
  auto reply = reply_to(ask);
  return model_->faults().has(Fault::silent) ? std::nullopt : std::optional(std::move(reply));
}

HttpReply RecorderFront::reply_to(const HttpAsk& ask) {
  if (!model_->is_open_to_all(ask)) {
    const auto said = gate_.check(ask, now_(), model_->faults());
    if (said != DigestGate::Said::welcome) {
      return said == DigestGate::Said::locked ? model_->locked(gate_) : gate_.challenge();
    }
  }
  return model_->answer(ask);
}

bool RecorderFront::can_have(Fault fault) const {
  constexpr Fault all[] = {Fault::gone,   Fault::silent, Fault::slow,
                           Fault::freeze, Fault::refuse, Fault::power_cycle};
  return std::find(std::begin(all), std::end(all), fault) != std::end(all) || model_->can_have(fault);
}

void RecorderFront::inject(Fault fault, milliseconds slow_by) {
  if (fault == Fault::power_cycle) {
    ++power_cycles_;
    gate_.forget();
  }
  model_->inject(fault, slow_by);
}

void RecorderFront::clear(std::optional<Fault> fault) {
  if (fault) {
    model_->mend(*fault);
  } else {
    model_->mend_all();
  }
}

void RecorderFront::describe(boost::json::object& out) const {
  model_->describe(out);
  out["recording"] = model_->is_recording();
  boost::json::array segments;
  for (const auto& one : model_->segments()) {
    const auto ms = [](RecorderTime at) { return at.time_since_epoch().count(); };
    segments.push_back({{"begin", iso_text(one.begin)},
                        {"end", one.end ? boost::json::value(iso_text(*one.end)) : nullptr},
                        {"begin_ms", ms(one.begin)},
                        {"end_ms", one.end ? boost::json::value(ms(*one.end)) : nullptr}});
  }
  out["segments"] = std::move(segments);
  out["faults"] = model_->faults().words();
  out["requests"] = requests_;
  out["last_requests"] = boost::json::array(last_.begin(), last_.end());
  out["wrong_logins"] = gate_.wrong();
  out["replays"] = gate_.replays();
  out["stale_nonces"] = gate_.stale();
  out["locked"] = gate_.is_locked(now_(), model_->faults());
  out["power_cycles"] = power_cycles_;
}

}  // namespace lobby::sim
