#pragma once

#include "daemon/hall/bytes.hpp"
#include "daemon/hall/evaluation.hpp"

/// Evaluations as bytes, both directions; see bytes.hpp.
namespace lobby::hall {

inline constexpr std::size_t least_evaluation_bytes = 70;

template <class Bytes>
void walk(Bytes& bytes, EvaluationCamera& camera) {
  bytes(camera.camera.value);
  bytes(camera.stage);
  walk(bytes, camera.since);
  walk(bytes, camera.ordered);
  bytes(camera.previous);
}

template <class Bytes>
void walk(Bytes& bytes, EvaluationAlarm& alarm) {
  walk(bytes, alarm.alarm);
  bytes(alarm.camera.value);
  bytes(alarm.kind);
  bytes(alarm.reason);
  walk(bytes, alarm.at);
  bytes(alarm.acknowledged_by);
  walk(bytes, alarm.acknowledged_at);
}

template <class Bytes>
void walk(Bytes& bytes, Evaluation& one) {
  walk(bytes, one.evaluation);
  bytes(one.room.value);
  bytes(one.kind);
  for (std::string* text :
       {&one.project_no, &one.project_name, &one.section, &one.retention_class, &one.planned_by,
        &one.opened_by, &one.unwitnessed_by, &one.unwitnessed_reason, &one.stopped_by, &one.head}) {
    bytes(*text);
  }
  walk(bytes, one.planned_at);
  walk_list(bytes, one.cameras, 4);
  bytes(one.stage);
  walk(bytes, one.opened_at);
  walk(bytes, one.stopped_at);
  walk(bytes, one.closed_at);
  walk_list(bytes, one.watch, 11);
  walk_list(bytes, one.alarms, 34);
}

}  // namespace lobby::hall
