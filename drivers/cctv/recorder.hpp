#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/link/executor.hpp"

/// One camera at its recorder, whatever that speaks. Knows no evaluation and no hall: what an alarm is, how
/// often to ask and when to order again is decided above.
namespace lobby::cctv {

using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// What became of an order.
enum class Word : std::uint8_t {
  done,    ///< the recorder said so. That it records is another question: see probe()
  failed,  ///< it was not carried out; the fault says why
  unknown  ///< it may have been carried out
};

enum class Fault : std::uint8_t {
  none,
  unreachable,    ///< no connection
  timeout,        ///< no whole answer in time
  garbled,        ///< an answer that cannot be understood, or is beyond its bounds
  credential,     ///< user or password are refused; nothing is tried for a while
  locked_out,     ///< the recorder ignores us after wrong passwords, right ones included
  refused,        ///< the recorder understood and said no
  busy,           ///< it says that it cannot just now
  unsupported,    ///< it has no such function
  no_camera,      ///< it knows no such camera
  camera_lost,    ///< it gets no picture of the camera
  frozen,         ///< picture or film stands still
  not_recording,  ///< it says itself that it does not record
  partial,        ///< it records a part only: picture without sound
  not_written,    ///< nothing on its disk shows a recording
  storage,        ///< no room, or the disk is broken or cannot be looked at
  clock,          ///< its clock, or what it writes times in, is not as it should be
  capacity,       ///< it has no place for another recording job
  mode_unknown    ///< the mode from before the start is not known, so it is left alone
};

std::string_view to_text(Word word);
std::string_view to_text(Fault fault);

struct Outcome {
  Word word = Word::unknown;
  Fault fault = Fault::none;  ///< `none` if and only if done
  std::string reason;      ///< one short sentence, without anything that the recorder sent; empty when done
  std::string raw_sha256;  ///< of the body that decided, in hexadecimal; empty: there was none
};

/// What must be known of a start to go on with it, also in another life of the daemon: who keeps the journal
/// keeps this.
struct Session {
  UtcTime since;         ///< when it was ordered, by our clock
  std::string previous;  ///< the driver's own word for the mode before; empty: not known, stop() fails
  friend bool operator==(const Session&, const Session&) = default;
};

/// What one question said about the recording.
struct Proof {
  enum class Seen : std::uint8_t { yes, no, unknown };
  std::string probe;  ///< which question: `status`, `file`, `search` …
  Seen seen = Seen::unknown;
  Fault fault = Fault::none;  ///< `none` if and only if yes
  std::string reason;
  link::MonoTime at{};  ///< when it was asked: the proof is at least as old
  std::string raw_sha256;
};

/// What all questions said, each of which goes another way.
struct Reading {
  bool can_verify = false;  ///< there are two at least that do not follow from one another
  std::vector<Proof> proofs;
  std::optional<std::chrono::milliseconds> clock_offset;  ///< the recorder's clock less ours
};

/// REC, amber, or one of two alarms.
enum class Verdict : std::uint8_t {
  recording,      ///< two probes at least have seen it, none has seen otherwise
  triggered,      ///< all is seen that can be of a recorder that cannot be verified
  not_recording,  ///< a probe has seen that it does not
  unknown
};
std::string_view to_text(Verdict verdict);
/// Of what was asked no longer than `limit` ago; older proofs count as unknown. Pure.
Verdict judge(const Reading& reading, link::MonoTime now, link::Duration limit);

/// Whether a recorder is fit, before anybody counts on it.
struct Preflight {
  struct Check {
    std::string name;  ///< `login`, `clock`, `storage`, `camera`, `mode`
    Outcome outcome;
  };
  std::vector<Check> checks;
  std::string version;  ///< of the recorder, as it says it; to be compared with what was commissioned
  std::optional<std::chrono::milliseconds> clock_offset;
};

/// How one camera is asked.
struct RecorderOptions {
  std::function<UtcTime()> utc;                                         ///< our clock
  link::Duration order_within = std::chrono::seconds(5);                ///< start(), stop(): all of it
  link::Duration probe_within = std::chrono::seconds(2);                ///< probe(): all of it
  std::chrono::milliseconds clock_tolerance = std::chrono::seconds(5);  ///< of the recorder's clock
};

/// One call of each kind at a time; a second one is answered at once: failed, busy. Every `done` runs once,
/// in a later turn, within its time; none once the recorder is destroyed. On the loop.
class Recorder {
 public:
  using Done = std::function<void(Outcome)>;
  virtual ~Recorder() = default;

  /// Makes the camera record, whatever its schedule says. Again, while it is started: the order is repeated,
  /// and the session stays what it was.
  virtual void start(std::function<void(Outcome, Session)> done) = 0;
  /// Goes on with a session of another life. Nothing is sent.
  virtual void resume(Session session) = 0;
  /// Back to the mode from before the start, which is not to say that the camera does not record.
  virtual void stop(Done done) = 0;
  /// Without a session everything is unknown but the clock.
  virtual void probe(std::function<void(Reading)> done) = 0;
  /// Within `order_within`. Changes nothing.
  virtual void preflight(std::function<void(Preflight)> done) = 0;
  /// False: says amber at best, and why in the second line of describe().
  virtual bool can_verify() const = 0;
  /// For people.
  virtual std::string describe() const = 0;
};

}  // namespace lobby::cctv
