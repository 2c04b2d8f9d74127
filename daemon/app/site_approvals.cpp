#include "daemon/app/site_reader.hpp"

namespace lobby::app {

void read_approvals(SiteReader& reader) {
  const auto* node = reader.file.root().get("approvals");
  if (node == nullptr) {
    return;
  }
  const auto& row = *node->as_table();
  auto& rules = reader.site.hall.approvals;
  const auto days = [&row](const char* key, std::int32_t& out) {
    out = static_cast<std::int32_t>(get_integer(row, key, out));
  };
  rules.name_refusals = get_boolean(row, "name_refusals", rules.name_refusals);
  rules.shrunk_by = get_u32(row, "shrunk_by", rules.shrunk_by);
  rules.confirmations = get_u32(row, "confirmations", rules.confirmations);
  auto& clock = rules.clock;
  clock.rounding = hall::parse_word<hall::Rounding>(get_text(row, "rounding")).value_or(clock.rounding);
  if (has(row, "work_hours")) {
    clock.hours.clear();
    for (const hall::Hours& span : hours_in(reader.file, row, "work_hours")) {
      clock.hours.push_back({span.from, span.to});
    }
  }
  days("yellow_days", clock.yellow_days);
  days("notify_days", clock.notify_days);
  days("red_card_days", clock.red_card_days);
  days("stop_red_days", clock.stop_red_days);
  clock.forwarded_stops = get_boolean(row, "forwarded_stops", clock.forwarded_stops);
  clock.stage_warns = get_boolean(row, "stage_warns", clock.stage_warns);
}

}  // namespace lobby::app
