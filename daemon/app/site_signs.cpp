#include <fmt/format.h>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {

void read_dialect_line(SiteReader& reader, const toml::table& row, const devices::BusConfig& bus) {
  const auto dialect = get_text(row, "dialect");
  const auto profile =
      read_sign_profile(find_named_file(reader, at(row, "dialect"), "profiles/signs", dialect));
  for (const auto* key : {"gap_us", "turnaround_ms", "late_ms", "direction"}) {
    if (has(row, key)) {
      reader.file.fail(
          at(row, key),
          fmt::format("{} is for lines that speak Modbus: take it out, or \"dialect\"", in_quotes(key)));
    }
  }
  reader.dialects[bus.id.value] = profile.dialect;
  devices::DialectLineConfig line;
  line.id = bus.id;
  line.dialect = profile.dialect;
  if (bus.gateway) {
    line.link = *bus.gateway;
  } else {
    line.link = bus.port;
  }
  reader.site.devices.dialect_lines.push_back(std::move(line));
}

namespace {

void read_sign(SiteReader& reader, const toml::table& row) {
  devices::SignConfig sign;
  sign.id.value = reader.devices.take(reader.file, row);
  sign.driver = get_text(row, "profile");
  auto profile =
      read_sign_profile(find_named_file(reader, at(row, "profile"), "profiles/signs", sign.driver));
  sign.window.value = get_text(row, "window");
  reader.windows.require(reader.file, at(row, "window"), sign.window.value);
  sign.on_bus = hangs_on_bus(reader, row, sign.id.value);
  if (sign.on_bus) {
    take_address(reader, row, sign.id.value, profile.dialect);
    sign.line.value = get_text(row, "bus");
    sign.address = static_cast<std::uint8_t>(get_integer(row, "address", 1));
  } else {
    sign.line = sign.id;
    reader.site.devices.dialect_lines.push_back(
        {sign.id, profile.dialect, read_link(reader, row, sign.id.value), false});
  }
  sign.dialect = std::move(profile.frames);
  sign.digits_only = profile.digits_only;
  reader.site.devices.signs.push_back(std::move(sign));
}

}  // namespace

void read_signs(SiteReader& reader) {
  for (const auto* row : get_rows(reader.file.root(), "sign")) {
    read_sign(reader, *row);
  }
}

}  // namespace lobby::app
