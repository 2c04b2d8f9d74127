// What the witness does with each camera: orders and probes on their way, and what is told of their answers.
#include <algorithm>
#include <utility>

#include "daemon/flows/witness.hpp"

namespace lobby::flows {

namespace {

constexpr std::int64_t write_ahead_patience = 1'000;

EvidenceNote note_about(const hall::DeviceId& camera, std::string kind) {
  EvidenceNote note;
  note.camera = camera;
  note.kind = std::move(kind);
  return note;
}

void put_answer(EvidenceNote& note, const hall::RecorderAnswer& answer) {
  note.detail["answer"] = std::string(hall::to_text(answer.word));
  if (!answer.fault.empty()) {
    note.detail["fault"] = answer.fault;
  }
  if (!answer.reason.empty()) {
    note.detail["reason"] = answer.reason;
  }
  note.raw_sha256 = answer.raw_sha256;
}

}  // namespace

/// Written down first, sent then: also when it cannot be written in time, for a recording is worth more.
void Witness::order(Case& one, Camera& camera, bool is_release) {
  camera.order = ++last_number_;
  camera.is_release = is_release;
  if (is_release && !camera.session) {
    // Nothing was ordered, or nothing that the recorder took: there is nothing to take back.
    camera.watch.released(desk_.mono_ms(), {hall::RecorderWord::done, {}, {}, {}});
    return;
  }
  camera.order_due = desk_.mono_ms() + write_ahead_patience;
  auto note = note_about(camera.id, "command");
  // Also told from those of another life.
  camera.request_id = std::to_string(desk_.now().utc_ms) + "-" + std::to_string(camera.order);
  note.request_id = camera.request_id;
  note.detail["order"] = std::string(is_release ? "stop" : "start");
  if (camera.mode == Mode::trial) {
    note.detail["trial"] = true;
  }
  evidence_.write(one.id, {std::move(note)}, false,
                  [this, id = one.id, which = camera.id, number = camera.order] {
                    Camera* const found = find(id, which);
                    if (found != nullptr && found->order == number && found->order_due) {
                      send(id, *found);
                    }
                  });
}

void Witness::send(hall::EvaluationId id, Camera& camera) {
  camera.order_due.reset();
  const auto number = camera.order;
  if (camera.is_release) {
    recorders_.stop(camera.id, [this, id, which = camera.id, number](const hall::RecorderAnswer& answer) {
      answered(id, which, number, answer, std::nullopt);
    });
    return;
  }
  recorders_.start(camera.id, [this, id, which = camera.id, number](const hall::RecorderAnswer& answer,
                                                                    hall::RecordingSession session) {
    answered(id, which, number, answer, std::move(session));
  });
}

void Witness::answered(hall::EvaluationId id, const hall::DeviceId& which, std::uint64_t number,
                       const hall::RecorderAnswer& answer, std::optional<hall::RecordingSession> session) {
  Case* const one = find(id);
  Camera* const camera = find(id, which);
  if (camera == nullptr || camera->order != number) {
    return;
  }
  auto note = note_about(which, "answer");
  note.request_id = camera->request_id;
  note.detail["order"] = std::string(session ? "start" : "stop");
  put_answer(note, answer);
  if (session && answer.word != hall::RecorderWord::failed) {
    note.detail["previous"] = session->previous;
    camera->session = session;
    desk_.report(hall::ReportRequested{id, which, session->since, session->previous}, "");
  }
  write(id, {std::move(note)}, false);
  if (session) {
    camera->watch.answered(desk_.mono_ms(), answer);
  } else {
    camera->watch.released(desk_.mono_ms(), answer);
  }
  step(*one);
}

void Witness::ask(Case& one, Camera& camera) {
  camera.probe = ++last_number_;
  recorders_.probe(camera.id,
                   [this, id = one.id, which = camera.id, number = camera.probe](
                       hall::RecordingReading reading) { read(id, which, number, std::move(reading)); });
}

void Witness::read(hall::EvaluationId id, const hall::DeviceId& which, std::uint64_t number,
                   hall::RecordingReading reading) {
  Case* const one = find(id);
  Camera* const camera = find(id, which);
  if (camera == nullptr || camera->probe != number) {
    return;
  }
  camera->last = std::move(reading);
  camera->watch.read(desk_.mono_ms(), camera->last);
  look_at_clock(*one, *camera);
  step(*one);
}

void Witness::look_at_clock(Case& one, Camera& camera) {
  const auto offset = camera.last.clock_offset_ms;
  if (!offset || camera.mode != Mode::live || one.is_closing) {
    return;
  }
  const bool is_far = *offset > times_.clock_tolerance || *offset < -times_.clock_tolerance;
  if (is_far && !camera.has_clock_alarm) {
    alarm(one.id, camera.id, hall::AlarmKind::clock,
          "the recorder's clock differs from ours by " + std::to_string(*offset) + " ms");
  }
  camera.has_clock_alarm = is_far;
}

std::vector<EvidenceNote> Witness::proofs_of(const Camera& camera) const {
  std::vector<EvidenceNote> notes;
  for (const auto& proof : camera.last.proofs) {
    auto note = note_about(camera.id, "probe");
    note.detail["probe"] = proof.probe;
    note.detail["seen"] = std::string(hall::to_text(proof.seen));
    note.detail["asked_ms"] = instant_of(proof.mono_ms).utc_ms;
    if (!proof.fault.empty()) {
      note.detail["fault"] = proof.fault;
      note.detail["reason"] = proof.reason;
    }
    if (camera.last.clock_offset_ms) {
      note.detail["clock_offset_ms"] = *camera.last.clock_offset_ms;
    }
    note.raw_sha256 = proof.raw_sha256;
    notes.push_back(std::move(note));
  }
  return notes;
}

void Witness::tell(Case& one, Camera& camera, CameraWatch::News news) {
  using News = CameraWatch::News;
  if (camera.mode == Mode::trial) {
    return tell_trial(one, camera, news);
  }
  switch (news) {
    case News::verified:
      write(one.id, proofs_of(camera), false);
      desk_.report(hall::ReportVerified{one.id, camera.id, instant_of(camera.watch.last_good().value_or(0)),
                                        std::exchange(camera.unwatched_since, std::nullopt)},
                   "");
      break;
    case News::missing:
      write(one.id, proofs_of(camera), false);
      report_missing(one, camera);
      break;
    case News::released:
      write(one.id, {note_about(camera.id, "released")}, false);
      break;
    case News::stuck:
      write(one.id, {note_about(camera.id, "stuck")}, false);
      alarm(one.id, camera.id, hall::AlarmKind::release,
            "the recorder did not go back to its mode: " + camera.watch.reason());
      break;
  }
}

void Witness::report_missing(const Case& one, const Camera& camera) {
  hall::ReportMissing report{one.id, camera.id, desk_.now(), camera.watch.fault(), camera.watch.reason()};
  if (const auto good = camera.watch.last_good()) {
    report.since = instant_of(*good);
  } else if (camera.unwatched_since) {
    report.since = *camera.unwatched_since;
  } else if (const auto* evaluation = desk_.state().find(one.id)) {
    report.since = evaluation->opened_at.value_or(report.since);
  }
  desk_.report(std::move(report), "");
}

void Witness::beat(Case& one) {
  std::vector<EvidenceNote> notes;
  for (const Camera& camera : one.cameras) {
    auto note = note_about(camera.id, "heartbeat");
    const auto now = desk_.mono_ms();
    note.detail["state"] = std::string(hall::to_text(camera.watch.shown(now)));
    if (const auto good = camera.watch.last_good()) {
      note.detail["proof_age_ms"] = now - *good;
    }
    if (camera.last.clock_offset_ms) {
      note.detail["clock_offset_ms"] = *camera.last.clock_offset_ms;
    }
    for (const auto& proof : camera.last.proofs) {
      note.detail["probe_" + proof.probe] = std::string(hall::to_text(proof.seen));
      note.raw_sha256 = note.raw_sha256.empty() ? proof.raw_sha256 : note.raw_sha256;
    }
    notes.push_back(std::move(note));
  }
  write(one.id, std::move(notes), true);
}

void Witness::finish(Case& one) {
  const bool is_done = std::all_of(one.cameras.begin(), one.cameras.end(), [](const Camera& camera) {
    const auto stage = camera.watch.stage();
    return stage == CameraWatch::Stage::idle || stage == CameraWatch::Stage::closed;
  });
  if (!is_done) {
    return;
  }
  one.is_finishing = true;
  auto note = note_about({}, "closed");
  const auto* evaluation = desk_.state().find(one.id);
  if (evaluation != nullptr && !evaluation->stopped_by.empty()) {
    note.detail["by"] = evaluation->stopped_by;
  }
  evidence_.finish(one.id, std::move(note), [this, id = one.id](const std::string& head) {
    desk_.report(hall::ReportClosed{id, head}, "");
  });
}

// --- before the start ---

bool Witness::is_room_free(const hall::Evaluation& evaluation) const {
  const auto& all = desk_.state().evaluations;
  return std::none_of(all.begin(), all.end(), [&](const hall::Evaluation& other) {
    return other.evaluation != evaluation.evaluation && other.room == evaluation.room &&
           (hall::is_open(other) || other.stage == hall::EvaluationStage::closing);
  });
}

/// Ten minutes before, and for half a day after that: who plans for now is looked at now.
bool Witness::is_check_due(const hall::Evaluation& evaluation) const {
  constexpr std::int64_t half_a_day = 12LL * 60 * 60 * 1000;
  if (evaluation.stage != hall::EvaluationStage::planned || !is_room_free(evaluation)) {
    return false;
  }
  if (!evaluation.planned_at) {
    return true;
  }
  const auto left = evaluation.planned_at->utc_ms - desk_.now().utc_ms;
  return left <= times_.preflight_before && left > -half_a_day;
}

void Witness::check(Case& one) {
  one.is_checked = true;
  for (Camera& camera : one.cameras) {
    camera.mode = Mode::checked;
    recorders_.check(camera.id, [this, id = one.id, which = camera.id](const hall::RecorderReport& report) {
      checked(id, which, report);
    });
  }
}

void Witness::checked(hall::EvaluationId id, const hall::DeviceId& which,
                      const hall::RecorderReport& report) {
  Case* const one = find(id);
  Camera* const camera = find(id, which);
  if (camera == nullptr) {
    return;
  }
  std::vector<EvidenceNote> notes;
  std::string fault;
  for (const auto& check : report.checks) {
    auto note = note_about(which, "preflight");
    note.detail["check"] = check.name;
    put_answer(note, check.answer);
    if (!report.version.empty()) {
      note.detail["version"] = report.version;
    }
    if (report.clock_offset_ms) {
      note.detail["clock_offset_ms"] = *report.clock_offset_ms;
    }
    notes.push_back(std::move(note));
    if (check.answer.word != hall::RecorderWord::done && fault.empty()) {
      fault = check.name + ": " + check.answer.reason;
    }
  }
  if (report.checks.empty()) {
    fault = "the recorder could not be looked at";
  }
  write(id, std::move(notes), false);
  if (!fault.empty()) {
    alarm(id, which, hall::AlarmKind::preflight, fault);
  }
  const auto* evaluation = desk_.state().find(id);
  if (fault.empty() && camera->mode == Mode::checked && evaluation != nullptr && is_room_free(*evaluation)) {
    camera->mode = Mode::trial;
    camera->watch.start(desk_.mono_ms());
    step(*one);
  }
}

void Witness::tell_trial(Case& one, Camera& camera, CameraWatch::News news) {
  using News = CameraWatch::News;
  if (news == News::verified || news == News::missing) {
    camera.trial_fault = news == News::verified ? "" : camera.watch.reason();
    write(one.id, proofs_of(camera), false);
    camera.watch.stop(desk_.mono_ms());
    return;
  }
  if (news == News::stuck && camera.trial_fault.empty()) {
    camera.trial_fault = "the recorder did not go back to its mode: " + camera.watch.reason();
  }
  auto note = note_about(camera.id, "preflight");
  note.detail["check"] = std::string("trial");
  note.detail["answer"] = std::string(camera.trial_fault.empty() ? "done" : "failed");
  if (!camera.trial_fault.empty()) {
    note.detail["reason"] = camera.trial_fault;
    alarm(one.id, camera.id, hall::AlarmKind::preflight, "trial: " + camera.trial_fault);
  }
  write(one.id, {std::move(note)}, true);
  camera.mode = Mode::checked;
  camera.watch = CameraWatch(times_);
}

}  // namespace lobby::flows
