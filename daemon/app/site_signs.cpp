#include <fmt/format.h>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {

constexpr const char* ff68 = "ff68";

void read_dialect_line(SiteReader& reader, const toml::table& row, const devices::BusConfig& bus) {
  auto dialect = get_text(row, "dialect");
  if (dialect != ff68) {
    const auto file = find_named_file(reader, at(row, "dialect"), "profiles/signs", dialect);
    dialect = read_sign_profile(file).dialect;
  }
  if (dialect == "modbus") {
    reader.file.fail(at(row, "dialect"), "the signs of this profile speak Modbus: write \"modbus\" here");
  }
  for (const auto* key : {"gap_us", "turnaround_ms", "late_ms", "direction"}) {
    if (has(row, key)) {
      reader.file.fail(
          at(row, key),
          fmt::format("{} is for lines that speak Modbus: take it out, or \"dialect\"", in_quotes(key)));
    }
  }
  reader.dialects[bus.id.value] = dialect;
  devices::DialectLineConfig line;
  line.id = bus.id;
  line.dialect = std::move(dialect);
  if (bus.gateway) {
    line.link = *bus.gateway;
  } else {
    line.link = bus.port;
  }
  reader.site.devices.dialect_lines.push_back(std::move(line));
}

namespace {

/// Where a device is: at which window, on which line.
struct Place {
  hall::WindowId window;
  hall::DeviceId line;
  bool on_bus = false;
  std::uint8_t address = 1;
};

/// Alone on a link of its own it may have an address, too: it listens to no other.
Place read_place(SiteReader& reader, const toml::table& row, const std::string& device,
                 const std::string& dialect) {
  Place place;
  place.window.value = get_text(row, "window");
  reader.windows.require(reader.file, at(row, "window"), place.window.value);
  place.address = static_cast<std::uint8_t>(get_integer(row, "address", 1));
  const bool is_alone = has(row, "link") && !has(row, "bus");
  place.on_bus = !is_alone && hangs_on_bus(reader, row, device);
  if (place.on_bus) {
    take_address(reader, row, device, dialect);
    place.line.value = get_text(row, "bus");
  } else if (dialect == "modbus") {
    reader.file.fail(
        at(row, "link"),
        fmt::format("{} speaks Modbus and hangs on a link: give its line a [[bus]], and name it by "
                    "\"bus\" and \"address\"",
                    in_quotes(device)));
  } else {
    place.line.value = device;
    reader.site.devices.dialect_lines.push_back({place.line, dialect, read_link(reader, row, device), false});
  }
  return place;
}

void read_sign(SiteReader& reader, const toml::table& row) {
  devices::SignConfig sign;
  sign.id.value = reader.devices.take(reader.file, row);
  sign.driver = get_text(row, "profile");
  auto profile =
      read_sign_profile(find_named_file(reader, at(row, "profile"), "profiles/signs", sign.driver));
  const Place place = read_place(reader, row, sign.id.value, profile.dialect);
  sign.window = place.window;
  sign.line = place.line;
  sign.on_bus = place.on_bus;
  sign.address = place.address;
  sign.protocol = std::move(profile.protocol);
  sign.digits_only = profile.digits_only;
  sign.columns = profile.columns;
  reader.site.devices.signs.push_back(std::move(sign));
}

void read_keypad(SiteReader& reader, const toml::table& row, hall::DeviceKind kind) {
  devices::KeypadConfig keypad;
  keypad.id.value = reader.devices.take(reader.file, row);
  keypad.kind = kind;
  if (kind == hall::DeviceKind::pad) {
    keypad.driver = get_text(row, "profile");
    keypad.scores =
        read_pad_profile(find_named_file(reader, at(row, "profile"), "profiles/pads", keypad.driver));
  } else {
    keypad.driver = get_text(row, "protocol");
  }
  const Place place = read_place(reader, row, keypad.id.value, ff68);
  keypad.window = place.window;
  keypad.line = place.line;
  keypad.on_bus = place.on_bus;
  keypad.address = place.address;
  reader.site.devices.keypads.push_back(std::move(keypad));
}

}  // namespace

void read_signs(SiteReader& reader) {
  for (const auto* row : get_rows(reader.file.root(), "sign")) {
    read_sign(reader, *row);
  }
  for (const auto* row : get_rows(reader.file.root(), "keypad")) {
    read_keypad(reader, *row, hall::DeviceKind::keypad);
  }
  for (const auto* row : get_rows(reader.file.root(), "pad")) {
    read_keypad(reader, *row, hall::DeviceKind::pad);
  }
}

}  // namespace lobby::app
