// Evaluations and openings of bids: who may start and stop them, and what becomes of them when a camera is or
// is not proved to record.
#include <algorithm>
#include <string_view>

#include "daemon/hall/deciding.hpp"

namespace lobby::hall::deciding {

namespace {

constexpr std::int64_t most_days_ahead = 366;
constexpr std::int64_t day_ms = 24LL * 60 * 60 * 1000;

Refusal no_such_evaluation(EvaluationId id) {
  return refuse(Refused::unknown_evaluation, "there is no evaluation " + std::to_string(id.value));
}

Refusal wrong_stage(const Evaluation& evaluation) {
  return refuse(Refused::wrong_state, "evaluation " + std::to_string(evaluation.evaluation.value) + " is " +
                                          std::string{to_text(evaluation.stage)});
}

/// Nobody who acts is without a name: whoever answers for something stands in the evidence.
std::optional<Refusal> refuse_unnamed(const Asked& asked) {
  return asked.context.by.empty()
             ? std::optional(refuse(Refused::forbidden, "somebody must answer for this by name"))
             : std::nullopt;
}

/// Another evaluation that has the room's cameras.
std::optional<Refusal> refuse_while_used(const Asked& asked, const Evaluation& wanted) {
  for (const Evaluation& other : asked.state.evaluations) {
    const bool holds = is_open(other) || other.stage == EvaluationStage::closing;
    if (other.evaluation != wanted.evaluation && other.room == wanted.room && holds) {
      return refuse(Refused::wrong_state, "evaluation " + std::to_string(other.evaluation.value) +
                                              " is going on in room `" + wanted.room.value +
                                              "`: stop it first");
    }
  }
  return std::nullopt;
}

/// An alarm stands once for each camera and kind, however often its cause comes back meanwhile.
void raise(Draft& draft, const Asked& asked, const Evaluation& evaluation, const ReportAlarm& alarm) {
  const bool stands =
      std::any_of(evaluation.alarms.begin(), evaluation.alarms.end(), [&](const EvaluationAlarm& one) {
        return one.kind == alarm.kind && one.camera == alarm.camera && one.acknowledged_by.empty();
      });
  if (!stands) {
    AlarmRaised body;
    body.evaluation = alarm.evaluation;
    body.camera = alarm.camera;
    body.alarm = asked.state.next_alarm;
    body.kind = alarm.kind;
    body.reason = alarm.reason;
    draft.add(std::move(body));
  }
}

template <class Body>
Body about_camera(EvaluationId evaluation, const DeviceId& camera) {
  Body body;
  body.evaluation = evaluation;
  body.camera = camera;
  return body;
}

RecordingGap gap_of(const ReportVerified& command, Instant from, GapCause cause) {
  auto gap = about_camera<RecordingGap>(command.evaluation, command.camera);
  gap.from = from;
  gap.to = command.proof;
  gap.cause = cause;
  return gap;
}

/// The evaluation that a report is about, while its cameras are to record; nullptr: the report is late.
const Evaluation* supervised(const Asked& asked, EvaluationId id) {
  const Evaluation* const one = asked.state.find(id);
  return one != nullptr && is_open(*one) ? one : nullptr;
}

}  // namespace

Decision on(const Asked& asked, const PlanEvaluation& command) {
  const WatchedRoom* const room = asked.site.find(command.room);
  if (room == nullptr) {
    return refuse(Refused::bad_request, "there is no room `" + command.room.value + "`");
  }
  if (auto refusal = refuse_unnamed(asked)) {
    return *std::move(refusal);
  }
  for (const auto* text : {&command.project_no, &command.project_name, &command.retention_class}) {
    if (text->empty()) {
      return refuse(Refused::bad_request, "an evaluation has a project, its name, and a retention class");
    }
  }
  const auto& when = command.planned_at;
  if (when && (when->utc_ms > asked.now.utc_ms + most_days_ahead * day_ms ||
               when->utc_ms < asked.now.utc_ms - day_ms)) {
    return refuse(Refused::bad_request, "`planned_at` is more than a day ago or more than a year ahead");
  }
  const auto& all = asked.state.evaluations;
  const auto living = std::count_if(
      all.begin(), all.end(), [](const Evaluation& one) { return one.stage != EvaluationStage::closed; });
  if (static_cast<std::size_t>(living) >= most_evaluations) {
    return refuse(Refused::quota_reached,
                  std::to_string(most_evaluations) + " evaluations wait already: stop some");
  }
  EvaluationPlanned body;
  body.evaluation = asked.state.next_evaluation;
  body.room = command.room;
  body.kind = command.kind;
  body.project_no = command.project_no;
  body.project_name = command.project_name;
  body.section = command.section;
  body.retention_class = command.retention_class;
  body.planned_at = command.planned_at;
  body.cameras = room->cameras;
  return one(asked, std::move(body));
}

Decision on(const Asked& asked, const StartEvaluation& command) {
  const Evaluation* const found = asked.state.find(command.evaluation);
  if (found == nullptr) {
    return no_such_evaluation(command.evaluation);
  }
  if (found->stage != EvaluationStage::planned) {
    return wrong_stage(*found);
  }
  if (auto refusal = refuse_unnamed(asked)) {
    return *std::move(refusal);
  }
  if (auto refusal = refuse_while_used(asked, *found)) {
    return *std::move(refusal);
  }
  return one(asked, EvaluationOpened{{command.evaluation}, found->room});
}

Decision on(const Asked& asked, const StopEvaluation& command) {
  const Evaluation* const found = asked.state.find(command.evaluation);
  if (found == nullptr) {
    return no_such_evaluation(command.evaluation);
  }
  if (auto refusal = refuse_unnamed(asked)) {
    return *std::move(refusal);
  }
  if (found->stage == EvaluationStage::planned || is_open(*found)) {
    return one(asked, EvaluationStopped{{command.evaluation}});
  }
  return wrong_stage(*found);
}

Decision on(const Asked& asked, const OpenUnwitnessed& command) {
  const Evaluation* const found = asked.state.find(command.evaluation);
  if (found == nullptr) {
    return no_such_evaluation(command.evaluation);
  }
  if (auto refusal = refuse_unnamed(asked)) {
    return *std::move(refusal);
  }
  if (command.reason.empty()) {
    return refuse(Refused::bad_request, "whoever opens a room unwitnessed says why");
  }
  const bool is_planned = found->stage == EvaluationStage::planned;
  if (!is_planned && found->stage != EvaluationStage::opening &&
      found->stage != EvaluationStage::interrupted) {
    return wrong_stage(*found);
  }
  Draft draft(asked);
  if (is_planned) {
    if (auto refusal = refuse_while_used(asked, *found)) {
      return *std::move(refusal);
    }
    draft.add(EvaluationOpened{{command.evaluation}, found->room});
  }
  draft.add(EvaluationUnwitnessed{{command.evaluation}, command.reason});
  return draft.done();
}

Decision on(const Asked& asked, const AcknowledgeAlarm& command) {
  const Evaluation* const found = asked.state.find(command.evaluation);
  if (found == nullptr) {
    return no_such_evaluation(command.evaluation);
  }
  if (auto refusal = refuse_unnamed(asked)) {
    return *std::move(refusal);
  }
  const auto it = std::find_if(found->alarms.begin(), found->alarms.end(),
                               [&](const EvaluationAlarm& alarm) { return alarm.alarm == command.alarm; });
  if (it == found->alarms.end()) {
    return refuse(Refused::not_found, "evaluation " + std::to_string(command.evaluation.value) +
                                          " has no alarm " + std::to_string(command.alarm.value));
  }
  return it->acknowledged_by.empty() ? one(asked, AlarmAcknowledged{{command.evaluation}, command.alarm})
                                     : nothing();
}

Decision on(const Asked& asked, const ReportRequested& command) {
  const Evaluation* const found = asked.state.find(command.evaluation);
  const bool counts = found != nullptr && (is_open(*found) || found->stage == EvaluationStage::planned);
  const auto* camera = counts ? found->find(command.camera) : nullptr;
  if (camera == nullptr || (camera->ordered == command.since && camera->previous == command.previous)) {
    return nothing();
  }
  auto body = about_camera<RecordingRequested>(command.evaluation, command.camera);
  body.since = command.since;
  body.previous = command.previous;
  return one(asked, std::move(body));
}

Decision on(const Asked& asked, const ReportVerified& command) {
  const Evaluation* const found = supervised(asked, command.evaluation);
  const auto* camera = found == nullptr ? nullptr : found->find(command.camera);
  if (camera == nullptr) {
    return nothing();
  }
  Draft draft(asked);
  if (camera->stage != CameraStage::recording) {
    auto body = about_camera<RecordingVerified>(command.evaluation, command.camera);
    body.proof = command.proof;
    draft.add(std::move(body));
  }
  if (camera->stage == CameraStage::missing && camera->since) {
    draft.add(gap_of(command, *camera->since, GapCause::missing));
  } else if (camera->stage == CameraStage::recording && command.unwatched_since) {
    draft.add(gap_of(command, *command.unwatched_since, GapCause::unwatched));
  }
  return draft.done();
}

Decision on(const Asked& asked, const ReportMissing& command) {
  const Evaluation* const found = supervised(asked, command.evaluation);
  const auto* camera = found == nullptr ? nullptr : found->find(command.camera);
  if (camera == nullptr || camera->stage == CameraStage::missing) {
    return nothing();
  }
  Draft draft(asked);
  auto body = about_camera<RecordingMissing>(command.evaluation, command.camera);
  body.since = command.since;
  body.fault = command.fault;
  body.reason = command.reason;
  draft.add(std::move(body));
  raise(draft, asked, *found, {command.evaluation, command.camera, AlarmKind::recording, command.reason});
  const WatchedRoom* const room = asked.site.find(found->room);
  const bool warns = room != nullptr && room->policy == StartPolicy::warn;
  if (found->stage == EvaluationStage::witnessed || (warns && found->stage == EvaluationStage::opening)) {
    draft.add(about_camera<EvaluationInterrupted>(command.evaluation, command.camera));
  }
  return draft.done();
}

Decision on(const Asked& asked, const ReportAlarm& command) {
  const Evaluation* const found = asked.state.find(command.evaluation);
  if (found == nullptr || found->stage == EvaluationStage::closed) {
    return nothing();
  }
  Draft draft(asked);
  raise(draft, asked, *found, command);
  return draft.done();
}

Decision on(const Asked& asked, const ReportClosed& command) {
  const Evaluation* const found = asked.state.find(command.evaluation);
  return found != nullptr && found->stage == EvaluationStage::closing
             ? one(asked, EvaluationClosed{{command.evaluation}, command.head})
             : nothing();
}

}  // namespace lobby::hall::deciding
