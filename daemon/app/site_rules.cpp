#include <fmt/format.h>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {
namespace {

/// When the last of all services ends on any day, and which it is.
struct LastHour {
  int to = 0;
  std::string service;
};

LastHour last_hour(const hall::Site& site) {
  LastHour last;
  for (const auto& service : site.services) {
    for (const auto* week : {&service.hours, &service.extended}) {
      for (const auto& day : *week) {
        if (!day.empty() && day.back().to > last.to) {
          last = {day.back().to, service.id.value};
        }
      }
    }
  }
  return last;
}

/// Expiring while tickets are given would end what was promised a minute ago.
int read_expiry(const TomlFile& file, const toml::table& row, const hall::Site& site) {
  const auto text = get_text(row, "expire_at");
  const int minute = minutes_of(text);
  if (minute < 0 || minute >= 24 * 60) {
    file.fail(
        at(row, "expire_at"),
        fmt::format("{} is no time of a day: write it as \"18:30\", or leave it out and tickets end with "
                    "the day",
                    in_quotes(text)));
  }
  const auto last = last_hour(site);
  if (minute <= last.to) {
    file.fail(at(row, "expire_at"), fmt::format("service {} is open until {:02}:{:02}, tickets cannot expire "
                                                "at {}: choose a later time or leave it out",
                                                in_quotes(last.service), last.to / 60, last.to % 60, text));
  }
  return minute;
}

}  // namespace

void read_rules(SiteReader& reader) {
  const auto* node = reader.file.root().get("rules");
  if (node == nullptr) {
    return;
  }
  const auto& row = *node->as_table();
  auto& rules = reader.site.hall.rules;
  rules.recall_limit = get_u32(row, "recall_limit", rules.recall_limit);
  rules.recall_least_s = get_u32(row, "recall_least_s", rules.recall_least_s);
  rules.skip_retracted = get_boolean(row, "skip_retracted", rules.skip_retracted);
  rules.reinstate_within_s = get_u32(row, "reinstate_within_s", rules.reinstate_within_s);
  rules.reinstate_times = get_u32(row, "reinstate_times", rules.reinstate_times);
  rules.reinstate_place =
      hall::parse_word<hall::QueuePlace>(get_text(row, "reinstate_place")).value_or(rules.reinstate_place);
  rules.agent_limit = get_u32(row, "agent_limit", rules.agent_limit);
  rules.notified_days = get_u32(row, "notified_days", rules.notified_days);
  if (has(row, "expire_at")) {
    rules.expire_at_min = read_expiry(reader.file, row, reader.site.hall);
  }
  rules.appointment_days = get_u32(row, "appointment_days", rules.appointment_days);
  rules.check_in_early_s = get_u32(row, "check_in_early_s", rules.check_in_early_s);
  rules.check_in_late_s = get_u32(row, "check_in_late_s", rules.check_in_late_s);
  rules.late_is_ordinary = get_boolean(row, "late_is_ordinary", rules.late_is_ordinary);
}

}  // namespace lobby::app
