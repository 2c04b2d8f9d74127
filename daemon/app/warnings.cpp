#include "daemon/app/warnings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "daemon/devices/buses.hpp"
#include "drivers/bus/line_timing.hpp"
#include "firmware/wire/window_unit.hpp"

namespace lobby::app {

namespace {

/// Writing the closing text to every unit of a line, the exchange that is under way included.
std::chrono::duration<double> closing_time(const devices::BusConfig& line, std::size_t units) {
  bus::Exchange face;
  face.kind = bus::Exchange::Kind::write;
  face.values.resize(wire::window_unit::face_count);
  auto timing = devices::line_timing(line);
  timing.baud = line.port.baud;  // behind a gateway: the usual one
  const auto exchange =
      timing.wire(bus::request_bytes(face) + bus::reply_bytes(face)) + timing.silence() + timing.gap();
  return exchange * static_cast<std::int64_t>(units + 1);
}

}  // namespace

std::optional<std::string> calendar_warning(const hall::Site& site, hall::Date today) {
  const auto year = site.calendar.missing_year(today);
  if (!year) {
    return std::nullopt;
  }
  return fmt::format(
      "the calendar of {0} is missing, its days follow the weekday: add calendars/{0}.json and name it in "
      "\"calendar\"",
      *year);
}

std::vector<std::string> warnings_of(const SiteFile& site, hall::Date today) {
  std::vector<std::string> warnings;
  if (auto sentence = calendar_warning(site.hall, today)) {
    warnings.push_back(*std::move(sentence));
  }
  for (const auto& line : site.devices.buses) {
    const auto units = std::count_if(site.devices.units.begin(), site.devices.units.end(),
                                     [&](const devices::UnitConfig& unit) { return unit.bus == line.id; });
    const auto needed = closing_time(line, static_cast<std::size_t>(units)).count();
    if (needed > site.stop_grace_s) {
      warnings.push_back(
          fmt::format("bus \"{}\" needs {:.1f} s to show the closing text on its {} units, but "
                      "stop_grace_s is {}; raise it to {:.0f}",
                      line.id.value, needed, units, site.stop_grace_s, std::ceil(needed)));
    }
  }
  return warnings;
}

}  // namespace lobby::app
