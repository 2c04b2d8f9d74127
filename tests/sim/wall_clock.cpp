#include "tests/sim/wall_clock.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace lobby::sim {

std::optional<WallClock::Wall> parse_rfc3339(std::string_view text) {
  const std::string copy(text);
  std::tm parts{};
  int used = 0;
  const int fields = std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &parts.tm_year, &parts.tm_mon,
                                 &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &used);
  if (fields != 6 || used == 0) {
    return std::nullopt;
  }
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  std::string_view zone = std::string_view(copy).substr(static_cast<std::size_t>(used));
  if (zone.starts_with('.')) {
    const std::size_t end = zone.find_first_not_of("0123456789", 1);
    zone.remove_prefix(end == std::string_view::npos ? zone.size() : end);
  }
  int offset_minutes = 0;
  if (zone != "Z" && zone != "z") {
    char sign = 0;
    int hours = 0;
    int minutes = 0;
    const std::string offset(zone);
    if (std::sscanf(offset.c_str(), "%c%2d:%2d", &sign, &hours, &minutes) != 3 ||
        (sign != '+' && sign != '-')) {
      return std::nullopt;
    }
    offset_minutes = (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
  }
  return WallClock::Wall(std::chrono::seconds(::timegm(&parts)) - std::chrono::minutes(offset_minutes));
}

std::tm local_time(WallClock::Wall at) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  return parts;
}

std::string local_date(WallClock::Wall at) {
  const std::tm parts = local_time(at);
  return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

std::string rfc3339(WallClock::Wall at) {
  const std::tm parts = local_time(at);
  const long minutes = parts.tm_gmtoff / 60;
  return fmt::format("{}T{:02}:{:02}:{:02}{}{:02}:{:02}", local_date(at), parts.tm_hour, parts.tm_min,
                     parts.tm_sec, minutes < 0 ? '-' : '+', std::labs(minutes) / 60, std::labs(minutes) % 60);
}

}  // namespace lobby::sim
