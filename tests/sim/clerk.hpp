#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/crowd_counts.hpp"
#include "tests/sim/duties.hpp"
#include "tests/sim/habits.hpp"
#include "tests/sim/unit.hpp"

namespace lobby::sim {

/// One clerk at one window, a plain state machine in given time: sees the window, thinks, presses a key of
/// the unit or asks the API. Presses again only when the unit's keys were taken and nothing came of it, and
/// leaves the unit for the API when its line is away for long. Whatever is refused, the window comes free
/// again: what cannot be done is done another way.
class Clerk {
 public:
  struct Desk {
    std::string window, number;
    std::shared_ptr<Unit> unit;  ///< nullptr: works by the API
    double speed = 1;
    std::vector<std::string> backups;
    std::chrono::milliseconds recall_least{5000};  ///< the hall's, between two calls
  };
  /// Somebody goes from the window and means to come back.
  struct Leaving {
    enum class Why : std::uint8_t { held, missed, told };
    Why why{};
    std::uint64_t ticket = 0;
    std::string service;
    std::string word;  ///< the kind of hold, or the number of the notice slip
  };
  struct Ways {
    /// POST /windows/{id}/{verb}; gives "" when done, else the refusal's code.
    std::function<std::string(const std::string& verb, const boost::json::object& body)> ask;
    std::function<bool(std::uint64_t ticket)> has_left;
    std::function<void(const Leaving&)> leaves;
    Duties::Wall wall;
  };

  Clerk(Desk desk, Ways ways, CrowdCounts& counts, std::uint64_t seed);

  void see(const HallSight& hall, const WindowSight& sight, Moment now);
  /// A held person will be back here.
  void expect(std::uint64_t ticket, TimePoint at) { duties_.expect(ticket, at); }

 private:
  struct Thanks {
    Rating rating;
    TimePoint due;
  };
  void notice(const WindowSight& sight, TimePoint now);
  void count_change(const WindowSight& sight);
  void welcome(const WindowSight& sight, TimePoint now);
  void see_off(TimePoint now);
  Clock::duration thinks(const WindowSight& sight, TimePoint now);
  std::optional<Act> next(const HallSight& hall, const WindowSight& sight, Moment now);
  std::optional<Act> next_called(TimePoint now) const;
  Act next_serving(const HallSight& hall, const WindowSight& sight);
  Act transfer(const HallSight& hall, const WindowSight& sight);
  Act finish();
  void perform(const Act& act, TimePoint now);
  void done(const Act& act, TimePoint now);
  void refused(const Act& act, const std::string& code, TimePoint now);
  bool waits_for_pad(TimePoint now);
  void thank(TimePoint now);

  const Desk desk_;
  const Ways ways_;
  CrowdCounts& counts_;
  Random random_;
  Duties duties_;
  WindowSight seen_;
  bool knows_ = false;
  TimePoint due_{};
  int tries_ = 0;  ///< acts since something changed
  Plan plan_;
  int calls_again_ = 0;
  TimePoint last_call_{};
  bool deed_tried_ = false;
  std::uint64_t expected_ = 0;  ///< this ticket's person stands here already
  std::string ended_by_, slip_;
  unsigned slips_ = 0;
  std::optional<Thanks> thanks_;
  bool pad_works_ = true;
  std::optional<TimePoint> untaken_since_;
};

}  // namespace lobby::sim
