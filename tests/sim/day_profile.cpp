#include "tests/sim/day_profile.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace lobby::sim {
namespace {

struct Point {
  double minute, factor;
};

// Between two points the factor changes evenly. So made that, as in a county hall, 22 % come in the fullest
// hour and 6 % in the first five minutes.
constexpr std::array<Point, 17> day{{{0, 0},
                                     {510, 0},  // 08:30
                                     {510.1, 11},
                                     {515, 11},
                                     {516, 1.8},
                                     {550, 2.6},
                                     {600, 4.0},  // 10:00
                                     {650, 2.4},
                                     {720, 0.5},  // 12:00
                                     {780, 0.4},
                                     {810, 0.6},  // 13:30
                                     {840, 2.0},
                                     {870, 3.2},  // 14:30
                                     {900, 2.3},
                                     {990, 0.8},
                                     {1050, 0.2},  // 17:30
                                     {1051, 0}}};

constexpr double quiet_per_service = 0.045;  ///< citizens a minute
constexpr double noon = 720;

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

double weekday_factor(int weekday, double minute) {
  // Sunday first. A Monday has half as many again as a quiet day, a third more than the week's mean; the days
  // between and the Friday afternoon are assumptions. At weekends only what is open counts.
  constexpr std::array<double, 7> days{1.0, 1.5, 1.15, 1.0, 1.0, 1.0, 1.0};
  constexpr int friday = 5;
  constexpr double friday_afternoon = 0.7;
  return weekday == friday && minute >= noon ? friday_afternoon : days.at(static_cast<std::size_t>(weekday));
}

double service_minutes(std::mt19937_64& random) {
  std::lognormal_distribution<double> length(std::log(3.5), 0.6);
  return std::clamp(length(random), 0.5, 25.0);
}

int arrivals(DayTime at, double minutes, int services, std::mt19937_64& random) {
  const double mean =
      rush(at.minute) * weekday_factor(at.weekday, at.minute) * quiet_per_service * minutes * services;
  if (mean <= 0) {
    return 0;
  }
  return std::poisson_distribution<int>(std::min(mean, 1000.0))(random);
}

}  // namespace lobby::sim
