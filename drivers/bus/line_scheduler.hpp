#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "drivers/bus/exchange_port.hpp"
#include "drivers/bus/turn_queue.hpp"
#include "drivers/bus/unit_records.hpp"

namespace lobby::bus {

/// Decides what is put on one line, and when: turns, the newest value of what is written, the silence behind
/// every exchange and broadcast, and what units that fail may cost. Pure: the time is given, and whoever
/// drives it (a thread, or a test in virtual time) does what next() says and tells finished().
/// Not locked.
class LineScheduler {
 public:
  using Done = std::function<void(Reply)>;
  struct Order {
    TurnQueue::Waiting waiting;
    link::Duration late;  ///< what to give ExchangePort::exchange
  };
  struct Answer {
    Done done;
    link::Status status;
  };

  explicit LineScheduler(const LineTiming& timing) : timing_(timing), records_(timing.late) {}

  /// Whose turn has come to nothing, if anybody's: the new exchange (`refused`: it cannot be put on a wire;
  /// `gone`; `busy`: too many wait), or one that waited and was replaced by this newer value (`busy`).
  std::optional<Answer> add(Exchange exchange, Done done);
  /// When somebody may speak; MonoTime::max() while nobody waits.
  link::MonoTime ready_at() const;
  /// What to put on the wire at `now`; nothing before ready_at().
  std::optional<Order> next(link::MonoTime now);
  /// The exchange that next() gave; `now` is the end of the last byte, or of the quarantine.
  void finished(const Exchange& exchange, const Heard& heard, link::MonoTime began, link::MonoTime now);

  /// The line is away: those who waited, to be answered `gone`, and so will be all others until came_up().
  std::vector<TurnQueue::Waiting> went_down();
  void came_up(link::MonoTime now);
  std::size_t waiting() const { return queue_.size(); }
  UnitCounts counts(BusAddress address) const { return records_.counts(address); }

 private:
  LineTiming timing_;
  TurnQueue queue_;
  UnitRecords records_;
  link::MonoTime free_at_;
  bool is_away_ = false;
};

}  // namespace lobby::bus
