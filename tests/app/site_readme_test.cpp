// config/README.md is for the integrator: what it says of a key is what the reader does.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "daemon/app/site_file.hpp"
#include "daemon/app/site_schema.hpp"

namespace {

using namespace lobby::app;

struct Row {
  std::string type, fallback, range, example;
};
using Keys = std::map<std::string, Row>;

std::string stripped(std::string text) {
  std::erase(text, '`');
  const auto begin = text.find_first_not_of(' ');
  const auto end = text.find_last_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

/// Heading → key → what the table says of it.
std::map<std::string, Keys> read_readme() {
  std::ifstream in(LOBBY_SOURCE_DIR "/config/README.md");
  REQUIRE(in.is_open());
  std::map<std::string, Keys> out;
  std::string heading;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) {
      heading = stripped(line.substr(3));
    }
    if (!line.starts_with("| `")) {
      continue;
    }
    std::vector<std::string> cells;
    for (std::size_t begin = 1, end = 0; (end = line.find('|', begin)) != std::string::npos;
         begin = end + 1) {
      cells.push_back(stripped(line.substr(begin, end - begin)));
    }
    if (heading.empty()) {
      continue;  // the table of folders
    }
    REQUIRE_MESSAGE(cells.size() == 5, line);
    const bool is_new = out[heading].emplace(cells[0], Row{cells[1], cells[2], cells[3], cells[4]}).second;
    CHECK_MESSAGE(is_new, heading, " has ", cells[0], " twice");
  }
  return out;
}

std::string type_of(ValueKind kind) {
  const std::string words[] = {"text",          "word",          "integer",        "boolean",
                               "list of words", "list of texts", "list of numbers"};
  return words[static_cast<std::size_t>(kind)];
}

void compare(const std::string& heading, const SectionRule& rule, const Keys& documented) {
  CAPTURE(heading);
  for (const auto& key : rule.keys) {
    const std::string name(key.name);
    CAPTURE(name);
    const auto found = documented.find(name);
    REQUIRE_MESSAGE(found != documented.end(), "config/README.md does not explain it");
    const auto& row = found->second;
    CHECK(row.type == type_of(key.kind));
    CHECK((row.fallback == "**required**") == key.required);
    CHECK(row.example.find(name + " = ") != std::string::npos);
    const bool has_range = key.kind != ValueKind::boolean && key.min != key.max && key.choices.empty();
    if (has_range && row.range.find("…") != std::string::npos) {
      const auto range = std::to_string(key.min) + "…" + std::to_string(key.max);
      CHECK_MESSAGE(row.range.find(range) != std::string::npos, row.range, " does not say ", range);
    }
    if (!key.choices.empty() && !row.range.starts_with("as for")) {
      std::string choices(key.choices);
      std::replace(choices.begin(), choices.end(), '|', ' ');
      CHECK(row.range.find(choices) != std::string::npos);
    }
  }
  for (const auto& [name, row] : documented) {
    const auto known = [&](const KeyRule& key) { return key.name == name; };
    CHECK_MESSAGE(std::any_of(rule.keys.begin(), rule.keys.end(), known), "the reader does not know ", name);
  }
}

/// A default as it is written in the tables.
std::string said(std::int32_t number) {
  return std::to_string(number);
}
std::string said(std::uint32_t number) {
  return std::to_string(number);
}
std::string said(bool flag) {
  return flag ? "true" : "false";
}

