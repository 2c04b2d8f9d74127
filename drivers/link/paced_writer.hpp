#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "drivers/link/executor.hpp"
#include "drivers/link/status.hpp"

namespace lobby::link {

/// How fast bytes are given to a kernel, which would take thousands that nobody can call back.
struct Pace {
  std::uint32_t bytes_per_s = 0;  ///< of the wire; 0: the kernel takes what it can
  /// Most bytes that are handed over and, by the clock, not on the wire yet. They still arrive after the far
  /// end has said stop, and a real-time question waits for them.
  std::size_t window = std::numeric_limits<std::size_t>::max();
  /// A send that has begun is finished, though we are held off, when at most this many of its bytes are left
  /// and real-time bytes wait for its end.
  std::size_t finish = 0;
};

/// The pace of a serial line to a printer that can stop us: 10 ms of it, from 16 to 48 bytes. A 4 KB receive
/// buffer says stop with 128 bytes left (Epson TM-T88III specification, "buffer full"): window and finish
/// together are 80 of them, the rest is for the stop to reach us (4 ms at 115200 baud).
Pace serial_pace(std::uint32_t bytes_per_s);
/// To one that cannot: 20 ms, which a busy computer does not sleep through.
Pace unstopped_pace(std::uint32_t bytes_per_s);

/// What waits to be sent, and what of it may be handed to the kernel now. Two queues, usual and real-time:
/// real-time bytes go before every usual send that has not begun, never into one that has, and also while the
/// far end holds us off. Every byte leaves once, in the order of its queue. Pure: time is given.
class PacedWriter {
 public:
  using Bytes = std::vector<std::uint8_t>;
  using Done = std::function<void(Status)>;

  static constexpr std::size_t usual_limit = 256 * 1024;
  static constexpr std::size_t urgent_limit = 4 * 1024;

  explicit PacedWriter(Pace pace) : pace_(pace) {}

  /// False: more than the queue's limit would wait; nothing was taken, `done` neither.
  bool add(Bytes& bytes, Done& done, bool is_urgent);
  /// The far end is busy, or takes bytes again.
  void hold(bool is_held) { is_held_ = is_held; }
  bool is_held() const { return is_held_; }
  bool has_usual() const { return !usual_.sends.empty(); }
  bool has_any() const { return has_usual() || !urgent_.sends.empty(); }

  struct Turn {
    /// Hand these over now, and tell by took() how many went; they are part of one send, and valid until
    /// then. nullopt: nothing may go now.
    std::optional<std::span<const std::uint8_t>> bytes;
    std::optional<MonoTime> again;  ///< ask again then; else after the next add(), hold() or took()
  };
  Turn next(MonoTime now);
  /// So many of the last turn's bytes were handed over. The `done` of the send that is whole with them.
  Done took(std::size_t count, MonoTime now);
  /// What the kernel itself says that it holds: a wire slower than we think must not fill it.
  void kernel_holds(std::size_t count, MonoTime now);

  /// Everything that waits is forgotten, the wire is a new one. Their `done`s, in the order in which they
  /// would have left.
  std::vector<Done> drop();

 private:
  struct Send {
    Bytes bytes;
    Done done;
  };
  struct Queue {
    std::deque<Send> sends;
    std::size_t bytes = 0;  ///< of whole sends
    std::size_t gone = 0;   ///< of the first send
  };

  Queue* whose_turn();
  Duration wire_time(std::size_t bytes) const;

  Pace pace_;
  bool is_held_ = false;
  Queue usual_;
  Queue urgent_;
  Queue* turn_ = nullptr;  ///< of the last next()
  MonoTime empty_at_{};    ///< the last byte handed over is on the wire
};

}  // namespace lobby::link
