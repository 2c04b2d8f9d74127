#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/digest_gate.hpp"
#include "tests/sim/faults.hpp"
#include "tests/sim/http_text.hpp"

namespace lobby::sim {

/// A recorder with one camera: what really happens in it, and what it says of that in its own dialect, which
/// its faults set apart. Knows no wire and no clock of its own: `now` is the true time. Not locked.
class RecorderModel {
 public:
  using Now = std::function<RecorderTime()>;
  /// A piece of film that is on the disk.
  struct Segment {
    RecorderTime begin;
    std::optional<RecorderTime> end;  ///< empty: it is being written
  };

  explicit RecorderModel(Now now) : now_(std::move(now)) {}
  virtual ~RecorderModel() = default;
  RecorderModel(const RecorderModel&) = delete;
  RecorderModel& operator=(const RecorderModel&) = delete;

  /// To one whom the gate has let in.
  HttpReply answer(const HttpAsk& ask);
  /// What it answers before it knows who asks.
  virtual bool is_open_to_all(const HttpAsk&) const { return false; }
  /// What it answers once it ignores somebody.
  virtual HttpReply locked(const DigestGate& gate) const { return gate.challenge(); }
  virtual bool can_have(Fault fault) const = 0;
  /// For /sim/{id}, besides the truth.
  virtual void describe(boost::json::object& out) const = 0;

  void inject(Fault fault, milliseconds slow_by = milliseconds(0));
  void mend(Fault fault);
  void mend_all();
  const FaultSet& faults() const { return faults_; }
  /// Its clock less ours, while it has the fault `clock`.
  void set_clock(milliseconds offset);
  /// What becomes of orders and of its faults takes effect; after every change from outside.
  void settle();

  bool is_recording() const { return !segments_.empty() && !segments_.back().end; }
  const std::vector<Segment>& segments() const { return segments_; }
  /// From before our time.
  void set_segments(std::vector<Segment> segments) { segments_ = std::move(segments); }

 protected:
  virtual HttpReply reply_to(const HttpAsk& ask) = 0;
  /// Somebody wants it to record: an order, or its schedule.
  virtual bool is_ordered() const = 0;
  /// Off and on again: what it keeps is its configuration.
  virtual void restart() {}

  bool has(Fault fault) const { return faults_.has(fault); }
  RecorderTime now() const { return now_(); }
  /// What its clock shows.
  RecorderTime its_time() const { return its_time(now()); }
  RecorderTime its_time(RecorderTime at) const;

 private:
  static constexpr std::size_t most_segments = 200;
  bool writes() const;

  Now now_;
  FaultSet faults_;
  milliseconds clock_{0};
  std::vector<Segment> segments_;
};

/// `2026-11-23T13:00:00Z`, and with a blank instead of T and without Z.
std::string iso_text(RecorderTime at);
std::string blank_text(RecorderTime at);
/// Either of them, also with `%20` between; nullopt: neither.
std::optional<RecorderTime> parse_recorder_time(std::string text);
/// What stands between `<name>` and the next tag, whatever the prefix; empty when there is none.
std::string between_tags(std::string_view xml, std::string_view name);

}  // namespace lobby::sim
