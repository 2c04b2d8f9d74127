#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/hall/ids.hpp"
#include "daemon/hall/time.hpp"

/// The part of a site that the hall decides by. Filled from the site file by daemon/app, constant while the
/// daemon runs; nothing here names a wire.
namespace lobby::hall {

/// An open interval of a day: minutes since local midnight, [from, to).
struct Hours {
  int from = 0;
  int to = 0;
  friend bool operator==(const Hours&, const Hours&) = default;
};

/// Seven days from Monday; a day may have several intervals, in order, not overlapping.
using WeekHours = std::array<std::vector<Hours>, 7>;

struct Zone {
  ZoneId id;
  std::string name;
};

/// Services that share a prefix have either the same number range (and then one sequence) or disjoint ranges;
/// the site check enforces it.
struct Service {
  ServiceId id;
  std::string name;
  ZoneId zone;
  std::string prefix;        ///< what stands before the digits: `A`; may be empty
  std::uint32_t first = 1;   ///< first number of a day
  std::uint32_t last = 999;  ///< last number of a day, inclusive
  std::string kind = "ordinary";
  WeekHours hours;  ///< when tickets are issued
};

struct Window {
  WindowId id;
  std::uint32_t number = 0;  ///< what is painted above it; may change over the years, the id does not
  std::string name;
  ZoneId zone;
  std::vector<ServiceId> services;  ///< in the order of the site file
};

struct Kiosk {
  KioskId id;
  std::string name;
  ZoneId zone;
  DeviceId printer;  ///< empty: a kiosk without paper
};

struct Site {
  std::string name;           ///< full official name
  std::string hotline;        ///< printed on tickets; may be empty
  bool call_finishes = true;  ///< at a keypad, "call next" finishes the present ticket first
  std::vector<Zone> zones;
  std::vector<Service> services;
  std::vector<Window> windows;
  std::vector<Kiosk> kiosks;

  const Zone* find(const ZoneId& id) const;
  const Service* find(const ServiceId& id) const;
  const Window* find(const WindowId& id) const;
  const Kiosk* find(const KioskId& id) const;
};

/// Does the service issue tickets at this moment?
bool is_open(const Service& service, Instant at);
/// Today's next opening as minutes since midnight; -1 when none is left today.
int next_opening(const Service& service, Instant at);

}  // namespace lobby::hall
