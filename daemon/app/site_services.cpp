#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {
namespace {

constexpr std::array<std::string_view, 7> weekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

hall::Hours interval_of(const TomlFile& file, const toml::node& node) {
  const auto text = text_of(node);
  const auto dash = text.find('-');
  const int from = minutes_of(std::string_view(text).substr(0, dash));
  const int to = dash == std::string::npos ? -1 : minutes_of(std::string_view(text).substr(dash + 1));
  if (from < 0 || to < 0) {
    file.fail(node, fmt::format("{} are no opening hours: write them as \"08:30-12:00\"", in_quotes(text)));
  }
  if (from >= to) {
    file.fail(node,
              fmt::format("{} ends before it begins: put the earlier time first, and a night in two days",
                          in_quotes(text)));
  }
  return {from, to};
}

hall::WeekHours week_of(const TomlFile& file, const toml::table& table) {
  hall::WeekHours week;
  for (std::size_t day = 0; day < weekdays.size(); ++day) {
    week[day] = hours_in(file, table, weekdays[day]);
  }
  return week;
}

/// Letters that a citizen can neither misread as a digit nor a clerk misread aloud.
void check_prefix(const TomlFile& file, const toml::node& node, const std::string& prefix) {
  const auto fits = [](char c) { return c >= 'A' && c <= 'Z' && c != 'I' && c != 'O' && c != 'Q'; };
  if (!std::all_of(prefix.begin(), prefix.end(), fits)) {
    file.fail(node,
              fmt::format("prefix {} is no good on paper: use up to two of A to Z without I, O and Q, which "
                          "look like digits",
                          in_quotes(prefix)));
  }
}

/// One prefix: the same range (then one sequence for all) or ranges apart. Anything else could give a number
/// twice.
void check_ranges(const SiteReader& reader, const toml::table& row, const hall::Service& service) {
  for (const auto& other : reader.site.hall.services) {
    const bool same = other.first == service.first && other.last == service.last;
    const bool apart = other.last < service.first || service.last < other.first;
    if (other.prefix == service.prefix && !same && !apart) {
      const auto key = has(row, "first") ? "first" : has(row, "last") ? "last" : "prefix";
      reader.file.fail(
          at(row, key),
          fmt::format("numbers {}{} to {} of {} overlap {} to {} of {}: give both the same range or "
                      "ranges apart",
                      service.prefix, service.first, service.last, in_quotes(service.id.value), other.first,
                      other.last, in_quotes(other.id.value)));
    }
  }
}

/// A joint service is handled where its category is, so it needs one, and nothing else does.
void check_category(const TomlFile& file, const toml::table& row, hall::Service& service) {
  service.joint_category = get_text(row, "joint_category");
  const bool is_joint = service.kind == hall::ServiceKind::joint;
  if (is_joint && service.joint_category.empty()) {
    file.fail(at(row, "kind"),
              fmt::format("the joint service {} has no category: add \"joint_category\", by which windows "
                          "are chosen for it",
                          in_quotes(service.id.value)));
  }
  if (!is_joint && !service.joint_category.empty()) {
    file.fail(at(row, "joint_category"),
              fmt::format("service {} is not joint: take \"joint_category\" out or write kind = \"joint\"",
                          in_quotes(service.id.value)));
  }
}

void check_last_issue(const TomlFile& file, const toml::table& row, const hall::Service& service) {
  for (const auto* week : {&service.hours, &service.extended}) {
    for (const auto& day : *week) {
      for (const auto& span : day) {
        if (span.to - span.from <= service.last_issue_before_min) {
          file.fail(at(row, "last_issue_before_min"),
                    fmt::format("an opening of {} min leaves no time for tickets when they end {} min "
                                "before it: make it smaller",
                                span.to - span.from, service.last_issue_before_min));
        }
      }
    }
  }
}

void read_quotas(const TomlFile& file, const toml::table& row, hall::Service& service) {
  service.quota_day = get_u32(row, "quota_day", 0);
  service.quota_slot = get_u32(row, "quota_slot", 0);
  service.quota_slot_min = static_cast<int>(get_integer(row, "quota_slot_min", 0));
  for (const auto* key : {"quota_day", "quota_slot", "quota_slot_min"}) {
    if (has(row, key) && service.kind == hall::ServiceKind::complaint) {
      file.fail(at(row, key),
                fmt::format("complaints are never closed by load: take {} out", in_quotes(key)));
    }
  }
  if (has(row, "quota_slot") != has(row, "quota_slot_min")) {
    const auto* there = has(row, "quota_slot") ? "quota_slot" : "quota_slot_min";
    const auto* missing = has(row, "quota_slot") ? "quota_slot_min" : "quota_slot";
    file.fail(at(row, there), fmt::format("{} says nothing without {}: add it, or take this out",
                                          in_quotes(there), in_quotes(missing)));
  }
}

/// Appointments know one day: the named hours are the same on every day that has any.
std::vector<hall::Hours> slot_hours(const SiteReader& reader, const toml::table& slots) {
  std::vector<hall::Hours> hours;
  for (const auto& day : named_hours(reader, slots, "hours")) {
    if (!hours.empty() && !day.empty() && day != hours) {
      reader.file.fail(at(slots, "hours"),
                       fmt::format("hours {} differ from day to day: name hours that are the same on every "
                                   "open day",
                                   in_quotes(get_text(slots, "hours"))));
    }
    hours = day.empty() ? hours : day;
  }
  return hours;
}

bool is_within(const hall::Hours& span, const std::vector<hall::Hours>& day) {
  return std::any_of(day.begin(), day.end(),
                     [&](const hall::Hours& each) { return each.from <= span.from && span.to <= each.to; });
}

void read_slots(const SiteReader& reader, const toml::table& row, hall::Service& service) {
  if (!has(row, "slots")) {
    return;
  }
  const auto& slots = *row.get("slots")->as_table();
  service.slots.hours = slot_hours(reader, slots);
  service.slots.every_min = static_cast<int>(get_integer(slots, "every_min", 0));
  service.slots.capacity = get_u32(slots, "capacity", 0);
  const auto fits = [&](const hall::Hours& span) { return span.to - span.from >= service.slots.every_min; };
  if (std::none_of(service.slots.hours.begin(), service.slots.hours.end(), fits)) {
    reader.file.fail(at(slots, "every_min"),
                     fmt::format("no slot of {} min fits into hours {}: make it shorter",
                                 service.slots.every_min, in_quotes(get_text(slots, "hours"))));
  }
  for (const auto& span : service.slots.hours) {
    for (const auto& day : service.hours) {
      if (!day.empty() && !is_within(span, day)) {
        reader.file.fail(at(slots, "hours"),
                         fmt::format("hours {} go beyond the hours of service {}: name hours within them",
                                     in_quotes(get_text(slots, "hours")), in_quotes(service.id.value)));
      }
    }
  }
}

void read_service(SiteReader& reader, const toml::table& row) {
  const auto& file = reader.file;
  hall::Service service;
  service.id.value = reader.services.take(file, row);
  service.name = get_text(row, "name");
  service.name_en = get_text(row, "name_en");
  service.zone.value = get_text(row, "zone");
  reader.zones.require(file, at(row, "zone"), service.zone.value);
  service.prefix = get_text(row, "prefix");
  check_prefix(file, at(row, "prefix"), service.prefix);
  service.first = get_u32(row, "first", service.first);
  service.last = get_u32(row, "last", service.last);
  if (service.last < service.first) {
    file.fail(
        at(row, has(row, "last") ? "last" : "first"),
        fmt::format("the last number {} is below the first {}: exchange them", service.last, service.first));
  }
  check_ranges(reader, row, service);
  service.kind =
      hall::parse_word<hall::ServiceKind>(get_text(row, "kind", "ordinary")).value_or(service.kind);
  check_category(file, row, service);
  service.hours = named_hours(reader, row, "hours");
  if (has(row, "extended_hours")) {
    service.extended = named_hours(reader, row, "extended_hours");
  }
  service.last_issue_before_min = static_cast<int>(get_integer(row, "last_issue_before_min", 0));
  check_last_issue(file, row, service);
  read_quotas(file, row, service);
  service.one_per_person = get_boolean(row, "one_per_person", service.one_per_person);
  service.typical_s = get_u32(row, "typical_s", service.typical_s);
  read_slots(reader, row, service);
  service.modes = texts_once(file, row, "modes");
  reader.site.hall.services.push_back(std::move(service));
}

/// Steps that are packages or a tenant's could never be finished here.
void check_step(const SiteReader& reader, const toml::node& node, const std::set<std::string>& packages) {
  const auto id = text_of(node);
  const auto* step = reader.site.hall.find(hall::ServiceId{id});
  if (packages.contains(id)) {
    reader.file.fail(node, fmt::format("{} is a package itself: name its steps instead", in_quotes(id)));
  }
  if (step != nullptr && step->kind == hall::ServiceKind::tenant) {
    reader.file.fail(node, fmt::format("{} is a tenant's, whose tickets are not ours: take it out of the "
                                       "package",
                                       in_quotes(id)));
  }
}

/// After all services, which the steps name.
void read_package(SiteReader& reader, const toml::table& row, hall::Service& service,
                  const std::set<std::string>& packages) {
  const auto& file = reader.file;
  if (!has(row, "steps")) {
    if (has(row, "steps_in_any_order")) {
      file.fail(at(row, "steps_in_any_order"),
                fmt::format("service {} has no steps: add \"steps\" or take this out",
                            in_quotes(service.id.value)));
    }
    return;
  }
  if (service.kind != hall::ServiceKind::ordinary) {
    file.fail(at(row, "kind"),
              fmt::format("the package {} is of kind {}: a package is \"ordinary\", its steps "
                          "have kinds of their own",
                          in_quotes(service.id.value), in_quotes(get_text(row, "kind"))));
  }
  service.steps = services_of(reader, row, "steps");
  service.steps_in_any_order = get_boolean(row, "steps_in_any_order", service.steps_in_any_order);
  for (const auto* node : get_elements(row, "steps")) {
    check_step(reader, *node, packages);
  }
}

}  // namespace

