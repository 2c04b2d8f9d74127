#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/hall/ids.hpp"
#include "daemon/hall/time.hpp"
#include "daemon/hall/words.hpp"

/// An evaluation or opening of bids, which is recorded by the cameras of its room, and what happened to it:
/// bodies of hall::Event, as event.hpp has them. Who evaluates is known to nobody here.
namespace lobby::hall {

enum class RoomUse : std::uint8_t { opening, evaluation };
/// What a start without proof of a recording means: the room is not ready, or it is and the alarm stands.
enum class StartPolicy : std::uint8_t { block, warn };
enum class EvaluationStage : std::uint8_t {
  planned,
  opening,      ///< the recorders were ordered, nobody may go in yet
  witnessed,    ///< every camera is proved to record
  unwitnessed,  ///< it goes on without, in the name of the person who said so
  interrupted,  ///< a camera is not proved to record any more
  closing,      ///< the recorders go back to what they did before
  closed
};
/// How a camera stands to its evaluation.
enum class CameraStage : std::uint8_t { idle, requested, recording, missing };
enum class AlarmKind : std::uint8_t {
  recording,  ///< it is not proved that the camera records
  preflight,  ///< a recorder was not fit before the start
  clock,      ///< a recorder's clock is far from ours
  evidence,   ///< what is learnt cannot be written
  release     ///< a recorder did not go back to its mode
};
enum class GapCause : std::uint8_t {
  missing,   ///< the camera was not proved to record
  unwatched  ///< nobody asked: the daemon was away
};

template <>
struct Words<RoomUse> {
  static constexpr std::array<std::string_view, 2> text{"opening", "evaluation"};
};
template <>
struct Words<StartPolicy> {
  static constexpr std::array<std::string_view, 2> text{"block", "warn"};
};
template <>
struct Words<EvaluationStage> {
  static constexpr std::array<std::string_view, 7> text{"planned",     "opening", "witnessed", "unwitnessed",
                                                        "interrupted", "closing", "closed"};
};
template <>
struct Words<CameraStage> {
  static constexpr std::array<std::string_view, 4> text{"idle", "requested", "recording", "missing"};
};
template <>
struct Words<AlarmKind> {
  static constexpr std::array<std::string_view, 5> text{"recording", "preflight", "clock", "evidence",
                                                        "release"};
};
template <>
struct Words<GapCause> {
  static constexpr std::array<std::string_view, 2> text{"missing", "unwatched"};
};

struct AboutEvaluation {
  EvaluationId evaluation;
  friend bool operator==(const AboutEvaluation&, const AboutEvaluation&) = default;
  static void fields(auto& self, auto&& f) { f("evaluation", self.evaluation); }
};
struct AboutCamera : AboutEvaluation {
  DeviceId camera;
  static void fields(auto& self, auto&& f) {
    AboutEvaluation::fields(self, f);
    f("camera", self.camera);
  }
};

struct EvaluationPlanned : AboutEvaluation {
  static constexpr std::string_view type = "EvaluationPlanned";
  RoomId room;
  RoomUse kind{};
  std::string project_no, project_name;
  std::string section;          ///< 标段; may be empty
  std::string retention_class;  ///< how long what is recorded is kept, in the site's words
  std::optional<Instant> planned_at = {};
  std::vector<DeviceId> cameras = {};
  static void fields(auto& self, auto&& f) {
    AboutEvaluation::fields(self, f);
    f("room", self.room);
    f("kind", self.kind);
    f("project_no", self.project_no);
    f("project_name", self.project_name);
    f("section", self.section);
    f("retention_class", self.retention_class);
    f("planned_at", self.planned_at);
    f("cameras", self.cameras);
  }
};
/// Somebody started it: from now on the cameras are to record.
struct EvaluationOpened : AboutEvaluation {
  static constexpr std::string_view type = "EvaluationOpened";
  RoomId room;
  static void fields(auto& self, auto&& f) {
    AboutEvaluation::fields(self, f);
    f("room", self.room);
  }
};
/// A recorder took the order, with what must be known to take it back. That it records is another question.
struct RecordingRequested : AboutCamera {
  static constexpr std::string_view type = "RecordingRequested";
  Instant since;
  std::string previous = {};  ///< the recorder's mode before, in its driver's words
  static void fields(auto& self, auto&& f) {
    AboutCamera::fields(self, f);
    f("since", self.since);
    f("previous", self.previous);
  }
};
struct RecordingVerified : AboutCamera {
  static constexpr std::string_view type = "RecordingVerified";
  Instant proof;  ///< as old as the older of the two proofs
  static void fields(auto& self, auto&& f) {
    AboutCamera::fields(self, f);
    f("proof", self.proof);
  }
};
struct RecordingMissing : AboutCamera {
  static constexpr std::string_view type = "RecordingMissing";
  Instant since;  ///< the last proof, or the order where there was none
  std::string fault, reason;
  static void fields(auto& self, auto&& f) {
    AboutCamera::fields(self, f);
    f("since", self.since);
    f("fault", self.fault);
    f("reason", self.reason);
  }
};
/// Between two proofs nothing is proved.
struct RecordingGap : AboutCamera {
  static constexpr std::string_view type = "RecordingGap";
  Instant from, to;
  GapCause cause{};
  static void fields(auto& self, auto&& f) {
    AboutCamera::fields(self, f);
    f("from", self.from);
    f("to", self.to);
    f("cause", self.cause);
  }
};
/// Stands until somebody acknowledges it by name.
struct AlarmRaised : AboutCamera {
  static constexpr std::string_view type = "AlarmRaised";
  AlarmId alarm;
  AlarmKind kind{};
  std::string reason;
  static void fields(auto& self, auto&& f) {
    AboutCamera::fields(self, f);
    f("alarm", self.alarm);
    f("kind", self.kind);
    f("reason", self.reason);
  }
};
struct AlarmAcknowledged : AboutEvaluation {
  static constexpr std::string_view type = "AlarmAcknowledged";
  AlarmId alarm;
  static void fields(auto& self, auto&& f) {
    AboutEvaluation::fields(self, f);
    f("alarm", self.alarm);
  }
};
/// It goes on without proof, in the name of whoever asked.
struct EvaluationUnwitnessed : AboutEvaluation {
  static constexpr std::string_view type = "EvaluationUnwitnessed";
  std::string reason;
  static void fields(auto& self, auto&& f) {
    AboutEvaluation::fields(self, f);
    f("reason", self.reason);
  }
};
struct EvaluationInterrupted : AboutCamera {
  static constexpr std::string_view type = "EvaluationInterrupted";
};
/// Somebody ended it; the recorders go back to what they did before.
struct EvaluationStopped : AboutEvaluation {
  static constexpr std::string_view type = "EvaluationStopped";
};
struct EvaluationClosed : AboutEvaluation {
  static constexpr std::string_view type = "EvaluationClosed";
  std::string head;  ///< of the evidence, in hexadecimal; empty: it was never started
  static void fields(auto& self, auto&& f) {
    AboutEvaluation::fields(self, f);
    f("head", self.head);
  }
};

struct EvaluationCamera {
  DeviceId camera;
  CameraStage stage = CameraStage::idle;
  std::optional<Instant> since = {};    ///< of a missing one: the last proof; else when it came to this
  std::optional<Instant> ordered = {};  ///< what the recorder was told, and its mode before; none: nothing
  std::string previous = {};
  friend bool operator==(const EvaluationCamera&, const EvaluationCamera&) = default;
  static void fields(auto& self, auto&& f) {
    f("camera", self.camera);
    f("stage", self.stage);
    f("since", self.since);
    f("ordered", self.ordered);
    f("previous", self.previous);
  }
};
struct EvaluationAlarm {
  AlarmId alarm;
  DeviceId camera;  ///< empty: of the whole
  AlarmKind kind{};
  std::string reason;
  Instant at;
  std::string acknowledged_by;  ///< empty: it stands
  std::optional<Instant> acknowledged_at = {};
  friend bool operator==(const EvaluationAlarm&, const EvaluationAlarm&) = default;
  static void fields(auto& self, auto&& f) {
    f("alarm", self.alarm);
    f("camera", self.camera);
    f("kind", self.kind);
    f("reason", self.reason);
    f("at", self.at);
    f("acknowledged_by", self.acknowledged_by);
    f("acknowledged_at", self.acknowledged_at);
  }
};
/// All that is known of one.
struct Evaluation : EvaluationPlanned {
  EvaluationStage stage = EvaluationStage::planned;
  std::string planned_by, opened_by, unwitnessed_by, unwitnessed_reason, stopped_by, head;
  std::optional<Instant> opened_at = {}, stopped_at = {}, closed_at = {};
  std::vector<EvaluationCamera> watch = {};  ///< each of `cameras`
  std::vector<EvaluationAlarm> alarms = {};  ///< those that stand, and the last that do not
  static void fields(auto& self, auto&& f) {
    EvaluationPlanned::fields(self, f);
    f("stage", self.stage);
    f("planned_by", self.planned_by);
    f("opened_by", self.opened_by);
    f("unwitnessed_by", self.unwitnessed_by);
    f("unwitnessed_reason", self.unwitnessed_reason);
    f("stopped_by", self.stopped_by);
    f("head", self.head);
    f("opened_at", self.opened_at);
    f("stopped_at", self.stopped_at);
    f("closed_at", self.closed_at);
    f("watch", self.watch);
    f("alarms", self.alarms);
  }
  const EvaluationCamera* find(const DeviceId& camera) const;
};

/// Few enough for one line of the journal that carries them over midnight.
inline constexpr std::size_t most_evaluations = 128;
inline constexpr std::size_t most_past_alarms = 32;

/// Between the start and the stop: the cameras are to record.
bool is_open(const Evaluation& evaluation);
/// May whoever evaluates go in, or stay?
bool is_ready(const Evaluation& evaluation);
/// Closed for so long that only its evidence tells of it.
bool is_forgotten(const Evaluation& evaluation, Instant now);

}  // namespace lobby::hall
