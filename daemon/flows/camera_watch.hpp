#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/hall/recording.hpp"

namespace lobby::flows {

/// The deadlines of a site, in milliseconds.
struct WitnessTimes {
  std::int64_t probe_every = 2'000;
  std::int64_t verifying_every = 1'000;  ///< while the first proof is waited for
  std::int64_t lost_after = 8'000;       ///< how old the last good proof may become
  std::int64_t arm_within = 5'000, verify_within = 8'000;
  std::int64_t again_first = 2'000, again_most = 30'000;  ///< orders that are repeated
  std::int64_t stop_within = 30'000;
  std::int64_t preflight_before = 600'000;
  std::int64_t heartbeat = 60'000;
  std::int64_t clock_tolerance = 5'000;
};

/// One camera that is to record, as a plain state machine: given times and answers, it says what to do next.
/// REC is never derived from what was ordered. Times: Desk::mono_ms(), never back.
class CameraWatch {
 public:
  enum class Stage : std::uint8_t { idle, arming, verifying, rec, lost, closing, closed };
  enum class News : std::uint8_t {
    verified,  ///< from now on, or again
    missing,   ///< not proved any more, or not in time
    released,  ///< back in its mode
    stuck      ///< not, and it is left alone
  };
  /// What is to be done now; it counts as begun.
  struct Todo {
    bool order = false, probe = false, release = false;
    std::optional<News> news;
    bool any() const { return order || probe || release || news.has_value(); }
  };

  explicit CameraWatch(const WitnessTimes& times) : times_(times) {}

  void start(std::int64_t now);
  /// Somebody else's order stands: nothing is sent while it is proved to record.
  void resume(std::int64_t now);
  void stop(std::int64_t now);

  void answered(std::int64_t now, const hall::RecorderAnswer& answer);
  void read(std::int64_t now, const hall::RecordingReading& reading);
  void released(std::int64_t now, const hall::RecorderAnswer& answer);

  /// Until it says nothing: after every call above, and at least each 100 ms.
  Todo step(std::int64_t now);

  Stage stage() const { return stage_; }
  /// REC only while the last good proof is young enough, whether or not step() has noticed.
  hall::CameraShown shown(std::int64_t now) const;
  std::optional<std::int64_t> last_good() const { return last_good_; }
  const std::string& fault() const { return fault_; }
  const std::string& reason() const { return reason_; }
  bool is_triggered() const { return is_triggered_; }

 private:
  void enter(Stage stage, std::int64_t now);
  void lose(std::int64_t now);
  void note(const hall::RecordingReading& reading);
  void pass_deadlines(std::int64_t now);
  void begin(Todo& todo, std::int64_t now);
  std::int64_t next_pause();

  WitnessTimes times_;
  Stage stage_ = Stage::idle;
  std::int64_t since_ = 0;  ///< it came to the stage
  std::int64_t next_probe_ = 0, next_order_ = 0;
  std::int64_t pause_ = 0;  ///< before the next order; 0: none was repeated
  std::optional<std::int64_t> last_good_;
  std::optional<News> news_;
  bool is_ordering_ = false, is_probing_ = false, is_releasing_ = false;
  bool is_missing_ = false;  ///< it was told, and no proof came since
  bool is_triggered_ = false, says_no_ = false;
  std::string fault_, reason_;  ///< of the last answer that was no good one
};

}  // namespace lobby::flows
