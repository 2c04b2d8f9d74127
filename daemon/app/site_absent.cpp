#include <fmt/format.h>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {
namespace {

struct AbsentSection {
  std::string_view key;
  hall::DeviceKind kind;
  bool has_wire;  ///< `link`, or `bus` and `address`
};

constexpr AbsentSection absent_sections[] = {
    {"voice", hall::DeviceKind::voice, false},
    {"relay", hall::DeviceKind::relay, true},
};

void read_wire(SiteReader& reader, const toml::table& row, devices::AbsentConfig& device) {
  if (!hangs_on_bus(reader, row, device.id.value)) {
    read_link(reader, row, device.id.value);
    return;
  }
  take_address(reader, row, device.id.value);
  device.bus = hall::DeviceId{get_text(row, "bus")};
  device.address = static_cast<int>(get_integer(row, "address", 0));
}

void read_absent(SiteReader& reader, const AbsentSection& section, const toml::table& row) {
  devices::AbsentConfig device;
  device.id.value = reader.devices.take(reader.file, row);
  device.kind = section.kind;
  device.driver = get_text(row, "protocol", "lobby-screen");
  device.zone = read_zone(reader, row);
  if (has(row, "window")) {
    device.window = hall::WindowId{get_text(row, "window")};
    reader.windows.require(reader.file, at(row, "window"), device.window->value);
  }
  if (has(row, "kiosk")) {
    device.kiosk = hall::KioskId{get_text(row, "kiosk")};
    reader.kiosks.require(reader.file, at(row, "kiosk"), device.kiosk->value);
  }
  if (has(row, "url")) {
    check_url(reader.file, at(row, "url"), "it belongs into a file that only the daemon can read");
  }
  if (section.has_wire) {
    read_wire(reader, row, device);
  }
  reader.site.devices.absent.push_back(std::move(device));
}

}  // namespace

bool hangs_on_bus(const SiteReader& reader, const toml::table& row, const std::string& device) {
  const bool on_bus = has(row, "bus") || has(row, "address");
  if (on_bus == has(row, "link")) {
    reader.file.fail(
        at(row, on_bus ? "link" : "id"),
        fmt::format("{} {}: write either \"link\", or \"bus\" and \"address\"", in_quotes(device),
                    on_bus ? "hangs on a link and on a bus" : "hangs on nothing"));
  }
  if (!on_bus) {
    return false;
  }
  for (const auto* key : {"bus", "address"}) {
    if (!has(row, key)) {
      reader.file.fail(at(row, "id"), fmt::format("{} has no {}: a place on a bus is \"bus\" and \"address\"",
                                                  in_quotes(device), in_quotes(key)));
    }
  }
  for (const auto* key : {"baud", "parity"}) {
    if (has(row, key)) {
      reader.file.fail(at(row, key),
                       fmt::format("{} is set by the [[bus]]: take it out here", in_quotes(key)));
    }
  }
  return true;
}

void read_absent_devices(SiteReader& reader) {
  for (const auto& section : absent_sections) {
    for (const auto* row : get_rows(reader.file.root(), section.key)) {
      read_absent(reader, section, *row);
    }
  }
}

}  // namespace lobby::app
