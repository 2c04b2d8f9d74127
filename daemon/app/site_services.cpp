#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {
namespace {

constexpr std::array<std::string_view, 7> days{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/// `HH:MM` as minutes since midnight; -1 when it is not.
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
  for (std::size_t day = 0; day < days.size(); ++day) {
    for (const auto* node : get_elements(table, days[day])) {
      const auto interval = interval_of(file, *node);
      if (!week[day].empty() && interval.from < week[day].back().to) {
        file.fail(*node,
                  fmt::format("{} begins before the interval in front of it has ended: order them and let "
                              "none overlap",
                              in_quotes(text_of(*node))));
      }
      week[day].push_back(interval);
    }
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

void read_service(SiteReader& reader, const toml::table& row) {
  const auto& file = reader.file;
  hall::Service service;
  service.id.value = reader.services.take(file, row);
  service.name = get_text(row, "name");
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
  const auto hours = get_text(row, "hours");
  const auto found = reader.hours.find(hours);
  if (found == reader.hours.end()) {
    file.fail(at(row, "hours"), fmt::format("there are no hours {}: add [hours.{}] or correct the name",
                                            in_quotes(hours), hours));
  }
  service.hours = found->second;
  reader.site.hall.services.push_back(std::move(service));
}

void read_window(SiteReader& reader, std::map<std::uint32_t, std::string>& numbers, const toml::table& row) {
  const auto& file = reader.file;
  hall::Window window;
  window.id.value = reader.windows.take(file, row);
  window.number = get_u32(row, "number", 0);
  const auto [taken, is_new] = numbers.emplace(window.number, window.id.value);
  if (!is_new) {
    file.fail(at(row, "number"),
              fmt::format("number {} hangs above window {} already: give each window its own", window.number,
                          in_quotes(taken->second)));
  }
  window.name = get_text(row, "name");
  window.zone.value = get_text(row, "zone");
  reader.zones.require(file, at(row, "zone"), window.zone.value);
  for (const auto* node : get_elements(row, "services")) {
    const hall::ServiceId service{text_of(*node)};
    reader.services.require(file, *node, service.value);
    if (std::find(window.services.begin(), window.services.end(), service) != window.services.end()) {
      file.fail(*node, fmt::format("service {} stands twice at window {}: name it once",
                                   in_quotes(service.value), in_quotes(window.id.value)));
    }
    window.services.push_back(service);
  }
  reader.site.hall.windows.push_back(std::move(window));
}

/// A ticket that no window may call would wait for ever.
void check_every_service_is_served(const SiteReader& reader, const std::vector<const toml::table*>& rows) {
  std::set<std::string> served;
  for (const auto& window : reader.site.hall.windows) {
    for (const auto& service : window.services) {
      served.insert(service.value);
    }
  }
  for (const auto* row : rows) {
    const auto id = get_text(*row, "id");
    if (!served.contains(id)) {
      reader.file.fail(at(*row, "id"),
                       fmt::format("service {} is served by no window: name it in the services of "
                                   "one, or take it out",
                                   in_quotes(id)));
    }
  }
}

}  // namespace

std::string Names::take(const TomlFile& file, const toml::table& row) {
  auto id = get_text(row, "id");
  const auto& where = at(row, "id");
  const auto [taken, is_new] = places_.emplace(id, where.source().begin.line);
  if (!is_new) {
    const auto by = taken->second == 0 ? std::string("belongs to the program itself")
                                       : fmt::format("is taken by line {}", taken->second);
    file.fail(where, fmt::format("the {} id {} {}: choose another", what_, in_quotes(id), by));
  }
  return id;
}

void Names::require(const TomlFile& file, const toml::node& where, const std::string& name) const {
  if (!places_.contains(name)) {
    file.fail(where, fmt::format("there is no {} {}: add it or correct the name", what_, in_quotes(name)));
  }
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
    reader.site.hall.zones.push_back({{reader.zones.take(reader.file, *row)}, get_text(*row, "name")});
  }
  const auto rows = get_rows(root, "service");
  for (const auto* row : rows) {
    read_service(reader, *row);
  }
  std::map<std::uint32_t, std::string> numbers;
  for (const auto* row : get_rows(root, "window")) {
    read_window(reader, numbers, *row);
  }
  check_every_service_is_served(reader, rows);
}

void read_kiosks(SiteReader& reader) {
  for (const auto* row : get_rows(reader.file.root(), "kiosk")) {
    hall::Kiosk kiosk;
    kiosk.id.value = reader.kiosks.take(reader.file, *row);
    kiosk.name = get_text(*row, "name");
    kiosk.zone.value = get_text(*row, "zone");
    reader.zones.require(reader.file, at(*row, "zone"), kiosk.zone.value);
    kiosk.printer.value = get_text(*row, "printer");
    if (!kiosk.printer.value.empty() && !reader.printers.contains(kiosk.printer.value)) {
      reader.file.fail(
          at(*row, "printer"),
          fmt::format("there is no printer {}: add a [[printer]] with this id or correct the name",
                      in_quotes(kiosk.printer.value)));
    }
    reader.site.hall.kiosks.push_back(std::move(kiosk));
  }
}

}  // namespace lobby::app
