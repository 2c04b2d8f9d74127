#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "display/page/room_monitor.hpp"

namespace lobby::display {
namespace {

namespace json = boost::json;

std::optional<json::array> read_list(std::string_view text, std::string_view name) {
  if (text.size() > MonitorBounds::bytes) {
    return std::nullopt;
  }
  json::parse_options options;
  options.max_depth = MonitorBounds::depth;
  boost::system::error_code error;
  json::value value = json::parse(text, error, {}, options);
  if (error) {
    return std::nullopt;
  }
  if (auto* const object = value.if_object()) {
    auto* const list = object->if_contains(name);
    value = list == nullptr ? json::value() : json::value(*list);
  }
  auto* const list = value.if_array();
  return list == nullptr ? std::nullopt : std::optional(std::move(*list));
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  const auto* const text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

const json::array* list_of(const json::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_array();
}

/// Of "2026-03-17T14:30:00+08:00" the day of the year and the minute of the day, as the hall's clocks say.
std::string moment_of(const std::string& instant, bool with_day) {
  constexpr std::size_t day = 5, day_size = 5, minute = 11, minute_size = 5;
  if (instant.size() < minute + minute_size) {
    return {};
  }
  const auto at = instant.substr(minute, minute_size);
  return with_day ? instant.substr(day, day_size) + " " + at : at;
}

std::optional<RoomMonitor::Stage> stage_of(std::string_view word) {
  using Stage = RoomMonitor::Stage;
  constexpr std::array<std::pair<std::string_view, Stage>, 4> words{{{"opening", Stage::opening},
                                                                     {"witnessed", Stage::witnessed},
                                                                     {"unwitnessed", Stage::unwitnessed},
                                                                     {"closing", Stage::closing}}};
  const auto* const found =
      std::find_if(words.begin(), words.end(), [&](const auto& each) { return each.first == word; });
  if (found != words.end()) {
    return found->second;
  }
  return word == "planned" || word == "closed" ? std::nullopt : std::optional(Stage::interrupted);
}

RoomMonitor::Camera read_camera(const json::object& object) {
  using Recording = RoomMonitor::Recording;
  RoomMonitor::Camera camera{text_of(object, "id"), Recording::unknown, false, std::nullopt};
  const std::string state = text_of(object, "state");
  camera.recording = state == "rec"             ? Recording::rec
                     : state == "not_recording" ? Recording::not_recording
                     : state == "off"           ? Recording::off
                                                : Recording::unknown;
  const auto* const triggered = object.if_contains("triggered");
  camera.is_triggered = triggered != nullptr && triggered->is_bool() && triggered->get_bool();
  if (const auto* const age = object.if_contains("proof_age_s")) {
    boost::system::error_code error;
    const double seconds = age->to_number<double>(error);
    constexpr double longest = 1e9;
    if (!error && seconds >= 0 && seconds < longest) {
      camera.proof_age = Instant(static_cast<std::int64_t>(seconds * 1e6));
    }
  }
  return camera;
}

RoomMonitor::Session read_session(const json::object& object, RoomMonitor::Stage stage) {
  RoomMonitor::Session session{stage,
                               text_of(object, "kind") == "opening",
                               text_of(object, "project_no"),
                               text_of(object, "project_name"),
                               text_of(object, "section"),
                               {}};
  if (const auto* const cameras = list_of(object, "cameras")) {
    for (const auto& camera : *cameras) {
      if (const auto* const one = camera.if_object();
          one != nullptr && session.cameras.size() < MonitorBounds::cameras) {
        session.cameras.push_back(read_camera(*one));
      }
    }
  }
  return session;
}

bool is_acknowledged(const json::object& alarm) {
  const auto* const by = alarm.if_contains("acknowledged_by");
  return by != nullptr && by->is_string() && !by->get_string().empty();
}

void read_alarms(const json::object& object, std::vector<RoomMonitor::Alarm>& alarms) {
  const auto* const all = list_of(object, "alarms");
  for (std::size_t i = 0; all != nullptr && i < all->size(); ++i) {
    const auto* const one = (*all)[i].if_object();
    if (one != nullptr && !is_acknowledged(*one) && alarms.size() < MonitorBounds::alarms) {
      alarms.push_back(
          {text_of(*one, "kind"), text_of(*one, "camera"), moment_of(text_of(*one, "at"), false)});
    }
  }
}

/// What has no instant comes last.
bool is_sooner(const std::string& planned_at, const std::string& than) {
  return !planned_at.empty() && (than.empty() || planned_at < than);
}

}  // namespace

std::optional<RoomMonitor> read_room_monitor(std::string_view rooms, std::string_view evaluations,
                                             std::string_view room) {
  const auto all_rooms = read_list(rooms, "rooms");
  const auto all = read_list(evaluations, "evaluations");
  if (!all_rooms || !all) {
    return std::nullopt;
  }
  std::optional<RoomMonitor> monitor;
  for (const auto& one : *all_rooms) {
    if (const auto* const object = one.if_object(); object != nullptr && text_of(*object, "id") == room) {
      monitor = RoomMonitor{text_of(*object, "name"), std::nullopt, std::nullopt, {}};
    }
  }
  std::string next_at;
  for (std::size_t i = 0; monitor && i < all->size(); ++i) {
    const auto* const object = (*all)[i].if_object();
    if (object == nullptr || text_of(*object, "room") != room) {
      continue;
    }
    read_alarms(*object, monitor->alarms);
    const std::string word = text_of(*object, "state");
    const std::string planned_at = text_of(*object, "planned_at");
    if (const auto stage = stage_of(word)) {
      monitor->session = read_session(*object, *stage);
    } else if (word == "planned" && (!monitor->next || is_sooner(planned_at, next_at))) {
      monitor->next = RoomMonitor::Next{text_of(*object, "project_name"), moment_of(planned_at, true),
                                        text_of(*object, "kind") == "opening"};
      next_at = planned_at;
    }
  }
  if (monitor) {
    std::stable_sort(monitor->alarms.begin(), monitor->alarms.end(),
                     [](const auto& a, const auto& b) { return a.at > b.at; });
  }
  return monitor;
}

}  // namespace lobby::display
