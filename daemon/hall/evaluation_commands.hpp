#pragma once

#include <optional>
#include <string>

#include "daemon/hall/evaluation.hpp"

/// What is asked about evaluations, and what is reported of their recordings; see command.hpp.
namespace lobby::hall {

struct PlanEvaluation {
  RoomId room;
  RoomUse kind{};
  std::string project_no, project_name, section, retention_class;
  std::optional<Instant> planned_at = {};
};
struct StartEvaluation {
  EvaluationId evaluation;
};
struct StopEvaluation {
  EvaluationId evaluation;
};
/// It goes on, or begins, without proof of a recording: whoever asks answers for it.
struct OpenUnwitnessed {
  EvaluationId evaluation;
  std::string reason;
};
struct AcknowledgeAlarm {
  EvaluationId evaluation;
  AlarmId alarm;
};

// --- the world reports ---
struct ReportRequested {
  EvaluationId evaluation;
  DeviceId camera;
  Instant since;
  std::string previous;
};
/// `unwatched_since`: nobody asked between then and `proof`.
struct ReportVerified {
  EvaluationId evaluation;
  DeviceId camera;
  Instant proof;
  std::optional<Instant> unwatched_since = {};
};
struct ReportMissing {
  EvaluationId evaluation;
  DeviceId camera;
  Instant since;
  std::string fault, reason;
};
struct ReportAlarm {
  EvaluationId evaluation;
  DeviceId camera;  ///< empty: of the whole
  AlarmKind kind{};
  std::string reason;
};
/// Every recorder was released or given up, and the evidence is complete.
struct ReportClosed {
  EvaluationId evaluation;
  std::string head;
};

}  // namespace lobby::hall
