#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/sim/day_profile.hpp"
#include "tests/sim/hall_sight.hpp"
#include "tests/sim/popularity.hpp"
#include "tests/sim/site.hpp"
#include "tests/sim/visit.hpp"

namespace lobby::sim {

/// Who comes through the door of their own accord, and for what: a pure draw by the time of the day and by
/// what is open.
class Citizens {
 public:
  Citizens(const Site& site, std::uint64_t seed);

  struct Arrived {
    std::vector<Visit> visits;
    int balked = 0;  ///< saw the crowd and went away
  };
  Arrived arrive(const HallSight& hall, DayTime at, double minutes);

 private:
  void come(const HallSight& hall, Arrived& out);
  void send_agent(const HallSight& hall, Arrived& out);
  Visit visit_for(const std::string& service);

  const Popularity popularity_;
  const int agent_limit_;
  std::map<std::string, const Counter> services_;
  Random random_;
  std::uint64_t people_ = 0;
};

}  // namespace lobby::sim
