#include "tests/sim/recorder.hpp"

#include "tests/sim/recorder_dahua.hpp"
#include "tests/sim/recorder_isapi.hpp"
#include "tests/sim/recorder_motion.hpp"
#include "tests/sim/recorder_onvif.hpp"

namespace lobby::sim {
namespace {

constexpr std::int64_t most_offset_s = 366LL * 24 * 3600;

std::unique_ptr<RecorderModel> recorder_model_of(const RecorderEnd& end, const RecorderModel::Now& now) {
  if (end.protocol == "isapi" || end.protocol == "hikvision") {
    return std::make_unique<IsapiRecorder>(now);
  }
  if (end.protocol == "dahua") {
    return std::make_unique<DahuaRecorder>(now);
  }
  if (end.protocol == "motion") {
    return std::make_unique<MotionRecorder>(now);
  }
  if (end.protocol == "onvif") {
    return std::make_unique<OnvifRecorder>(
        now, OnvifRecorder::Settings{end.wants_token, end.user, end.password, end.attempts});
  }
  return nullptr;
}

}  // namespace

std::shared_ptr<Recorder> Recorder::make(const RecorderEnd& end, const WallClock& clock) {
  const RecorderModel::Now now = [&clock] { return std::chrono::floor<milliseconds>(clock.now()); };
  auto model = recorder_model_of(end, now);
  if (model == nullptr) {
    return nullptr;
  }
  DigestGate::Settings gate;
  gate.user = end.user;
  gate.password = end.password;
  gate.attempts = end.attempts;
  gate.realm = end.protocol;
  gate.is_sha256 = end.protocol == "onvif";
  return std::shared_ptr<Recorder>(
      new Recorder(end, std::make_unique<RecorderFront>(std::move(model), std::move(gate), now)));
}

Recorder::Recorder(RecorderEnd end, std::unique_ptr<RecorderFront> front)
    : end_(std::move(end)), front_(std::move(front)), wire_(end_.doors, [this](const HttpAsk& ask) {
        const std::lock_guard lock(mutex_);
        return front_->answer(ask);
      }) {}

boost::json::object Recorder::describe() {
  boost::json::object out{
      {"id", end_.id},
      {"kind", kind()},
      {"protocol", end_.protocol},
      {"at", "http://" + end_.doors.front().host + ":" + std::to_string(end_.doors.front().port)},
      {"connections", wire_.connections()}};
  const std::lock_guard lock(mutex_);
  front_->describe(out);
  return out;
}

bool Recorder::can_have(Fault fault) const {
  const std::lock_guard lock(mutex_);
  return front_->can_have(fault);
}

void Recorder::fit_wire() {
  HttpWire::Mood mood;
  {
    const std::lock_guard lock(mutex_);
    const FaultSet& faults = front_->model().faults();
    mood = {faults.has(Fault::gone), faults.has(Fault::freeze), faults.slow_by()};
  }
  wire_.set(mood);
}

std::string Recorder::set_details(Fault fault, const boost::json::object& body) {
  if (fault != Fault::clock) {
    return {};
  }
  const boost::json::value* const offset = body.if_contains("offset_s");
  if (offset == nullptr || !offset->is_int64() || std::abs(offset->get_int64()) > most_offset_s) {
    return "offset_s must be a number of seconds, at most a year.";
  }
  const std::lock_guard lock(mutex_);
  front_->model().set_clock(std::chrono::seconds(offset->get_int64()));
  return {};
}

void Recorder::inject(Fault fault, milliseconds slow_by) {
  if (fault == Fault::power_cycle) {
    wire_.hang_up();
  }
  {
    const std::lock_guard lock(mutex_);
    front_->inject(fault, slow_by);
  }
  fit_wire();
}

void Recorder::clear(std::optional<Fault> fault) {
  {
    const std::lock_guard lock(mutex_);
    front_->clear(fault);
  }
  fit_wire();
}

}  // namespace lobby::sim
