#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/sim/crowd_counts.hpp"
#include "tests/sim/faults.hpp"
#include "tests/sim/unit.hpp"

namespace lobby::sim {

/// What a clerk sees of the own window in GET /hall.
struct WindowSight {
  std::string state;
  std::string ticket;  ///< as text, empty without one
  int waiting = 0;     ///< citizens that this window could call
};

/// One clerk at one window, a plain state machine in given time: sees the window, thinks, presses a key of
/// the unit or asks the API. Presses again only when the unit's keys were taken and nothing came of it.
class Clerk {
 public:
  struct Desk {
    std::string window, number;
    std::shared_ptr<Unit> unit;  ///< nullptr: works by the API
    double speed = 1;
  };
  /// POST /windows/{id}/{verb}; gives "" when done, else the refusal's code.
  using Ask = std::function<std::string(const std::string& verb, const boost::json::object& body)>;

  Clerk(Desk desk, Ask ask, CrowdCounts& counts, std::uint64_t seed);

  void see(const WindowSight& sight, TimePoint now);

 private:
  void notice(const WindowSight& sight, TimePoint now);
  double thinks(const WindowSight& sight);
  void act(const WindowSight& sight);
  void act_on_called();
  void press(const std::string& key);
  TimePoint later(double minutes, TimePoint now) const;

  const Desk desk_;
  const Ask ask_;
  CrowdCounts& counts_;
  std::mt19937_64 random_;
  WindowSight seen_;
  bool knows_ = false;
  TimePoint due_{};
  bool will_miss_ = false;  ///< the called citizen does not come
  bool recalled_ = false;
  std::string ended_by_;
};

}  // namespace lobby::sim
