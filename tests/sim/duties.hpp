#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/act.hpp"
#include "tests/sim/habits.hpp"
#include "tests/sim/hall_sight.hpp"
#include "tests/sim/later.hpp"

namespace lobby::sim {

/// What a clerk turns to when nobody stands at the window, in given time: held people who are back, breaks,
/// lunch, whoever steps up without a ticket or for a licence, and then the next in the queue. Each occasion
/// is tried and let go, so none of them can hold up the window.
class Duties {
 public:
  struct Post {
    std::string number;                ///< of the clerk whose window it is
    std::vector<std::string> backups;  ///< who may take over; none: anybody
    double speed = 1;
  };
  /// Wall time after so long, as the API wants it.
  using Wall = std::function<std::string(Clock::duration)>;

  Duties(Post post, Wall wall, std::uint64_t seed);

  /// The day begins, or the clerk comes to it.
  void begin(TimePoint now);
  /// A held person will be back at this window.
  void expect(std::uint64_t ticket, TimePoint at);
  /// What to do at an idle window; nullopt: nobody wants anything.
  std::optional<Act> next(const HallSight& hall, const WindowSight& window, Moment now);
  void done(const Act& act, TimePoint now);
  void refused(const Act& act, TimePoint now);

  /// Whose number the window is to be opened with.
  const std::string& number() const { return post_.number; }
  void opened() { on_backup_ = false; }
  TimePoint pause_ends() const { return pause_ends_; }

 private:
  struct Held {
    std::uint64_t ticket = 0;
    int tries = 0;
  };
  std::optional<Act> break_or_lunch(Moment now);
  std::optional<Act> somebody_without_ticket(const HallSight& hall, const WindowSight& window, TimePoint now);
  Act hand_over(double minutes);
  Act pause(const Pause& pause);
  TimePoint after(double minutes, TimePoint now) const;

  const Post post_;
  const Wall wall_;
  Random random_;
  Later<Held> held_;
  Held fetched_;
  TimePoint next_break_{}, next_walk_in_{}, next_collect_{};
  TimePoint pause_ends_{}, own_back_{};
  double absence_min_ = 0;
  double lunch_at_ = 0;
  bool had_lunch_ = false;
  bool on_backup_ = false;  ///< somebody else works here meanwhile
  unsigned cases_ = 0;
};

}  // namespace lobby::sim
