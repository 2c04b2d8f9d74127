#pragma once

#include <array>

#include "drivers/bus/exchange_port.hpp"

namespace lobby::bus {

/// What a line remembers of its units, so that a broken one costs its neighbours little. Pure, not locked.
///
/// A unit that did not answer may still do so, into the exchange of another: the line is kept silent for that
/// long. Not for one that was silent several times with nothing coming later: it is dead, and asking whether
/// it lives again costs no more than the deadline. Should it answer late all the same, it is waited for
/// again.
class UnitRecords {
 public:
  static constexpr int dead_after = 3;     ///< silences in a row
  static constexpr int suspect_after = 2;  ///< failed exchanges in a row
  static constexpr int patience = 4;       ///< times what a failure cost, until any suspect is asked again
  static constexpr link::Duration dearest = std::chrono::microseconds(750);  ///< C²/2I of one unit
  static constexpr link::Duration longest_rest = std::chrono::seconds(30);   ///< so soon it may be well again
  static constexpr link::Duration longest_late = std::chrono::seconds(1);

  /// `late`: how long after its time an answer may come; 0: never, the wire itself keeps them apart.
  explicit UnitRecords(link::Duration late);

  /// How long the line is to be kept silent when this unit does not answer.
  link::Duration late_of(const Exchange& exchange) const;
  /// A dead unit is not asked again while it may still answer the last time: that would pass for an answer.
  link::MonoTime not_before(const Exchange& exchange) const;
  /// False: others that wait come first. Units that fail have, all together, a fifth of the line.
  bool is_welcome(const Exchange& exchange, link::MonoTime now) const;

  void record(const Exchange& exchange, const Heard& heard, link::MonoTime began, link::MonoTime now);
  /// The line was away, and its units may be others now: each is asked and waited for as at first. But the
  /// first that fails as it did before is enough to ask those that did so, too, after their neighbours.
  void forget();
  UnitCounts counts(BusAddress address) const { return units_[address.value].counts; }

 private:
  struct Unit {
    UnitCounts counts;
    int failures = 0;  ///< in a row
    int silences = 0;  ///< in a row, with nothing late
    link::Duration late{};
    link::MonoTime silent_at;  ///< end of its last silence
    bool was_waited_for = false;
    link::MonoTime rests_until;
  };
  void blame(link::MonoTime now);
  static link::Duration rest(int failures, link::Duration cost);
  static void count(UnitCounts& counts, link::Status status);

  link::Duration late_;
  std::array<Unit, 256> units_{};
  link::MonoTime suspects_from_;
};

}  // namespace lobby::bus
