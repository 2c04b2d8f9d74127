#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "display/page/board_views.hpp"

namespace lobby::display {

/// The server's wall clock, told from this machine's steady one by what the server's answers said.
///
/// An answer left the server at some moment between question and answer: half the round trip is how wrong it
/// can be. Of the last answers the surest one counts. What it says is walked to, not jumped to, so that what
/// scrolls does not jerk; only a server whose clock was set is followed at once.
class ServerClock {
 public:
  static constexpr std::size_t kept = 8;

  /// `asked` and `answered` by the steady clock; `server`: what the server's clock showed in between.
  void heard(Instant asked, Instant answered, Instant server);

  bool is_known() const { return !samples_.empty(); }
  /// The server's time at a moment of the steady clock, not before the last answer. Grows evenly. Before the
  /// first answer it is the steady clock's.
  Instant at(Instant local) const { return local + offset(local); }
  /// How often the server's clock was found to have been set.
  std::size_t times_set() const { return times_set_; }

 private:
  struct Sample {
    Instant local;
    Instant offset;
    Instant doubt;  ///< half the round trip
  };
  Instant offset(Instant local) const;
  const Sample& surest(Instant local) const;

  std::deque<Sample> samples_;
  Instant from_ = {};  ///< the offset at `since_`
  Instant to_ = {};    ///< where it walks to
  Instant since_ = {};
  std::size_t times_set_ = 0;
};

}  // namespace lobby::display
