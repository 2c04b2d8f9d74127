// Evaluations and openings of bids: the rooms, what is recorded there, and the evidence of it.
#include <optional>
#include <utility>

#include "daemon/api/call.hpp"
#include "daemon/api/fields.hpp"
#include "daemon/api/json_writer.hpp"
#include "daemon/api/views.hpp"

namespace lobby::api {
namespace {

std::optional<Problem> refuse_query(const Call& call) {
  return QueryFields(call.target.query).finish();
}

Problem no_such_evaluation(const std::string& id) {
  return not_found("there is no evaluation `" + id + "`", "unknown_evaluation");
}

void put_camera(std::string& out, const hall::CameraSight& sight, hall::Instant now) {
  JsonObject object(out);
  object.add("id", sight.camera).add("state", sight.state);
  std::optional<hall::Instant> last_proof;
  std::optional<std::int64_t> age_s;
  if (sight.proof_age_ms) {
    last_proof = now;
    last_proof->utc_ms -= *sight.proof_age_ms;
    age_s = (*sight.proof_age_ms + 999) / 1000;  // older rather than younger
  }
  object.add("last_proof", last_proof)
      .add("proof_age_s", age_s)
      .add("clock_offset_ms", sight.clock_offset_ms)
      .add("triggered", sight.triggered)
      .add("reason", or_null(sight.reason));
}

void put_alarm(std::string& out, const hall::EvaluationAlarm& alarm) {
  JsonObject(out)
      .add("alarm", alarm.alarm)
      .add("camera", or_null(alarm.camera))
      .add("kind", alarm.kind)
      .add("reason", alarm.reason)
      .add("at", alarm.at)
      .add("acknowledged_by", or_null(alarm.acknowledged_by))
      .add("acknowledged_at", alarm.acknowledged_at);
}

}  // namespace

void put(std::string& out, const hall::Evaluation& evaluation, const Backend& backend) {
  JsonObject object(out);
  object.add("id", evaluation.evaluation)
      .add("room", evaluation.room)
      .add("kind", evaluation.kind)
      .add("project_no", evaluation.project_no)
      .add("project_name", evaluation.project_name)
      .add("section", or_null(evaluation.section))
      .add("retention_class", evaluation.retention_class)
      .add("planned_at", evaluation.planned_at)
      .add("planned_by", evaluation.planned_by)
      .add("state", evaluation.stage)
      .add("ready", hall::is_ready(evaluation))
      .add("opened_at", evaluation.opened_at)
      .add("opened_by", or_null(evaluation.opened_by))
      .add("unwitnessed_by", or_null(evaluation.unwitnessed_by))
      .add("unwitnessed_reason", or_null(evaluation.unwitnessed_reason))
      .add("stopped_at", evaluation.stopped_at)
      .add("stopped_by", or_null(evaluation.stopped_by))
      .add("closed_at", evaluation.closed_at)
      .add("evidence_head", or_null(evaluation.head));
  put_array(
      object.open("cameras"), backend.cameras(evaluation),
      [now = backend.now()](std::string& to, const hall::CameraSight& sight) { put_camera(to, sight, now); });
  put_array(object.open("alarms"), evaluation.alarms, put_alarm);
}

void get_rooms(Desk& desk, Call call) {
  if (const auto problem = refuse_query(call)) {
    return call.respond(*problem);
  }
  std::string body;
  put_array(body, desk.backend.site().rooms, [](std::string& out, const hall::WatchedRoom& room) {
    JsonObject object(out);
    object.add("id", room.id).add("name", room.name).add("kind", room.kind).add("policy", room.policy);
    put_array(object.open("cameras"), room.cameras);
  });
  call.respond_json(std::move(body));
}

void get_evaluations(Desk& desk, Call call) {
  if (const auto problem = refuse_query(call)) {
    return call.respond(*problem);
  }
  desk.backend.when_durable([&backend = desk.backend, call = std::move(call)] {
    std::string body;
    put_array(body, backend.state().evaluations,
              [&backend](std::string& out, const hall::Evaluation& one) { put(out, one, backend); });
    call.respond_json(std::move(body));
  });
}

void get_evaluation(Desk& desk, Call call) {
  if (const auto problem = refuse_query(call)) {
    return call.respond(*problem);
  }
  desk.backend.when_durable([&backend = desk.backend, call = std::move(call)] {
    const auto& id = call.ids.front();
    const auto* one = backend.state().find(hall::EvaluationId{parse_number(id).value_or(0)});
    if (one == nullptr) {
      return call.respond(no_such_evaluation(id));
    }
    std::string body;
    put(body, *one, backend);
    call.respond_json(std::move(body));
  });
}

/// Also of one that is no longer listed: its evidence is kept.
void get_evidence(Desk& desk, Call call) {
  if (const auto problem = refuse_query(call)) {
    return call.respond(*problem);
  }
  const auto id = parse_number(call.ids.front());
  if (!id || *id == 0) {
    return call.respond(no_such_evaluation(call.ids.front()));
  }
  const auto by = call.account.name;
  desk.backend.evidence({*id}, by, [call = std::move(call)](std::variant<std::string, hall::Refusal> result) {
    if (const auto* refusal = std::get_if<hall::Refusal>(&result)) {
      return call.respond(problem_of(*refusal));
    }
    Response response;
    response.content_type = "application/x-ndjson";
    response.body = std::get<std::string>(std::move(result));
    call.exchange->respond(std::move(response));
  });
}

}  // namespace lobby::api
