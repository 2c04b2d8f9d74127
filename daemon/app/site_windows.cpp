#include <fmt/format.h>

#include <algorithm>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {
namespace {

bool is_in(const auto& list, const auto& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

/// Steps are served, a package is not: nobody ever calls a ticket of the package itself. A joint service is
/// served where its category is.
void check_services(const SiteReader& reader, const toml::table& row, const hall::Window& window) {
  const auto nodes = get_elements(row, "services");
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto& service = *reader.site.hall.find(window.services[i]);
    if (!service.steps.empty()) {
      reader.file.fail(*nodes[i], fmt::format("{} is a package, served at the windows of its steps: take it "
                                              "out here",
                                              in_quotes(service.id.value)));
    }
    const bool is_joint = service.kind == hall::ServiceKind::joint;
    if (is_joint && !is_in(window.joint_categories, service.joint_category)) {
      reader.file.fail(*nodes[i], fmt::format("window {} is not of category {}, by which {} is handled: add "
                                              "it to \"joint_categories\" or take the service out",
                                              in_quotes(window.id.value), in_quotes(service.joint_category),
                                              in_quotes(service.id.value)));
    }
  }
}

void check_categories(const SiteReader& reader, const toml::table& row) {
  const auto& services = reader.site.hall.services;
  for (const auto* node : get_elements(row, "joint_categories")) {
    const auto category = text_of(*node);
    if (std::none_of(services.begin(), services.end(),
                     [&](const hall::Service& each) { return each.joint_category == category; })) {
      reader.file.fail(*node, fmt::format("no joint service has the category {}: correct it or take it out",
                                          in_quotes(category)));
    }
  }
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
  window.services = services_of(reader, row, "services");
  window.joint_categories = texts_once(file, row, "joint_categories");
  check_services(reader, row, window);
  check_categories(reader, row);
  window.profile = get_text(row, "profile");
  if (!window.profile.empty()) {
    reader.profiles.require(file, at(row, "profile"), window.profile);
  }
  for (auto& clerk : texts_once(file, row, "backups")) {
    window.backups.push_back({std::move(clerk)});
  }
  window.first_inquiry = get_boolean(row, "first_inquiry", false);
  window.duty_staff = get_text(row, "duty_staff");
  if (!window.duty_staff.empty()) {
    reader.staff.require(file, at(row, "duty_staff"), window.duty_staff);
  }
  reader.site.hall.windows.push_back(std::move(window));
}

/// What the transfer key can reach from the window; a window may be named before it stands in the file.
hall::TransferTo transfer_of(const SiteReader& reader, const toml::table& row, const hall::Window& from) {
  const auto id = get_text(row, "transfer_to");
  const auto refuse = [&](std::string_view why) {
    reader.file.fail(at(row, "transfer_to"),
                     fmt::format("{} {}: name a service or another window", in_quotes(id), why));
  };
  const auto* service = reader.site.hall.find(hall::ServiceId{id});
  const auto* window = reader.site.hall.find(hall::WindowId{id});
  if (service != nullptr && window != nullptr) {
    refuse("is a service and a window, so nobody knows which is meant");
  }
  if (window != nullptr) {
    if (window->id == from.id) {
      refuse("is this window itself");
    }
    return {.service = {}, .window = window->id};
  }
  if (service == nullptr) {
    refuse("is neither a service nor a window");
  }
  if (!service->steps.empty() || service->kind == hall::ServiceKind::tenant) {
    refuse("is a package or a tenant's, which no window calls");
  }
  return {.service = service->id, .window = {}};
}

void read_transfers(SiteReader& reader) {
  auto window = reader.site.hall.windows.begin();
  for (const auto* row : get_rows(reader.file.root(), "window")) {
    if (has(*row, "transfer_to")) {
      window->transfer_to = transfer_of(reader, *row, *window);
    }
    ++window;
  }
}

/// A ticket that no window may call would wait for ever. A tenant calls its own, a package is its steps.
void check_every_service_is_served(const SiteReader& reader) {
  std::set<std::string> served;
  for (const auto& window : reader.site.hall.windows) {
    for (const auto& service : window.services) {
      served.insert(service.value);
    }
  }
  for (const auto* row : get_rows(reader.file.root(), "service")) {
    const auto id = get_text(*row, "id");
    const bool elsewhere = has(*row, "steps") || get_text(*row, "kind") == "tenant";
    if (!elsewhere && !served.contains(id)) {
      reader.file.fail(at(*row, "id"),
                       fmt::format("service {} is served by no window: name it in the services of "
                                   "one, or take it out",
                                   in_quotes(id)));
    }
  }
}

/// The printer that a key of a kiosk names; empty when it names none.
hall::DeviceId printer_at(SiteReader& reader, const toml::table& row, const char* key) {
  const std::string id = get_text(row, key);
  if (!id.empty() && !reader.printers.contains(id)) {
    reader.file.fail(at(row, key),
                     fmt::format("there is no printer {}: add a [[printer]] with this id or correct the name",
                                 in_quotes(id)));
  }
  return {id};
}

}  // namespace

void read_windows(SiteReader& reader) {
  std::map<std::uint32_t, std::string> numbers;
  for (const auto* row : get_rows(reader.file.root(), "window")) {
    read_window(reader, numbers, *row);
  }
  read_transfers(reader);
  check_every_service_is_served(reader);
}

void read_kiosks(SiteReader& reader) {
  for (const auto* row : get_rows(reader.file.root(), "kiosk")) {
    hall::Kiosk kiosk;
    kiosk.id.value = reader.kiosks.take(reader.file, *row);
    kiosk.name = get_text(*row, "name");
    kiosk.zone.value = get_text(*row, "zone");
    reader.zones.require(reader.file, at(*row, "zone"), kiosk.zone.value);
    kiosk.printer = printer_at(reader, *row, "printer");
    kiosk.other_printer = printer_at(reader, *row, "other_printer");
    if (!kiosk.other_printer.value.empty() &&
        (kiosk.printer.value.empty() || kiosk.printer == kiosk.other_printer)) {
      reader.file.fail(at(*row, "other_printer"), "is for a kiosk with a `printer`, and is another one");
    }
    reader.site.hall.kiosks.push_back(std::move(kiosk));
  }
}

}  // namespace lobby::app
