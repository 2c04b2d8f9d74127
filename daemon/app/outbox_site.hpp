#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "daemon/devices/outboxes.hpp"

namespace lobby::app {

/// A `[[outbox]]`: what goes where, and how it is called there.
struct OutboxSite {
  enum class What : std::uint8_t { queue_events, ratings };
  devices::OutboxConfig target;
  What what = What::queue_events;
  std::string node;                   ///< this hall, as the target knows it: begins the id of every event
  std::array<std::string, 5> grades;  ///< of ratings: the target's code of each hall::Score
};

/// `[export]`: a folder that another web server shows to the public.
struct ExportSite {
  std::string dir;
  std::uint32_t interval_s = 60;
};

}  // namespace lobby::app
