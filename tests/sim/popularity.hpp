#pragma once

#include <map>
#include <string>

#include "tests/sim/habits.hpp"
#include "tests/sim/hall_sight.hpp"
#include "tests/sim/site.hpp"

namespace lobby::sim {

/// Which service people come for: Zipf's law over the services of the site, those first that a hall gives
/// the most windows, and by id among equals. The rank is the site's, so it stays whatever is open.
/// Assumption: the exponent is 1.
class Popularity {
 public:
  explicit Popularity(const Site& site);

  /// Among what is open and not a tenant's; empty when nothing is.
  std::string pick(const HallSight& hall, Random& random) const;
  /// How many services a newcomer can choose from.
  static int choices(const HallSight& hall);
  double weight(const std::string& service) const;

 private:
  std::map<std::string, double> weights_;
};

}  // namespace lobby::sim
