#include <algorithm>
#include <string>

#include "drivers/cctv/json.hpp"
#include "drivers/cctv/motion.hpp"

namespace lobby::cctv::motion {
namespace {

bool has(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}

/// "camera 1" is not in "camera 12".
bool names_camera(std::string_view text, std::string_view before, int camera, std::string_view behind) {
  return has(text, std::string(before) + std::to_string(camera) + std::string(behind));
}

}  // namespace

Said parse_action(std::string_view body, int camera, bool is_start) {
  if (has(body, "Bad Request")) {
    return Said::not_understood;
  }
  const std::string_view order = is_start ? "Start event for camera " : "End event for camera ";
  return names_camera(body, order, camera, " ") && has(body, "\nDone") ? Said::done : Said::garbled;
}

Connection parse_connection(std::string_view body, int camera) {
  if (has(body, "Bad Request")) {
    return Connection::not_understood;
  }
  if (!names_camera(body, "Camera ", camera, " -- ")) {
    return Connection::garbled;
  }
  return has(body, "Connection OK")     ? Connection::ok
         : has(body, "Lost connection") ? Connection::lost
                                        : Connection::garbled;
}

StatusAnswer parse_status(std::string_view body, int camera) {
  StatusAnswer out;
  const auto json = parse_json(body);
  const auto* list = json ? member(&*json, "camera_status") : nullptr;
  if (list == nullptr || !list->is_array()) {
    return out;
  }
  out.is_understood = true;
  for (const auto& one : list->get_array()) {
    if (number(member(&one, "id")) != camera) {
      continue;
    }
    const auto get = [&](std::string_view key) { return number(member(&one, key)); };
    const auto width = get("image_width"), fps = get("fps"), missing = get("missing_frame_counter"),
               lost = get("lost_connection"), current = get("currenttime"), event = get("eventtime");
    // A year beyond 9999 is no time.
    constexpr std::int64_t latest = 253'402'300'799;
    if (!width || !fps || !missing || !lost || !current || !event || *current < 0 || *event < 0 ||
        *current > latest || *event > latest) {
      return {};
    }
    out.camera = Status{*width, *fps, *missing, *lost, *current, *event};
    return out;
  }
  return out;
}

}  // namespace lobby::cctv::motion
