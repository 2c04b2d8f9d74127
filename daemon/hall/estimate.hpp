#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/hall/lanes.hpp"
#include "daemon/hall/line.hpp"
#include "daemon/hall/site.hpp"
#include "daemon/hall/state.hpp"

/// How long people will wait: the queues are played forward, window by window and by the same rules that will
/// call them, with the time that people have lately spent at a window.
///
/// look() copies what that needs, on the thread of the state, in well under a millisecond; play() does the
/// work anywhere. Both are pure.
namespace lobby::hall {

/// The waits as they looked at one moment.
struct Estimates {
  /// Older ones are not shown: whoever computes them has fallen behind.
  static constexpr std::int64_t stale_after_ms = 2000;

  struct Wait {
    TicketId ticket;
    std::uint32_t seconds = 0;
    WindowIx window = no_ix;  ///< place in Site::windows: which one is going to call it
  };

  std::optional<Instant> at;  ///< nullopt: there are none yet
  std::vector<Wait> waits;    ///< of those who wait, by ascending id; who is not in it cannot be told
  /// Of somebody who takes a ticket now: by place in Site::services and by lane.
  std::vector<std::array<std::optional<std::uint32_t>, lane_count>> newcomers;

  bool is_fresh(Instant now) const;
  /// nullptr: the wait of this ticket cannot be told.
  const Wait* of(TicketId ticket) const;
};

/// The queues, windows and paces of one moment. Points into the site, which outlives it.
struct Outlook {
  struct Queue {
    const Service* service = nullptr;
    std::uint32_t stay_ms = 0;  ///< what one call keeps a window busy
    bool is_known = false;      ///< measured, or said by the site; else a guess
    bool takes_newcomers = false;
    std::array<std::vector<Line::Entry>, lane_count> lanes;
  };
  struct Own {
    Line::Entry entry;
    std::size_t queue = 0;
    Lane lane{};
  };
  struct Desk {
    WindowIx window = no_ix;   ///< place in Site::windows
    std::int64_t free_ms = 0;  ///< when it is going to call somebody next
    std::vector<std::uint32_t> round;
    std::vector<Own> line;  ///< who waits for it alone
  };
  /// Somebody who is going to come and to stand before others.
  struct Arrival {
    std::int64_t at_ms = 0;
    std::size_t queue = 0;
    Lane lane{};
  };

  const Site* site = nullptr;
  Instant at;   ///< the moment, by the clock
  Instant now;  ///< the same by which the rules go: never before the last event
  std::uint32_t gap_ms = 0;
  std::vector<Queue> queues;      ///< as Site::services
  std::vector<Desk> desks;        ///< those that are going to call somebody
  std::vector<Arrival> arrivals;  ///< by time
};

Outlook look(const Site& site, const State& state, Instant now);
Estimates play(Outlook outlook);

}  // namespace lobby::hall
