#pragma once

#include <random>

namespace lobby::sim {

/// How busy a minute of the day is, as a factor on a quiet one: two peaks, 09–11 and 14–15:30, a lull at
/// noon, nothing outside 08:30–17:30. `minute` since midnight, any number: whole days wrap.
double rush(double minute);

/// Minutes of service for one citizen: log-normal, median 3.5, hardly ever under half a minute or over
/// twenty-five.
double service_minutes(std::mt19937_64& random);

/// How many citizens come within `minutes` around `minute`, when `services` are open: Poisson.
int arrivals(double minute, double minutes, int services, std::mt19937_64& random);

}  // namespace lobby::sim
