#include "daemon/ctl/show_evaluations.hpp"

#include "daemon/ctl/show_parts.hpp"

namespace lobby::ctl {
namespace {

namespace json = boost::json;

std::string card_of_evaluation(const json::value& value) {
  std::string out = card(value.get_object(), {{"evaluation", "id"},
                                              {"room", "room"},
                                              {"project", "project_no"},
                                              {"name", "project_name"},
                                              {"section", "section"},
                                              {"kind", "kind"},
                                              {"state", "state"},
                                              {"ready", "ready"},
                                              {"planned for", "planned_at", As::time},
                                              {"started", "opened_at", As::time},
                                              {"by", "opened_by"},
                                              {"unwitnessed by", "unwitnessed_by"},
                                              {"because", "unwitnessed_reason"},
                                              {"closed", "closed_at", As::time},
                                              {"kept", "retention_class"},
                                              {"head", "evidence_head"}});
  out += "\n" + list(items(value, "cameras"), {{"camera", "id"},
                                               {"state", "state"},
                                               {"last proof", "last_proof", As::time},
                                               {"age s", "proof_age_s"},
                                               {"clock ms", "clock_offset_ms"},
                                               {"reason", "reason"}});
  if (!items(value, "alarms").empty()) {
    out += "\n" + list(items(value, "alarms"), {{"alarm", "alarm"},
                                                {"at", "at", As::time},
                                                {"kind", "kind"},
                                                {"camera", "camera"},
                                                {"acknowledged by", "acknowledged_by"},
                                                {"reason", "reason"}});
  }
  return out;
}

std::string list_of_rooms(const json::value& value) {
  json::array rows;
  for (const auto& room : items(value, "")) {
    if (!room.is_object()) {
      continue;
    }
    auto row = room.get_object();
    std::string cameras;
    for (const auto& camera : items(room, "cameras")) {
      if (const auto* text = camera.if_string()) {
        cameras += (cameras.empty() ? "" : ", ") + std::string(*text);
      }
    }
    row["cameras"] = cameras;
    rows.push_back(std::move(row));
  }
  return list(
      rows,
      {{"room", "id"}, {"name", "name"}, {"kind", "kind"}, {"policy", "policy"}, {"cameras", "cameras"}});
}

}  // namespace

std::string show_evaluations(Shape shape, const json::value& value) {
  if (shape == Shape::rooms) {
    return list_of_rooms(value);
  }
  if (shape == Shape::evaluations) {
    return list(items(value, ""), {{"evaluation", "id"},
                                   {"room", "room"},
                                   {"project", "project_no"},
                                   {"state", "state"},
                                   {"ready", "ready"},
                                   {"planned for", "planned_at", As::time},
                                   {"started", "opened_at", As::time},
                                   {"closed", "closed_at", As::time}});
  }
  return value.is_object() ? card_of_evaluation(value) : json::serialize(value) + "\n";
}

}  // namespace lobby::ctl