std::vector<hall::Hours> hours_in(const TomlFile& file, const toml::table& row, std::string_view key) {
  std::vector<hall::Hours> out;
  for (const auto* node : get_elements(row, key)) {
    const auto interval = interval_of(file, *node);
    if (!out.empty() && interval.from < out.back().to) {
      file.fail(*node,
                fmt::format("{} begins before the interval in front of it has ended: order them and let "
                            "none overlap",
                            in_quotes(text_of(*node))));
    }
    out.push_back(interval);
  }
  return out;
}

int minutes_of(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100; };
  if (text.size() != 5 || text[2] != ':') {
    return -1;
  }
  const int hour = digit(0) * 10 + digit(1);
  const int minute = digit(3) * 10 + digit(4);
  const bool is_time = (hour <= 23 && minute <= 59) || (hour == 24 && minute == 0);
  return is_time ? hour * 60 + minute : -1;
}

std::string Names::take(const TomlFile& file, const toml::table& row, std::string_view key) {
  auto id = get_text(row, key);
  const auto& where = at(row, key);
  const auto [taken, is_new] = places_.emplace(id, where.source().begin.line);
  if (!is_new) {
    const auto by = taken->second == 0 ? std::string("belongs to the program itself")
                                       : fmt::format("is taken by line {}", taken->second);
    file.fail(where, fmt::format("the {} {} {} {}: choose another", what_, key, in_quotes(id), by));
  }
  return id;
}

