#include "tests/sim/day_profile.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace lobby::sim {
namespace {

struct Point {
  double minute, factor;
};

// Between two points the factor changes evenly.
constexpr std::array<Point, 14> day{{{0, 0},
                                     {510, 0},     // 08:30
                                     {511, 0.8},   //
                                     {540, 1.6},   // 09:00
                                     {600, 3.0},   // 10:00
                                     {660, 2.2},   // 11:00
                                     {720, 0.4},   // 12:00
                                     {810, 0.5},   // 13:30
                                     {840, 2.0},   // 14:00
                                     {885, 2.6},   // 14:45
                                     {930, 1.8},   // 15:30
                                     {1000, 1.0},  //
                                     {1050, 0.2},  // 17:30
                                     {1051, 0}}};

constexpr double quiet_per_service = 0.05;  ///< citizens a minute

}  // namespace

double rush(double minute) {
  constexpr double whole_day = 1440;
  minute = std::fmod(std::fmod(minute, whole_day) + whole_day, whole_day);
  for (std::size_t i = 1; i < day.size(); ++i) {
    if (minute < day[i].minute) {
      const Point& from = day[i - 1];
      const double share = (minute - from.minute) / (day[i].minute - from.minute);
      return from.factor + share * (day[i].factor - from.factor);
    }
  }
  return 0;
}

double service_minutes(std::mt19937_64& random) {
  std::lognormal_distribution<double> length(std::log(3.5), 0.6);
  return std::clamp(length(random), 0.5, 25.0);
}

int arrivals(double minute, double minutes, int services, std::mt19937_64& random) {
  const double mean = rush(minute) * quiet_per_service * minutes * services;
  if (mean <= 0) {
    return 0;
  }
  return std::poisson_distribution<int>(std::min(mean, 1000.0))(random);
}

}  // namespace lobby::sim
