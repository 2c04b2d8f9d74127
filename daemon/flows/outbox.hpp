#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/hall/time.hpp"

namespace lobby::flows {

/// One event as its target gets it.
struct OutboxItem {
  std::string id;    ///< the same whenever the event is sent again: the target takes each id once
  std::string json;  ///< an object on one line
};

/// One event of the journal as an outbox reads it.
struct OutboxLine {
  std::uint64_t seq = 0;
  std::int64_t at_ms = 0;
  bool wanted = false;  ///< the target is to get it
  std::string json;     ///< as the journal keeps it
};

/// What a target has refused for good.
struct OutboxRefusal {
  std::string id;
  std::string reason;
};

struct DeadLetter {
  OutboxItem item;
  std::string reason;
};

/// What an outbox needs of the world. No call calls back before it has returned.
class OutboxPort {
 public:
  virtual ~OutboxPort() = default;
  virtual hall::Instant now() const = 0;
  /// The number of the last durable event.
  virtual std::uint64_t newest() = 0;
  /// Durable events after `seq`, oldest first, at most `limit`.
  virtual std::vector<OutboxLine> read(std::uint64_t seq, std::size_t limit) = 0;
  /// nullopt: nothing of this event is for the target after all.
  virtual std::optional<OutboxItem> item(const OutboxLine& line) = 0;
  /// Where the outbox stood when it was last kept.
  virtual std::optional<std::uint64_t> place() = 0;
  virtual void keep_place(std::uint64_t seq, std::function<void(bool durable)> done) = 0;
  /// Writes them where a person will find them. `done(true)`: they are on the disk.
  virtual void bury(std::vector<DeadLetter> letters, std::function<void(bool durable)> done) = 0;
  /// So many events, one after another, waited for longer than 30 days and will never be sent.
  virtual void dropped(std::uint64_t count) = 0;
};

/// The events of the hall on their way to one other system: at least once, in order, in batches. The journal
/// is the queue; all that an outbox has of its own is its place in it, which moves when the target has
/// confirmed a batch and is kept before the next one goes. However long the target is away, no more than one
/// batch is in memory.
///
/// An outbox that has no place yet begins with what happens from then on.
class Outbox {
 public:
  static constexpr std::size_t most_items = 500;
  static constexpr std::size_t most_bytes = 512U * 1024;  ///< of a batch with more than one item
  static constexpr std::int64_t waits_ms = 30LL * 24 * 3600 * 1000;

  struct Batch {
    std::vector<OutboxItem> items;
    bool more = false;  ///< there was nothing to send as far as it was read: ask again soon
  };
  struct Counts {
    std::uint64_t sent = 0, refused = 0, dropped = 0;  ///< since the start
  };

  explicit Outbox(OutboxPort& port) : port_(port) {}

  /// The next batch for a target that can take one. It is in flight until confirmed() or lost(); meanwhile,
  /// and while a place is being kept, there is no other. Reads at most `most_items` events.
  Batch next();
  /// The target has the batch in flight, but for what it refused. Refused events are buried, then the place
  /// is kept; `done(false)`: one of both failed, and the batch will come again.
  void confirmed(const std::vector<OutboxRefusal>& refused, std::function<void(bool)> done);
  /// Nobody knows what the target got of the batch in flight: it will come again.
  void lost();

  Counts counts() const { return counts_; }

 private:
  bool begin();
  void take(const std::vector<OutboxLine>& lines);
  void skip_to(std::uint64_t seq, bool at_end);
  void tell_dropped();
  void move_on(const Counts& batch, std::function<void(bool)> done);
  void keep(std::uint64_t seq, std::uint64_t too_old, std::function<void(bool)> done);

  OutboxPort& port_;
  bool knows_place_ = false;
  bool busy_ = false;          ///< something is being made durable
  bool rest_ = false;          ///< the disk has just refused: not at once again
  std::uint64_t place_ = 0;    ///< everything up to here is dealt with
  std::uint64_t kept_ = 0;     ///< as far as the disk knows
  std::uint64_t dropped_ = 0;  ///< up to place_, not kept yet
  std::uint64_t untold_ = 0;   ///< of those that are kept
  // The batch in flight.
  std::vector<OutboxItem> items_;
  std::uint64_t end_ = 0;  ///< its last event
  std::uint64_t too_old_ = 0;
  Counts counts_;
};

}  // namespace lobby::flows
