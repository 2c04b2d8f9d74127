#include "tests/sim/hall_sight.hpp"

#include <algorithm>
#include <boost/json/object.hpp>

#include "tests/sim/json_text.hpp"

namespace lobby::sim {
namespace {

template <class F>
void each_of(const boost::json::object& from, std::string_view list, F&& use) {
  const boost::json::value* const all = from.if_contains(list);
  if (all == nullptr || !all->is_array()) {
    return;
  }
  for (const boost::json::value& one : all->get_array()) {
    use(one);
  }
}

template <class List>
auto find_id(List& list, std::string_view id) -> decltype(list.data()) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.id == id; });
  return found == list.end() ? nullptr : &*found;
}

ServiceSight service_of(const boost::json::object& from) {
  ServiceSight service;
  service.id = text(from, "id");
  service.kind = text(from, "kind", "ordinary");
  const boost::json::value* const open = from.if_contains("open");
  service.open = open != nullptr && open->is_bool() && open->get_bool();
  service.waiting = static_cast<int>(integer(from, "waiting"));
  return service;
}

WindowSight window_of(const boost::json::object& from) {
  WindowSight window;
  window.id = text(from, "id");
  window.state = text(from, "state");
  window.service = text(from, "walk_in");
  window.walk_in = !window.service.empty();
  const boost::json::value* const ticket = from.if_contains("ticket");
  if (ticket != nullptr && ticket->is_object()) {
    window.ticket = integer(ticket->get_object(), "id");
    window.service = text(ticket->get_object(), "service");
  }
  each_of(from, "services", [&](const boost::json::value& one) {
    if (one.is_string()) {
      window.services.emplace_back(one.get_string());
    }
  });
  return window;
}

}  // namespace

bool WindowSight::has(std::string_view service_id) const {
  return std::find(services.begin(), services.end(), service_id) != services.end();
}

const ServiceSight* HallSight::service(std::string_view id) const {
  return find_id(services, id);
}

const WindowSight* HallSight::window(std::string_view id) const {
  return find_id(windows, id);
}

int HallSight::windows_for(std::string_view service_id) const {
  return static_cast<int>(std::count_if(windows.begin(), windows.end(), [&](const WindowSight& window) {
    return window.is_open() && window.has(service_id);
  }));
}

HallSight hall_sight(const boost::json::value& hall) {
  HallSight sight;
  const boost::json::object* const object = hall.if_object();
  if (object == nullptr) {
    return sight;
  }
  each_of(*object, "services", [&](const boost::json::value& one) {
    if (one.is_object()) {
      sight.services.push_back(service_of(one.get_object()));
    }
  });
  each_of(*object, "windows", [&](const boost::json::value& one) {
    if (one.is_object()) {
      sight.windows.push_back(window_of(one.get_object()));
    }
  });
  for (WindowSight& window : sight.windows) {
    for (const std::string& id : window.services) {
      const ServiceSight* const service = sight.service(id);
      window.waiting += service == nullptr ? 0 : service->waiting;
    }
  }
  return sight;
}

}  // namespace lobby::sim
