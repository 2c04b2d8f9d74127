#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>

#include "drivers/link/executor.hpp"
#include "drivers/window/window_unit.hpp"
#include "firmware/wire/window_unit.hpp"

namespace lobby::window {

/// The status registers of one answer.
struct UnitStatus {
  std::uint16_t boot_id = 0;
  std::uint16_t key_count = 0;
  std::uint16_t shown = 0;
  std::optional<std::uint16_t> last_key = {};  ///< the newest press as the ring has it; of units that tell it
};
/// nullopt: not the right number of registers.
std::optional<UnitStatus> parse_status(std::span<const std::uint16_t> words);

struct Press {
  PressId id;
  std::uint8_t key = 0;
};

/// Which presses of a unit were seen, from its counter and ring: each once, in order, whatever answer is
/// lost, repeated or comes out of time. Numbers are modulo 65536 throughout. Pure.
///
/// A single new press is taken from a status that tells it, at once: it stands beside the boot id of its
/// life. Of several the ring is read.
///
/// A clerk whose key does nothing presses it again. So of presses that may have been made more than
/// `stale_after` before they could be read (the unit was silent or its ring unreadable, or this is its first
/// sight) only the newest is given; the older ones are dropped. A single press is never dropped.
class KeyLedger {
 public:
  explicit KeyLedger(link::Duration stale_after) : stale_after_(stale_after) {}

  enum class Seen : std::uint8_t {
    nothing,        ///< no new press
    ring_due,       ///< there are presses to read: ask for the ring
    reset_suspect,  ///< another boot id, once: ask again before believing it
    reset           ///< the unit has restarted, or is another: its counting starts at 0
  };

  bool has_begun() const { return begun_; }
  /// First sight of the unit: neither what it says that was acknowledged to it is given again, nor what is
  /// recorded of the life that it is in. True: it is to be told of the recorded press.
  bool begin(const UnitStatus& status, std::uint16_t acknowledged, std::optional<PressId> recorded);
  Seen see(const UnitStatus& status, link::MonoTime now);
  /// Not while presses enough to fill a ring wait to be taken: then they stay in the unit.
  bool is_ring_due() const;
  /// A ring was read; its presses count only when one more status shows that the unit did not restart
  /// meanwhile, for then they would be those of its next life. Or it did not fit: only a status says why.
  bool is_status_due() const { return is_proof_due() || is_doubtful_; }
  /// Presses wait for that one more status.
  bool is_proof_due() const { return unproven_.has_value(); }
  /// The whole ring. False: it does not fit the last status (an old answer, or a restart), or is no ring.
  bool read_ring(std::span<const std::uint16_t> words);
  /// The next press, oldest first. A press read before a reset is still given.
  std::optional<Press> next();
  std::uint16_t boot_id() const { return boot_id_; }
  /// Presses that can never be given, since the last call: overwritten in the ring, or unread at a reset.
  unsigned take_lost();
  /// Presses that were read too late and are not given, since the last call.
  unsigned take_dropped();

 private:
  Seen begin_life(const UnitStatus& status, link::MonoTime now);
  void believe(link::MonoTime now, bool has_newer);
  void take_newest(std::uint16_t word);

  link::Duration stale_after_;
  bool begun_ = false;
  std::uint16_t boot_id_ = 0;
  std::optional<std::uint16_t> suspect_;  ///< a boot id seen once
  unsigned lower_ = 0;                    ///< statuses running whose count was below ours
  std::uint16_t count_ = 0;               ///< highest press number known to exist
  std::uint16_t read_ = 0;                ///< highest one that is read, or lost
  struct Unproven {
    std::deque<Press> presses;
    std::uint16_t read = 0;
    unsigned lost = 0;
    link::MonoTime counted_at;  ///< when `read` was the newest press that there was
  };
  std::optional<Unproven> unproven_;
  bool is_doubtful_ = false;  ///< the last ring did not fit
  std::deque<Press> waiting_;
  unsigned lost_ = 0;
  unsigned dropped_ = 0;
  link::MonoTime counted_at_;                  ///< of the last status that said count_
  std::optional<link::MonoTime> fresh_since_;  ///< every unread press was made after this
};

}  // namespace lobby::window