void check_hall_defaults(const lobby::hall::Site& site, std::map<std::string, Keys>& documented) {
  const auto fallback = [&](const std::string& section, const std::string& key) {
    return documented[section][key].fallback;
  };
  const auto& service = site.services.at(0);
  CHECK(fallback("[[service]]", "one_per_person") == said(service.one_per_person));
  CHECK(fallback("[[service]]", "steps_in_any_order") == said(service.steps_in_any_order));
  CHECK(fallback("[[service]]", "last_issue_before_min") == std::to_string(service.last_issue_before_min));
  std::string order;
  for (const auto lane : site.lanes.order) {
    order += (order.empty() ? "[\"" : ", \"") + std::string(lobby::hall::to_text(lane)) + "\"";
  }
  CHECK(fallback("[lanes]", "order") == order + "]");
  CHECK(fallback("[lanes]", "preferred_calls") == said(site.lanes.preferred_calls));
  CHECK(fallback("[lanes]", "ordinary_calls") == said(site.lanes.ordinary_calls));
  CHECK(fallback("[lanes]", "anyone_after_s") == said(site.lanes.anyone_after_s));
  CHECK(fallback("[lanes]", "complaint_exempt") == said(site.lanes.complaint_exempt));
  CHECK(site.lanes.exempt.empty());
  CHECK(fallback("[[profiles.round]]", "calls") == said(lobby::hall::ProfileTurn{}.calls));
  const auto& rules = site.rules;
  CHECK(fallback("[rules]", "recall_limit") == said(rules.recall_limit));
  CHECK(fallback("[rules]", "recall_least_s") == said(rules.recall_least_s));
  CHECK(fallback("[rules]", "reinstate_within_s") == said(rules.reinstate_within_s));
  CHECK(fallback("[rules]", "reinstate_times") == said(rules.reinstate_times));
  CHECK(fallback("[rules]", "reinstate_place") ==
        "\"" + std::string(lobby::hall::to_text(rules.reinstate_place)) + "\"");
  CHECK(fallback("[rules]", "agent_limit") == said(rules.agent_limit));
  CHECK(fallback("[rules]", "notified_days") == said(rules.notified_days));
  CHECK(rules.expire_at_min == -1);
  CHECK(fallback("[rules]", "appointment_days") == said(rules.appointment_days));
  CHECK(fallback("[rules]", "check_in_early_s") == said(rules.check_in_early_s));
  CHECK(fallback("[rules]", "check_in_late_s") == said(rules.check_in_late_s));
  CHECK(fallback("[rules]", "late_is_ordinary") == said(rules.late_is_ordinary));
  CHECK(site.calendar.is_empty());
}

}  // namespace

