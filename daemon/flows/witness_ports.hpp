#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/hall/event.hpp"
#include "daemon/hall/recording.hpp"

/// What the witness of recordings needs of the world besides its Desk. On the loop; no port calls back before
/// it has returned.
namespace lobby::flows {

/// The recorders, by the ids of their cameras. Each call ends within its time, whatever the others do.
class RecorderPort {
 public:
  virtual ~RecorderPort() = default;
  virtual void start(const hall::DeviceId& camera,
                     std::function<void(hall::RecorderAnswer, hall::RecordingSession)> done) = 0;
  /// Goes on with an order of another life. Nothing is sent.
  virtual void resume(const hall::DeviceId& camera, hall::RecordingSession session) = 0;
  /// Back to the mode before.
  virtual void stop(const hall::DeviceId& camera, std::function<void(hall::RecorderAnswer)> done) = 0;
  virtual void probe(const hall::DeviceId& camera, std::function<void(hall::RecordingReading)> done) = 0;
  /// Changes nothing.
  virtual void check(const hall::DeviceId& camera, std::function<void(hall::RecorderReport)> done) = 0;
};

/// One line of the evidence, before it has its place.
struct EvidenceNote {
  hall::DeviceId camera;  ///< empty: of the whole evaluation
  std::string kind;       ///< `command`, `answer`, `probe`, `heartbeat` …
  std::string request_id;
  std::map<std::string, std::variant<std::int64_t, bool, std::string>> detail;
  std::string raw_sha256;
};

/// The evidence of each evaluation, in order. What cannot be written waits and is written when it can be.
class EvidencePort {
 public:
  virtual ~EvidencePort() = default;
  /// `done`: all of it is on the disk. `seal`: behind it a checkpoint.
  virtual void write(hall::EvaluationId evaluation, std::vector<EvidenceNote> notes, bool seal,
                     std::function<void()> done) = 0;
  /// The last record and its checkpoint; `done` with the head that it vouches for. Nothing is written behind
  /// it, and a second time it only tells the head.
  virtual void finish(hall::EvaluationId evaluation, EvidenceNote closed,
                      std::function<void(std::string head)> done) = 0;
  /// When anything was written last, in another life.
  virtual void last_written(hall::EvaluationId evaluation,
                            std::function<void(std::optional<std::int64_t> utc_ms)> done) = 0;
};

/// What happened, as the evidence has it; nullopt: it is no matter of an evaluation, or evidence says it
/// itself. `about`: which evaluation.
struct NotedEvent {
  hall::EvaluationId about;
  EvidenceNote note;
  bool seals = false;
};
std::optional<NotedEvent> note_of(const hall::Event& event);

}  // namespace lobby::flows
