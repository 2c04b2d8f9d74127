#include <fmt/format.h>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {
namespace {

constexpr std::string_view unused = "-";

void read_panel(SiteReader& reader, const toml::table& row) {
  devices::PanelConfig device;
  device.id.value = reader.devices.take(reader.file, row);
  device.driver = get_text(row, "protocol");
  take_address(reader, row, device.id.value);
  device.bus.value = get_text(row, "bus");
  device.address = static_cast<std::uint8_t>(get_integer(row, "address", 0));
  device.kiosk.value = get_text(row, "kiosk");
  reader.kiosks.require(reader.file, at(row, "kiosk"), device.kiosk.value);
  flows::Panel panel;
  panel.id = device.id;
  panel.kiosk = device.kiosk;
  std::size_t button = 0;
  for (const auto* node : get_elements(row, "buttons")) {
    const auto service = text_of(*node);
    if (service != unused) {
      reader.services.require(reader.file, *node, service);
      panel.buttons[button] = hall::ServiceId{service};
    }
    ++button;
  }
  reader.site.devices.panels.push_back(std::move(device));
  reader.site.panels.push_back(std::move(panel));
}

}  // namespace

void read_panels(SiteReader& reader) {
  for (const auto* row : get_rows(reader.file.root(), "panel")) {
    read_panel(reader, *row);
  }
}

}  // namespace lobby::app
