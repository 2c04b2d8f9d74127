#include "daemon/hall/site.hpp"

#include <algorithm>

#include "daemon/hall/lookup.hpp"

namespace lobby::hall {

namespace {

const std::vector<Hours>& hours_of_day(const Service& service, Instant at) {
  return service.hours[static_cast<std::size_t>(weekday(local_date(at)))];
}

}  // namespace

const Zone* Site::find(const ZoneId& id) const {
  return find_in(zones, id);
}
const Service* Site::find(const ServiceId& id) const {
  return find_in(services, id);
}
const Window* Site::find(const WindowId& id) const {
  return find_in(windows, id);
}
const Kiosk* Site::find(const KioskId& id) const {
  return find_in(kiosks, id);
}

bool is_open(const Service& service, Instant at) {
  const int minute = local_minute(at);
  const auto& hours = hours_of_day(service, at);
  return std::any_of(hours.begin(), hours.end(),
                     [&](const Hours& span) { return span.from <= minute && minute < span.to; });
}

int next_opening(const Service& service, Instant at) {
  const int minute = local_minute(at);
  for (const Hours& span : hours_of_day(service, at)) {
    if (span.from > minute) {
      return span.from;
    }
  }
  return -1;
}

}  // namespace lobby::hall
