#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/flows/camera_watch.hpp"
#include "daemon/flows/ports.hpp"
#include "daemon/flows/witness_ports.hpp"

namespace lobby::flows {

/// Sees to it that an evaluation is recorded: orders, asks another way, writes down what it learnt, orders
/// again, and says so to the hall. One recorder waits for no other. Given time; step() makes it pass.
class Witness {
 public:
  Witness(Desk& desk, RecorderPort& recorders, EvidencePort& evidence, const WitnessTimes& times)
      : desk_(desk), recorders_(recorders), evidence_(evidence), times_(times) {}

  /// Goes on with what another life of the daemon had begun. Nothing that records is stopped.
  void start();
  void on_event(const hall::Event& event);
  /// At least each 100 ms while is_busy(), else each second.
  void step();
  bool is_busy() const;
  /// The evidence cannot be written; empty: it can be again.
  void evidence_fault(const std::string& fault);

  /// Each camera of the evaluation, as it is now.
  std::vector<hall::CameraSight> sights(const hall::Evaluation& evaluation) const;

 private:
  enum class Mode : std::uint8_t { waits, checked, trial, live };
  struct Camera {
    hall::DeviceId id;
    CameraWatch watch;
    Mode mode = Mode::waits;
    std::uint64_t order = 0, probe = 0;          ///< what is on its way; answers to anything else are late
    std::string request_id = {};                 ///< of that order, in the evidence
    std::optional<std::int64_t> order_due = {};  ///< it is sent then, written down or not
    bool is_release = false;                     ///< the order that waits
    std::optional<hall::RecordingSession> session = {};
    hall::RecordingReading last = {};
    std::optional<hall::Instant> unwatched_since = {};
    bool has_clock_alarm = false;
    std::string trial_fault = {};
  };
  struct Case {
    hall::EvaluationId id;
    std::vector<Camera> cameras;
    bool is_live = false, is_closing = false, is_finishing = false, is_checked = false;
    std::int64_t next_heartbeat = 0;
    std::optional<std::int64_t> resumes_at;  ///< until then it is waited for the evidence of another life
    bool has_evidence_alarm = false;
  };

  Case* find(hall::EvaluationId id);
  Camera* find(hall::EvaluationId id, const hall::DeviceId& camera);
  Case& make(const hall::Evaluation& evaluation);
  void take_up(const hall::Evaluation& evaluation);
  void resume(Case& one, std::optional<std::int64_t> last_ms);
  void open(Case& one);
  static bool is_tried(const Case& one);
  void break_off(Case& one);
  void tell_evidence_fault(Case& one);
  void stop(Case& one);
  void step(Case& one);
  void step(Case& one, Camera& camera);
  void tell(Case& one, Camera& camera, CameraWatch::News news);
  void tell_trial(Case& one, Camera& camera, CameraWatch::News news);
  void report_missing(const Case& one, const Camera& camera);
  void order(Case& one, Camera& camera, bool is_release);
  void send(hall::EvaluationId id, Camera& camera);
  void answered(hall::EvaluationId id, const hall::DeviceId& camera, std::uint64_t order,
                const hall::RecorderAnswer& answer, std::optional<hall::RecordingSession> session);
  void ask(Case& one, Camera& camera);
  void read(hall::EvaluationId id, const hall::DeviceId& camera, std::uint64_t probe,
            hall::RecordingReading reading);
  void look_at_clock(Case& one, Camera& camera);
  void check(Case& one);
  void checked(hall::EvaluationId id, const hall::DeviceId& camera, const hall::RecorderReport& report);
  bool is_check_due(const hall::Evaluation& evaluation) const;
  bool is_room_free(const hall::Evaluation& evaluation) const;
  void beat(Case& one);
  void finish(Case& one);
  void write(hall::EvaluationId id, std::vector<EvidenceNote> notes, bool seal);
  hall::CameraSight sight_of(const Case& one, const Camera& camera) const;
  std::vector<EvidenceNote> proofs_of(const Camera& camera) const;
  void alarm(hall::EvaluationId id, const hall::DeviceId& camera, hall::AlarmKind kind, std::string reason);
  hall::Instant instant_of(std::int64_t mono_ms) const;

  Desk& desk_;
  RecorderPort& recorders_;
  EvidencePort& evidence_;
  const WitnessTimes times_;
  std::map<std::uint64_t, Case> cases_;  ///< by evaluation
  std::uint64_t last_number_ = 0;        ///< of orders and probes
  std::string evidence_fault_;
};

}  // namespace lobby::flows
