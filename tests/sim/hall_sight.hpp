#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lobby::sim {

/// What people see of the hall: GET /hall.
struct ServiceSight {
  std::string id, kind;
  bool open = false;
  int waiting = 0;
};

struct WindowSight {
  std::string id;
  std::string state;
  std::uint64_t ticket = 0;  ///< 0: none
  std::string service;       ///< of the ticket, or for which somebody without one is served
  bool walk_in = false;      ///< somebody without a ticket is served
  std::vector<std::string> services;
  int waiting = 0;  ///< citizens that this window could call

  bool is_open() const { return state != "closed" && state != "paused"; }
  bool has(std::string_view service_id) const;
};

struct HallSight {
  std::vector<ServiceSight> services;
  std::vector<WindowSight> windows;

  const ServiceSight* service(std::string_view id) const;
  const WindowSight* window(std::string_view id) const;
  /// Open windows that serve it.
  int windows_for(std::string_view service_id) const;
};

HallSight hall_sight(const boost::json::value& hall);

}  // namespace lobby::sim
