#include <algorithm>

#include "daemon/hall/fold.hpp"

namespace lobby::hall {

namespace {

EvaluationCamera* camera_of(Evaluation& evaluation, const DeviceId& camera) {
  return const_cast<EvaluationCamera*>(evaluation.find(camera));
}

/// Alarms that were acknowledged go, the oldest first, when there are many.
void forget_past_alarms(Evaluation& evaluation) {
  auto& all = evaluation.alarms;
  const auto is_past = [](const EvaluationAlarm& one) { return !one.acknowledged_by.empty(); };
  while (static_cast<std::size_t>(std::count_if(all.begin(), all.end(), is_past)) > most_past_alarms) {
    all.erase(std::find_if(all.begin(), all.end(), is_past));
  }
}

}  // namespace

Evaluation* Fold::evaluation(EvaluationId id) {
  return const_cast<Evaluation*>(static_cast<const State&>(state_).find(id));
}

void Fold::operator()(const EvaluationPlanned& body) {
  state_.next_evaluation = std::max(state_.next_evaluation, EvaluationId{body.evaluation.value + 1});
  auto& all = state_.evaluations;
  std::erase_if(all, [&](const Evaluation& one) { return is_forgotten(one, event_.at); });
  if (all.size() >= most_evaluations) {
    const auto closed = std::find_if(
        all.begin(), all.end(), [](const Evaluation& one) { return one.stage == EvaluationStage::closed; });
    if (closed != all.end()) {
      all.erase(closed);
    }
  }
  if (!all.empty() && all.back().evaluation >= body.evaluation) {
    return;
  }
  Evaluation one;
  static_cast<EvaluationPlanned&>(one) = body;
  one.planned_by = event_.by;
  for (const DeviceId& camera : body.cameras) {
    one.watch.push_back({.camera = camera});
  }
  all.push_back(std::move(one));
}

void Fold::operator()(const EvaluationOpened& body) {
  if (auto* one = evaluation(body.evaluation)) {
    one->stage = EvaluationStage::opening;
    one->opened_at = event_.at;
    one->opened_by = event_.by;
    for (auto& camera : one->watch) {
      camera.stage = CameraStage::requested;
      camera.since = event_.at;
    }
  }
}

void Fold::operator()(const RecordingRequested& body) {
  auto* one = evaluation(body.evaluation);
  if (auto* camera = one == nullptr ? nullptr : camera_of(*one, body.camera)) {
    camera->ordered = body.since;
    camera->previous = body.previous;
  }
}

void Fold::operator()(const RecordingVerified& body) {
  auto* one = evaluation(body.evaluation);
  auto* camera = one == nullptr ? nullptr : camera_of(*one, body.camera);
  if (camera == nullptr) {
    return;
  }
  camera->stage = CameraStage::recording;
  camera->since = body.proof;
  const bool all = std::all_of(one->watch.begin(), one->watch.end(), [](const EvaluationCamera& each) {
    return each.stage == CameraStage::recording;
  });
  if (all && is_open(*one)) {
    one->stage = EvaluationStage::witnessed;
  }
}

void Fold::operator()(const RecordingMissing& body) {
  auto* one = evaluation(body.evaluation);
  if (auto* camera = one == nullptr ? nullptr : camera_of(*one, body.camera)) {
    camera->stage = CameraStage::missing;
    camera->since = body.since;
  }
}

void Fold::operator()(const AlarmRaised& body) {
  state_.next_alarm = std::max(state_.next_alarm, AlarmId{body.alarm.value + 1});
  if (auto* one = evaluation(body.evaluation)) {
    one->alarms.push_back({body.alarm, body.camera, body.kind, body.reason, event_.at, {}});
  }
}

void Fold::operator()(const AlarmAcknowledged& body) {
  auto* one = evaluation(body.evaluation);
  if (one == nullptr) {
    return;
  }
  for (auto& alarm : one->alarms) {
    if (alarm.alarm == body.alarm) {
      alarm.acknowledged_by = event_.by;
      alarm.acknowledged_at = event_.at;
    }
  }
  forget_past_alarms(*one);
}

void Fold::operator()(const EvaluationUnwitnessed& body) {
  if (auto* one = evaluation(body.evaluation)) {
    one->stage = EvaluationStage::unwitnessed;
    one->unwitnessed_by = event_.by;
    one->unwitnessed_reason = body.reason;
  }
}

void Fold::operator()(const EvaluationInterrupted& body) {
  if (auto* one = evaluation(body.evaluation)) {
    one->stage = EvaluationStage::interrupted;
  }
}

void Fold::operator()(const EvaluationStopped& body) {
  if (auto* one = evaluation(body.evaluation)) {
    one->stage = EvaluationStage::closing;
    one->stopped_at = event_.at;
    one->stopped_by = event_.by;
  }
}

void Fold::operator()(const EvaluationClosed& body) {
  if (auto* one = evaluation(body.evaluation)) {
    one->stage = EvaluationStage::closed;
    one->closed_at = event_.at;
    one->head = body.head;
    for (auto& camera : one->watch) {
      camera.stage = CameraStage::idle;
      camera.since = event_.at;
    }
  }
}

}  // namespace lobby::hall
