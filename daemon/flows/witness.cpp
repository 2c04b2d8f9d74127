#include "daemon/flows/witness.hpp"

#include <algorithm>
#include <utility>

namespace lobby::flows {

namespace {

/// A disk that hangs delays no recording by more than that.
constexpr std::int64_t evidence_patience = 1'000;

bool is_over(const hall::Evaluation& evaluation) {
  return evaluation.stage == hall::EvaluationStage::closed;
}

}  // namespace

hall::Instant Witness::instant_of(std::int64_t mono_ms) const {
  hall::Instant at = desk_.now();
  at.utc_ms -= desk_.mono_ms() - mono_ms;
  return at;
}

Witness::Case* Witness::find(hall::EvaluationId id) {
  const auto it = cases_.find(id.value);
  return it == cases_.end() ? nullptr : &it->second;
}

Witness::Camera* Witness::find(hall::EvaluationId id, const hall::DeviceId& camera) {
  Case* const one = find(id);
  if (one == nullptr) {
    return nullptr;
  }
  const auto it = std::find_if(one->cameras.begin(), one->cameras.end(),
                               [&](const Camera& each) { return each.id == camera; });
  return it == one->cameras.end() ? nullptr : &*it;
}

Witness::Case& Witness::make(const hall::Evaluation& evaluation) {
  Case one;
  one.id = evaluation.evaluation;
  for (const auto& id : evaluation.cameras) {
    one.cameras.push_back({.id = id, .watch = CameraWatch(times_)});
  }
  return cases_.insert_or_assign(evaluation.evaluation.value, std::move(one)).first->second;
}

void Witness::start() {
  for (const auto& evaluation : desk_.state().evaluations) {
    if (!is_over(evaluation)) {
      take_up(evaluation);
    }
  }
}

void Witness::take_up(const hall::Evaluation& evaluation) {
  Case& one = make(evaluation);
  for (Camera& camera : one.cameras) {
    const auto* known = evaluation.find(camera.id);
    if (known != nullptr && known->ordered) {
      camera.session = hall::RecordingSession{*known->ordered, known->previous};
      recorders_.resume(camera.id, *camera.session);
    }
    if (known != nullptr && known->stage == hall::CameraStage::recording) {
      camera.unwatched_since = known->since;
    }
  }
  if (evaluation.stage == hall::EvaluationStage::planned) {
    return;
  }
  one.is_closing = evaluation.stage == hall::EvaluationStage::closing;
  one.resumes_at = desk_.mono_ms() + evidence_patience;
  evidence_.last_written(one.id, [this, id = one.id](std::optional<std::int64_t> last_ms) {
    if (Case* const found = find(id)) {
      resume(*found, last_ms);
    }
  });
}

void Witness::resume(Case& one, std::optional<std::int64_t> last_ms) {
  if (!std::exchange(one.resumes_at, std::nullopt)) {
    return;
  }
  EvidenceNote note;
  note.kind = "resumed";
  note.detail["to_ms"] = desk_.now().utc_ms;
  if (last_ms) {
    note.detail["from_ms"] = *last_ms;
  }
  write(one.id, {std::move(note)}, true);
  const auto now = desk_.mono_ms();
  one.is_live = true;
  tell_evidence_fault(one);
  one.next_heartbeat = now + times_.heartbeat;
  for (Camera& camera : one.cameras) {
    camera.mode = Mode::live;
    if (camera.unwatched_since && last_ms) {
      camera.unwatched_since->utc_ms = std::max(camera.unwatched_since->utc_ms, *last_ms);
    }
    if (camera.session) {
      camera.watch.resume(now);
    } else if (!one.is_closing) {
      camera.watch.start(now);
    }
  }
  if (one.is_closing) {
    stop(one);
  }
  step(one);
}

void Witness::on_event(const hall::Event& event) {
  if (auto noted = note_of(event)) {
    write(noted->about, {std::move(noted->note)}, noted->seals);
  }
  if (const auto* planned = std::get_if<hall::EvaluationPlanned>(&event.body)) {
    if (const auto* evaluation = desk_.state().find(planned->evaluation)) {
      make(*evaluation);
    }
  } else if (const auto* opened = std::get_if<hall::EvaluationOpened>(&event.body)) {
    if (Case* const one = find(opened->evaluation)) {
      open(*one);
    }
  } else if (const auto* stopped = std::get_if<hall::EvaluationStopped>(&event.body)) {
    if (Case* const one = find(stopped->evaluation)) {
      one->is_closing = true;
      stop(*one);
      step(*one);
    }
  } else if (const auto* closed = std::get_if<hall::EvaluationClosed>(&event.body)) {
    cases_.erase(closed->evaluation.value);
  }
}

void Witness::open(Case& one) {
  const auto now = desk_.mono_ms();
  one.is_live = one.is_checked = true;
  one.next_heartbeat = now + times_.heartbeat;
  for (Camera& camera : one.cameras) {
    // A trial that is under way becomes the real thing; what was still to be sent for it is not.
    camera.mode = Mode::live;
    camera.order = camera.probe = 0;
    camera.order_due.reset();
    camera.watch = CameraWatch(times_);
    camera.watch.start(now);
  }
  const auto* opened = desk_.state().find(one.id);
  for (auto& [number, other] : cases_) {
    const auto* evaluation = desk_.state().find(other.id);
    if (opened != nullptr && evaluation != nullptr && evaluation->room == opened->room && is_tried(other)) {
      break_off(other);
    }
  }
  tell_evidence_fault(one);
  step(one);
}

void Witness::stop(Case& one) {
  for (Camera& camera : one.cameras) {
    const auto stage = camera.watch.stage();
    if (stage != CameraWatch::Stage::idle && stage != CameraWatch::Stage::closed) {
      camera.mode = Mode::live;
      camera.watch.stop(desk_.mono_ms());
    }
  }
}

void Witness::step() {
  const auto now = desk_.mono_ms();
  for (auto& [number, one] : cases_) {
    if (one.resumes_at && now >= *one.resumes_at) {
      resume(one, std::nullopt);
    }
    const auto* evaluation = desk_.state().find(one.id);
    if (!one.is_checked && evaluation != nullptr && is_check_due(*evaluation)) {
      check(one);
    }
    step(one);
  }
}

void Witness::step(Case& one) {
  if (one.resumes_at) {
    return;
  }
  const auto now = desk_.mono_ms();
  for (Camera& camera : one.cameras) {
    if (camera.order_due && now >= *camera.order_due) {
      send(one.id, camera);
    }
    step(one, camera);
  }
  if (one.is_live && !one.is_closing && now >= one.next_heartbeat) {
    one.next_heartbeat = now + times_.heartbeat;
    beat(one);
  }
  if (one.is_closing && !one.is_finishing) {
    finish(one);
  }
}

void Witness::step(Case& one, Camera& camera) {
  for (auto todo = camera.watch.step(desk_.mono_ms()); todo.any();
       todo = camera.watch.step(desk_.mono_ms())) {
    if (todo.news) {
      tell(one, camera, *todo.news);
    }
    if (todo.order || todo.release) {
      order(one, camera, todo.release);
    }
    if (todo.probe) {
      ask(one, camera);
    }
  }
}

bool Witness::is_tried(const Case& one) {
  return std::any_of(one.cameras.begin(), one.cameras.end(),
                     [](const Camera& camera) { return camera.mode == Mode::trial; });
}

bool Witness::is_busy() const {
  return std::any_of(cases_.begin(), cases_.end(), [](const auto& entry) {
    const Case& one = entry.second;
    return one.is_live || one.is_closing || one.resumes_at || is_tried(one);
  });
}

void Witness::write(hall::EvaluationId id, std::vector<EvidenceNote> notes, bool seal) {
  evidence_.write(id, std::move(notes), seal, [] {});
}

void Witness::alarm(hall::EvaluationId id, const hall::DeviceId& camera, hall::AlarmKind kind,
                    std::string reason) {
  desk_.report(hall::ReportAlarm{id, camera, kind, std::move(reason)}, "");
}

void Witness::evidence_fault(const std::string& fault) {
  evidence_fault_ = fault;
  for (auto& [number, one] : cases_) {
    if (fault.empty()) {
      one.has_evidence_alarm = false;
    } else if (one.is_live || one.is_closing) {
      tell_evidence_fault(one);
    }
  }
}

void Witness::tell_evidence_fault(Case& one) {
  if (!evidence_fault_.empty() && !std::exchange(one.has_evidence_alarm, true)) {
    alarm(one.id, {}, hall::AlarmKind::evidence, evidence_fault_);
  }
}

/// The room is somebody else's now: what was tried for this one in it is broken off and nothing of it is sent
/// any more. The recorder keeps what it was told, which the evaluation that is open goes on with.
void Witness::break_off(Case& one) {
  one.is_checked = false;
  for (Camera& camera : one.cameras) {
    camera.mode = Mode::waits;
    camera.order = camera.probe = 0;
    camera.order_due.reset();
    camera.session.reset();
    camera.watch = CameraWatch(times_);
  }
}

hall::CameraSight Witness::sight_of(const Case& one, const Camera& camera) const {
  hall::CameraSight sight;
  sight.camera = camera.id;
  if (one.resumes_at) {
    sight.state = hall::CameraShown::unknown;
    sight.reason = "the daemon has just begun to ask again";
    return sight;
  }
  if (camera.mode != Mode::live) {
    return sight;
  }
  const auto now = desk_.mono_ms();
  sight.state = camera.watch.shown(now);
  if (const auto good = camera.watch.last_good()) {
    sight.proof_age_ms = now - *good;
  }
  sight.clock_offset_ms = camera.last.clock_offset_ms;
  sight.reason = sight.state == hall::CameraShown::rec ? "" : camera.watch.reason();
  sight.triggered = camera.watch.is_triggered();
  return sight;
}

std::vector<hall::CameraSight> Witness::sights(const hall::Evaluation& evaluation) const {
  std::vector<hall::CameraSight> all;
  const auto it = cases_.find(evaluation.evaluation.value);
  if (it != cases_.end()) {
    for (const Camera& camera : it->second.cameras) {
      all.push_back(sight_of(it->second, camera));
    }
    return all;
  }
  for (const auto& id : evaluation.cameras) {
    all.push_back({.camera = id, .proof_age_ms = {}, .clock_offset_ms = {}, .reason = {}});
  }
  return all;
}

}  // namespace lobby::flows
