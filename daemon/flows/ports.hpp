#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/hall/approval.hpp"
#include "daemon/hall/command.hpp"
#include "daemon/hall/decide.hpp"
#include "daemon/hall/key_press.hpp"
#include "daemon/hall/view.hpp"

/// What the flows need of the world, named by role. daemon/app implements them; tests script them.
/// Everything runs on the loop thread, and no port calls back before it has returned.
namespace lobby::flows {

/// Commands on their way to the hall.
class Desk {
 public:
  virtual ~Desk() = default;
  virtual const hall::Site& site() const = 0;
  virtual const hall::State& state() const = 0;
  virtual hall::Instant now() const = 0;
  /// Milliseconds of a clock that nobody sets, for spans within this run; its zero means nothing.
  virtual std::int64_t mono_ms() const = 0;
  /// Decides and records; `done` once: nullopt when the events are durable, else the refusal.
  virtual void ask(hall::Command command, std::string by,
                   std::function<void(std::optional<hall::Refusal>)> done) = 0;
  /// As ask(), for a key press: that it was dealt with is durable together with the events or the refusal,
  /// unless the disk is what refused.
  virtual void ask_for_key(hall::Command command, hall::KeyPress press,
                           std::function<void(std::optional<hall::Refusal>)> done) = 0;
  /// What the world reports has happened, whatever the disk says: while the journal cannot be written the
  /// report waits, and is recorded when it can be again.
  virtual void report(hall::Command command, std::string by) = 0;
};

/// The ticket printers.
class Paper {
 public:
  enum class Result : std::uint8_t {
    printed,  ///< proven
    sent,     ///< gone, to a printer that cannot confirm
    failed,   ///< not one byte left
    unknown,
    voided  ///< bytes left, and the printer proved that it threw them away
  };
  /// What is learnt of a paper after its result.
  enum class Later : std::uint8_t { proven, taken, retracted };
  struct Told {
    std::function<void(Result, std::string reason)> done;  ///< once
    std::function<void(Later)> later;                      ///< after that, or never
  };
  virtual ~Paper() = default;
  /// Would the first byte leave at once?
  virtual bool is_ready(const hall::DeviceId& printer) const = 0;
  /// `copy` 0 is the original.
  virtual void print(hall::TicketId ticket, std::uint32_t copy, const hall::DeviceId& printer, Told told) = 0;
};

/// The signs above the windows; level-triggered: what is to be seen from now on.
class Signs {
 public:
  virtual ~Signs() = default;
  /// `call`: journal number of the call that is shown; 0 when nobody is called.
  virtual void want(const hall::WindowView& window, std::uint64_t call) = 0;
  /// A key at the window was refused: for a moment, then the sign shows again what is. Nothing newer is
  /// hidden.
  virtual void refuse(const hall::WindowId& window, hall::Refused why) = 0;
  /// The person is asked to grade the service, where there is something to do it with.
  virtual void ask_rating(const hall::WindowId& window) = 0;
};

/// The lamps of the button panels; level-triggered.
class PanelLamps {
 public:
  /// Bit n: the lamp of button n + 1.
  struct Lit {
    std::uint8_t on = 0;
    std::uint8_t blinking = 0;  ///< of those that are on
    friend bool operator==(const Lit&, const Lit&) = default;
  };
  virtual ~PanelLamps() = default;
  virtual void want(const hall::DeviceId& panel, Lit lit) = 0;
  virtual void beep(const hall::DeviceId& panel) = 0;
};

/// The mirror of what the sources say.
class SourceTable {
 public:
  virtual ~SourceTable() = default;
  /// One row of one kind of one source: hall::key_of() and hall::meaning().
  using UseKnown = std::function<void(std::uint64_t key, std::uint64_t meaning)>;
  static constexpr std::int64_t first_place = std::numeric_limits<std::int64_t>::min();
  /// What is known, some of it in one call: looks at the next rows from `place` on. The place to go on from;
  /// nullopt: that was all.
  virtual std::optional<std::int64_t> each_known(const hall::DeviceId& feed, hall::What what,
                                                 std::int64_t place, const UseKnown& use) = 0;
  /// Up to so many that can go first where there is no room: cases that ended, the longest ago first; of
  /// other kinds those that were written first. By hall::key_of().
  virtual std::vector<std::uint64_t> oldest(const hall::DeviceId& feed, hall::What what,
                                            std::size_t limit) = 0;
  /// Writes rows, removals and the place in the source's list together; `done` gets their version, or nullopt
  /// when nothing was written.
  virtual void write(hall::SourceChange change, std::function<void(std::optional<std::uint64_t>)> done) = 0;
};

}  // namespace lobby::flows