void Names::require(const TomlFile& file, const toml::node& where, const std::string& name) const {
  if (!places_.contains(name)) {
    file.fail(where, fmt::format("there is no {} {}: add it or correct the name", what_, in_quotes(name)));
  }
}

const hall::WeekHours& named_hours(const SiteReader& reader, const toml::table& row, std::string_view key) {
  const auto name = get_text(row, key);
  const auto found = reader.hours.find(name);
  if (found == reader.hours.end()) {
    reader.file.fail(at(row, key), fmt::format("there are no hours {}: add [hours.{}] or correct the name",
                                               in_quotes(name), name));
  }
  return found->second;
}

std::vector<std::string> texts_once(const TomlFile& file, const toml::table& row, std::string_view key) {
  std::vector<std::string> out;
  for (const auto* node : get_elements(row, key)) {
    auto each = text_of(*node);
    if (std::find(out.begin(), out.end(), each) != out.end()) {
      file.fail(*node, fmt::format("{} stands twice in {}: name it once", in_quotes(each), in_quotes(key)));
    }
    out.push_back(std::move(each));
  }
  return out;
}

std::vector<hall::ServiceId> services_of(const SiteReader& reader, const toml::table& row,
                                         std::string_view key) {
  for (const auto* node : get_elements(row, key)) {
    reader.services.require(reader.file, *node, text_of(*node));
  }
  std::vector<hall::ServiceId> out;
  for (auto& each : texts_once(reader.file, row, key)) {
    out.push_back({std::move(each)});
  }
  return out;
}

void read_hours(SiteReader& reader) {
  const auto* all = reader.file.root().get("hours");
  if (all == nullptr) {
    return;
  }
  for (const auto& [key, days_of] : *all->as_table()) {
    reader.hours.emplace(key.str(), week_of(reader.file, *days_of.as_table()));
  }
}

void read_services(SiteReader& reader) {
  const auto& root = reader.file.root();
  for (const auto* row : get_rows(root, "zone")) {
    reader.site.hall.zones.push_back(
        {{reader.zones.take(reader.file, *row)}, get_text(*row, "name"), get_text(*row, "name_en")});
  }
  const auto rows = get_rows(root, "service");
  std::set<std::string> packages;
  for (const auto* row : rows) {
    read_service(reader, *row);
    if (has(*row, "steps")) {
      packages.insert(get_text(*row, "id"));
    }
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    read_package(reader, *rows[i], reader.site.hall.services[i], packages);
  }
}

}  // namespace lobby::app
