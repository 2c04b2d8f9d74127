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

/// What a recorder says of one camera, in the hall's words. Live, not part of the fold.
namespace lobby::hall {

enum class RecorderWord : std::uint8_t { done, failed, unknown };
enum class RecordingVerdict : std::uint8_t {
  recording,      ///< two probes at least have seen it, none has seen otherwise
  triggered,      ///< all is seen that can be of a recorder that cannot be verified
  not_recording,  ///< a probe has seen that it does not
  unknown
};
enum class Seen : std::uint8_t { yes, no, unknown };
/// What a person is shown of a camera.
enum class CameraShown : std::uint8_t { rec, not_recording, unknown, off };

template <>
struct Words<RecorderWord> {
  static constexpr std::array<std::string_view, 3> text{"done", "failed", "unknown"};
};
template <>
struct Words<RecordingVerdict> {
  static constexpr std::array<std::string_view, 4> text{"recording", "triggered", "not_recording", "unknown"};
};
template <>
struct Words<Seen> {
  static constexpr std::array<std::string_view, 3> text{"yes", "no", "unknown"};
};
template <>
struct Words<CameraShown> {
  static constexpr std::array<std::string_view, 4> text{"rec", "not_recording", "unknown", "off"};
};

struct RecorderAnswer {
  RecorderWord word = RecorderWord::unknown;
  std::string fault;   ///< a word of drivers/cctv; empty when done
  std::string reason;  ///< one sentence, nothing of it from the recorder; empty when done
  std::string raw_sha256;
};
/// What must be known of an order to take it back, in another life of the daemon too.
struct RecordingSession {
  Instant since;
  std::string previous;
};
struct RecordingProof {
  std::string probe;
  Seen seen = Seen::unknown;
  std::string fault, reason;
  std::int64_t mono_ms = 0;  ///< when it was asked, by the clock of Desk::mono_ms()
  std::string raw_sha256;
};
struct RecordingReading {
  RecordingVerdict verdict = RecordingVerdict::unknown;
  std::int64_t good_ms = 0;  ///< of `recording`: how old the verdict is, the older of the two newest proofs
  std::vector<RecordingProof> proofs;
  std::optional<std::int64_t> clock_offset_ms;  ///< the recorder's clock less ours
};
struct RecorderReport {
  struct Check {
    std::string name;  ///< `login`, `clock`, `storage`, `camera`, `mode`
    RecorderAnswer answer;
  };
  std::vector<Check> checks;
  std::string version;
  std::optional<std::int64_t> clock_offset_ms;
};

/// A camera as GET /evaluations shows it.
struct CameraSight {
  DeviceId camera;
  CameraShown state = CameraShown::off;
  std::optional<std::int64_t> proof_age_ms;  ///< of the last good proof; none: there was none
  std::optional<std::int64_t> clock_offset_ms;
  std::string reason;      ///< why it is not `rec`; may be empty
  bool triggered = false;  ///< it was ordered to, and nobody can verify it (amber)
};

}  // namespace lobby::hall
