#include "daemon/hall/site.hpp"

#include <algorithm>

#include "daemon/hall/lookup.hpp"

namespace lobby::hall {

namespace {

constexpr std::size_t monday = 0;

bool covers(const Hours& span, int minute, int last_issue_before) {
  return span.from <= minute && minute < span.to - last_issue_before;
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
const WatchedRoom* Site::find(const RoomId& id) const {
  return find_in(rooms, id);
}

const Profile* Site::profile(const std::string& id) const {
  return find_in(profiles, id);
}

std::vector<Hours> hours_of(const Site& site, const Service& service, Date date) {
  const DayKind kind = site.calendar.kind_of(date);
  if (kind == DayKind::holiday) {
    return {};
  }
  const auto day = static_cast<std::size_t>(weekday(date));
  std::vector<Hours> all = service.extended[day];
  const auto& usual = service.hours[kind == DayKind::make_up ? monday : day];
  all.insert(all.end(), usual.begin(), usual.end());
  std::sort(all.begin(), all.end(), [](const Hours& a, const Hours& b) { return a.from < b.from; });
  // Hours that touch are one: nobody stops issuing before an end that is none.
  std::vector<Hours> joined;
  for (const Hours& span : all) {
    if (!joined.empty() && span.from <= joined.back().to) {
      joined.back().to = std::max(joined.back().to, span.to);
    } else {
      joined.push_back(span);
    }
  }
  return joined;
}

bool is_open(const Site& site, const Service& service, Instant at) {
  const int minute = local_minute(at);
  const auto hours = hours_of(site, service, local_date(at));
  return std::any_of(hours.begin(), hours.end(),
                     [&](const Hours& span) { return covers(span, minute, service.last_issue_before_min); });
}

int next_opening(const Site& site, const Service& service, Instant at) {
  const int minute = local_minute(at);
  for (const Hours& span : hours_of(site, service, local_date(at))) {
    if (span.from > minute) {
      return span.from;
    }
  }
  return -1;
}

bool serves(const Window& window, const Service& service) {
  if (service.kind == ServiceKind::tenant || !has(window.services, service.id)) {
    return false;
  }
  return service.kind != ServiceKind::joint || has(window.joint_categories, service.joint_category);
}

}  // namespace lobby::hall
