#pragma once

#include <random>

namespace lobby::sim {

/// How busy a minute of the day is, as a factor on a quiet one: a burst when the doors open, two peaks, at
/// 10:00 and 14:30, a lull at noon, nothing outside 08:30–17:30. `minute` since midnight, any number: whole
/// days wrap.
double rush(double minute);

/// A factor on it; `weekday` from 0, Sunday, to 6.
double weekday_factor(int weekday, double minute);

/// Minutes of service for one citizen: log-normal, median 3.5, hardly ever under half a minute or over
/// twenty-five.
double service_minutes(std::mt19937_64& random);

struct DayTime {
  double minute = 0;  ///< since midnight
  int weekday = 1;    ///< 0 is Sunday
};
/// How many citizens come within `minutes` around this time, when `services` are open: Poisson.
int arrivals(DayTime at, double minutes, int services, std::mt19937_64& random);

}  // namespace lobby::sim
