#include "daemon/app/evaluation_wiring.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "daemon/app/log.hpp"

namespace lobby::app {

/// The witness's port on the recorders. Plumbing.
struct EvaluationWiring::Port final : flows::RecorderPort {
  explicit Port(devices::Recorders& all) : recorders(all) {}
  void start(const hall::DeviceId& camera,
             std::function<void(hall::RecorderAnswer, hall::RecordingSession)> done) override {
    recorders.start(camera, std::move(done));
  }
  void resume(const hall::DeviceId& camera, hall::RecordingSession session) override {
    recorders.resume(camera, std::move(session));
  }
  void stop(const hall::DeviceId& camera, std::function<void(hall::RecorderAnswer)> done) override {
    recorders.stop(camera, std::move(done));
  }
  void probe(const hall::DeviceId& camera, std::function<void(hall::RecordingReading)> done) override {
    recorders.probe(camera, std::move(done));
  }
  void check(const hall::DeviceId& camera, std::function<void(hall::RecorderReport)> done) override {
    recorders.check(camera, std::move(done));
  }
  devices::Recorders& recorders;
};

EvaluationWiring::EvaluationWiring(House house) : house_(std::move(house)), soon_(house_.executor) {
  if (house_.file.recorders.empty()) {
    return;
  }
  const auto& witness = house_.file.witness;
  evidence_ = std::make_unique<EvidenceDesk>(EvidenceDesk::House{
      house_.executor, house_.state_directory, house_.now, witness.sm3, [this](const std::string& fault) {
        if (fault.empty()) {
          log(Priority::notice, "the evidence is written again");
        } else {
          log(Priority::error, "the evidence cannot be written, it waits: " + fault);
        }
        if (witness_) {
          witness_->evidence_fault(fault);
        }
      }});
  devices::Recorders::Options options;
  options.now = house_.now;
  options.lost_after = std::chrono::milliseconds(witness.times.lost_after);
  recorders_ = std::make_unique<devices::Recorders>(
      house_.executor, house_.file.recorders,
      [this, &witness](const devices::RecorderConfig& config) {
        return devices::make_recorder(house_.io, house_.executor, config, witness.recorder_times, house_.now);
      },
      house_.roster, std::move(options));
  port_ = std::make_unique<Port>(*recorders_);
  witness_ = std::make_unique<flows::Witness>(house_.desk, *port_, *evidence_, witness.times);
  witness_->start();
  step();
}

EvaluationWiring::~EvaluationWiring() = default;

void EvaluationWiring::on_event(const hall::Event& event) {
  if (!witness_) {
    return;
  }
  witness_->on_event(event);
  if (const auto* closed = std::get_if<hall::EvaluationClosed>(&event.body)) {
    // Its short head leaves the box with the log.
    log(Priority::notice, fmt::format("evaluation {} is closed, evidence head {}", closed->evaluation.value,
                                      closed->head.substr(0, 16)));
  }
  step();
}

void EvaluationWiring::tick() {
  if (witness_) {
    step();
  }
}

void EvaluationWiring::step() {
  constexpr auto soon = std::chrono::milliseconds(100);
  witness_->step();
  if (witness_->is_busy()) {
    soon_.start(soon, [this] { step(); });
  }
}

std::vector<hall::CameraSight> EvaluationWiring::sights(const hall::Evaluation& evaluation) const {
  if (witness_) {
    return witness_->sights(evaluation);
  }
  std::vector<hall::CameraSight> all;
  for (const auto& id : evaluation.cameras) {
    hall::CameraSight sight;
    sight.camera = id;
    all.push_back(std::move(sight));
  }
  return all;
}

void EvaluationWiring::evidence(hall::EvaluationId evaluation, const std::string& by,
                                std::function<void(std::variant<std::string, hall::Refusal>)> done) {
  using Result = std::variant<std::string, hall::Refusal>;
  if (!evidence_) {
    return done(Result(hall::Refusal{hall::Refused::unknown_evaluation, "this site has no recorders"}));
  }
  evidence_->read(evaluation, by, [done = std::move(done), evaluation](evidence::Writer::Bundle bundle) {
    if (auto* text = std::get_if<std::string>(&bundle)) {
      return done(Result(std::move(*text)));
    }
    const auto& fault = std::get<evidence::Writer::Fault>(bundle);
    done(Result(fault.is_missing ? hall::Refusal{hall::Refused::unknown_evaluation,
                                                 "there is no evaluation " + std::to_string(evaluation.value)}
                                 : hall::Refusal{hall::Refused::storage_failed, fault.sentence}));
  });
}

}  // namespace lobby::app