TEST_CASE("the defaults that config/README.md names are those that a silent site gets") {
  const auto path = std::string(LOBBY_SOURCE_DIR "/config/sites/under-test.toml");
  const auto site = read_site_text(R"(schema = 1
name = "x"
zone = [{id = "z", name = "z"}]
service = [{id = "s", name = "s", zone = "z", prefix = "A", hours = "h"}]
window = [{id = "w", number = 1, name = "w", zone = "z", services = ["s"]}]
bus = [{id = "b", port = "/dev/b"}]
feed = [{id = "f", mapping = "epoint", url = "http://x/"}]
outbox = [{id = "o", what = "queue_events", url = "http://x/", node = "n"}]
voice = [{id = "v", zone = "z"}]
[hours.h]
)",
                                   path);
  auto documented = read_readme();
  const auto text = [](const std::string& value) { return "\"" + value + "\""; };
  auto& top = documented["Top level"];
  CHECK(top["timezone"].fallback == text(site.timezone));
  CHECK(top["listen"].fallback == text(site.listen));
  CHECK(top["hotline"].fallback == text(site.hall.hotline));
  CHECK(top["call_finishes"].fallback == (site.hall.call_finishes ? "true" : "false"));
  CHECK(top["stop_grace_s"].fallback == std::to_string(site.stop_grace_s));
  CHECK(top["print_within_s"].fallback == std::to_string(site.print_within_s));
  CHECK(documented["[paper]"]["copied_by"].fallback == said(site.papers.copied_by));
  CHECK(documented["[paper]"]["complaint_phone"].fallback == text(site.papers.complaint_phone));
  CHECK(top["name_en"].fallback == text(site.hall.name_en));
  const auto& service = site.hall.services.at(0);
  CHECK(documented["[[service]]"]["first"].fallback == std::to_string(service.first));
  CHECK(documented["[[service]]"]["last"].fallback == std::to_string(service.last));
  CHECK(documented["[[service]]"]["kind"].fallback == text(std::string(lobby::hall::to_text(service.kind))));
  CHECK(service.hours[0].empty());  // a day without its key is closed
  check_hall_defaults(site.hall, documented);
  const auto& port = site.devices.buses.at(0).port;
  for (const std::string section : {"bus", "printer", "sign", "keypad", "pad", "reader", "relay"}) {
    CHECK(documented["[[" + section + "]]"]["baud"].fallback == std::to_string(port.baud));
    CHECK(documented["[[" + section + "]]"]["parity"].fallback == text("none"));
  }
  CHECK(port.parity == lobby::devices::SerialPort::Parity::none);
  CHECK(documented["[[printer]]"]["flow"].fallback == text(std::string(lobby::link::to_text(port.flow))));
  const auto& bus = site.devices.buses.at(0);
  CHECK(documented["[[bus]]"]["direction"].fallback == text(bus.adapter_turns ? "adapter" : "auto"));
  CHECK_FALSE((bus.gateway || bus.gap_us || bus.turnaround_ms || bus.late_ms));
  const auto& feed = site.devices.feeds.at(0);
  CHECK(documented["[[feed]]"]["interval_s"].fallback == std::to_string(feed.interval_s));
  CHECK(documented["[[feed]]"]["max_age_s"].fallback == std::to_string(feed.max_age_s));
  CHECK(documented["[[feed]]"]["memory_mb"].fallback == std::to_string(feed.memory_mb));
  CHECK(documented["[[feed]]"]["total_s"].fallback == std::to_string(feed.total_s));
  CHECK(documented["[[feed]]"]["area_code"].fallback == text(feed.area_code));
  CHECK(documented["[[feed]]"]["app_id"].fallback == text(feed.app_id));
  CHECK(documented["[[feed]]"]["bind"].fallback == text(feed.bind));
  CHECK(documented["[[feed]]"]["proxy"].fallback == text(feed.proxy));
  CHECK(documented["[[feed]]"]["expire_after_s"].fallback == std::to_string(feed.expire_after_s));
  CHECK(documented["[[feed]]"]["allow_insecure"].fallback == said(feed.allow_insecure));
  const auto& approvals = site.hall.approvals;
  auto& told = documented["[approvals]"];
  CHECK(told["name_refusals"].fallback == said(approvals.name_refusals));
  CHECK(told["shrunk_by"].fallback == said(approvals.shrunk_by));
  CHECK(told["confirmations"].fallback == said(approvals.confirmations));
  CHECK(told["rounding"].fallback == text(std::string(lobby::hall::to_text(approvals.clock.rounding))));
  CHECK(told["work_hours"].fallback == R"(["08:30-12:00", "13:30-17:30"])");
  CHECK(approvals.clock.hours == std::vector<lobby::hall::WorkSpan>{{510, 720}, {810, 1050}});
  CHECK(told["yellow_days"].fallback == said(approvals.clock.yellow_days));
  CHECK(told["forwarded_stops"].fallback == said(approvals.clock.forwarded_stops));
  CHECK(told["stage_warns"].fallback == said(approvals.clock.stage_warns));
  CHECK(told["notify_days"].fallback == said(approvals.clock.notify_days));
  CHECK(told["red_card_days"].fallback == said(approvals.clock.red_card_days));
  CHECK(told["stop_red_days"].fallback == said(approvals.clock.stop_red_days));
  const auto& target = site.outboxes.at(0).target;
  CHECK(documented["[[outbox]]"]["interval_s"].fallback == std::to_string(target.interval_s));
  CHECK(documented["[[outbox]]"]["auth"].fallback == text(target.auth));
  CHECK(documented["[[outbox]]"]["auth_header"].fallback == text(target.auth_header));
  CHECK(documented["[[outbox]]"]["allow_insecure"].fallback == said(target.allow_insecure));
  CHECK(documented["[export]"]["interval_s"].fallback == std::to_string(lobby::app::ExportSite{}.interval_s));
  const auto& witness = site.witness;
  auto& proving = documented["[witness]"];
  const auto seconds = [](auto ms) { return std::to_string(ms / 1000); };
  CHECK(proving["probe_s"].fallback == seconds(witness.times.probe_every));
  CHECK(proving["probe_within_s"].fallback == seconds(witness.recorder_times.probe_within.count()));
  CHECK(proving["lost_after_s"].fallback == seconds(witness.times.lost_after));
  CHECK(proving["arm_within_s"].fallback == seconds(witness.times.arm_within));
  CHECK(proving["verify_within_s"].fallback == seconds(witness.times.verify_within));
  CHECK(proving["stop_within_s"].fallback == seconds(witness.times.stop_within));
  CHECK(proving["preflight_min"].fallback == seconds(witness.times.preflight_before / 60));
  CHECK(proving["clock_tolerance_s"].fallback == seconds(witness.times.clock_tolerance));
  CHECK(documented["[[voice]]"]["protocol"].fallback == text(site.devices.absent.at(0).driver));
}

TEST_CASE("every key that the reader knows is in config/README.md, and every one there is known") {
  auto documented = read_readme();
  std::map<std::string, const SectionRule*> rules;
  rules["Top level"] = &top_level();
  rules["[hours.NAME]"] = &hours_section();
  rules["a printer profile"] = &printer_profile();
  rules["a unit profile"] = &unit_profile();
  rules["a sign profile"] = &sign_profile();
  rules["a pad profile"] = &pad_profile();
  rules["a ticket template"] = &ticket_template();
  rules["[[line]]"] = &ticket_line();
  for (const auto& rule : sections()) {
    rules[std::string(rule.title)] = &rule;
  }
  for (const auto& [heading, rule] : rules) {
    compare(heading, *rule, documented[heading]);
  }
  for (const auto& [heading, keys] : documented) {
    CHECK_MESSAGE(rules.contains(heading), "no section is called ", heading);
  }
}
