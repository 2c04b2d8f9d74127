#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <optional>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {
namespace {

using devices::SerialPort;
using devices::TcpAddress;

SerialPort::Parity parity_of(std::string_view word) {
  if (word == "even") {
    return SerialPort::Parity::even;
  }
  return word == "odd" ? SerialPort::Parity::odd : SerialPort::Parity::none;
}

link::Flow flow_of(std::string_view word) {
  using enum link::Flow;
  const auto flows = {none, xon_xoff, rts_cts, dtr_dsr};
  const auto* named =
      std::find_if(flows.begin(), flows.end(), [&](link::Flow flow) { return link::to_text(flow) == word; });
  return named == flows.end() ? none : *named;
}

SerialPort serial_port(SiteReader& reader, const toml::table& row, std::string_view key,
                       const std::string& path, const std::string& device) {
  if (path.size() < 2 || path.front() != '/') {
    reader.file.fail(at(row, key), fmt::format("{} is no serial port: write its whole path, best one of "
                                               "/dev/serial/by-id/",
                                               in_quotes(path)));
  }
  SerialPort port;
  port.path = std::filesystem::path(path).lexically_normal().string();
  take_wire(reader, at(row, key), port.path, device);
  port.baud = get_u32(row, "baud", port.baud);
  port.parity = parity_of(get_text(row, "parity", "none"));
  port.flow = flow_of(get_text(row, "flow", "none"));
  return port;
}

}  // namespace

TcpAddress split_address(std::string_view text) {
  TcpAddress out;
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) {
    return {};
  }
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (ec != std::errc() || end != digits.data() + digits.size() || out.port == 0) {
    return {};
  }
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find_first_of(":[] /") != std::string_view::npos) {
    return {};
  }
  out.host = std::string(host);
  return out;
}

namespace {

std::variant<TcpAddress, SerialPort, devices::UsbNode> read_printer_link(SiteReader& reader,
                                                                         const toml::table& row,
                                                                         const std::string& device) {
  constexpr std::string_view usb = "usb:";
  const auto text = get_text(row, "link");
  if (!text.starts_with(usb)) {
    const auto other = read_link(reader, row, device, " or \"usb:/dev/usb/…\"");
    if (const auto* port = std::get_if<SerialPort>(&other)) {
      return *port;
    }
    return std::get<TcpAddress>(other);
  }
  const auto path = text.substr(usb.size());
  if (path.size() < 2 || path.front() != '/') {
    reader.file.fail(at(row, "link"),
                     fmt::format("{} is no printer's node: write its whole path, best that of "
                                 "a udev link of its own",
                                 in_quotes(path)));
  }
  refuse_serial_keys(reader, row, {"baud", "parity", "flow"});
  devices::UsbNode node{std::filesystem::path(path).lexically_normal().string()};
  take_wire(reader, at(row, "link"), node.path, device);
  return node;
}

void read_printer(SiteReader& reader, const toml::table& row) {
  devices::PrinterConfig printer;
  printer.id.value = reader.devices.take(reader.file, row);
  reader.printers.insert(printer.id.value);
  printer.profile = read_printer_profile(
      find_named_file(reader, at(row, "profile"), "profiles/printers", get_text(row, "profile")));
  printer.zone = read_zone(reader, row);
  printer.link = read_printer_link(reader, row, printer.id.value);
  if (row.contains("tickets_when_low")) {
    printer.tickets_when_low = static_cast<int>(get_u32(row, "tickets_when_low", 0));
  }
  printer.retract_after =
      std::chrono::seconds(get_integer(row, "retract_after_s", printer.retract_after.count()));
  reader.site.devices.printers.push_back(std::move(printer));
}

TcpAddress gateway_of(SiteReader& reader, const toml::table& row, const std::string& text,
                      const std::string& device) {
  auto address = split_address(std::string_view(text).substr(4));
  if (address.host.empty()) {
    reader.file.fail(
        at(row, "port"),
        fmt::format("{} leads nowhere: write \"tcp:HOST:PORT\" or the whole path of a serial port, "
                    "best one of /dev/serial/by-id/",
                    in_quotes(text)));
  }
  // The gateway sets up the line behind it and keeps its silences.
  refuse_serial_keys(reader, row, {"baud", "parity", "gap_us", "late_ms", "direction"});
  take_wire(reader, at(row, "port"), fmt::format("tcp:{}:{}", address.host, address.port), device);
  return address;
}

void read_bus(SiteReader& reader, const toml::table& row) {
  devices::BusConfig bus;
  bus.id.value = reader.devices.take(reader.file, row);
  reader.buses.insert(bus.id.value);
  const auto port = get_text(row, "port");
  if (port.starts_with("tcp:")) {
    bus.gateway = gateway_of(reader, row, port, bus.id.value);
  } else {
    bus.port = serial_port(reader, row, "port", port, bus.id.value);
  }
  if (get_text(row, "dialect", "modbus") != "modbus") {
    read_dialect_line(reader, row, bus);
    return;
  }
  const auto number = [&row](const char* key) {
    return has(row, key) ? std::optional(get_u32(row, key, 0)) : std::nullopt;
  };
  bus.gap_us = number("gap_us");
  bus.turnaround_ms = number("turnaround_ms");
  bus.late_ms = number("late_ms");
  bus.adapter_turns = get_text(row, "direction", "auto") == "adapter";
  reader.site.devices.buses.push_back(std::move(bus));
}

void read_unit(SiteReader& reader, const toml::table& row) {
  devices::UnitConfig unit;
  unit.id.value = reader.devices.take(reader.file, row);
  unit.driver = get_text(row, "profile");
  if (!reader.unit_profiles.contains(unit.driver)) {
    check_unit_profile(find_named_file(reader, at(row, "profile"), "profiles/units", unit.driver));
    reader.unit_profiles.insert(unit.driver);
  }
  take_address(reader, row, unit.id.value);
  unit.bus.value = get_text(row, "bus");
  unit.address = static_cast<std::uint8_t>(get_integer(row, "address", 0));
  if (const auto* signs = reader.file.root()["signs"].as_table()) {
    unit.rests_with_number = get_text(*signs, "rest", "number") == "number";
    unit.rest_after_s = static_cast<std::uint16_t>(get_u32(*signs, "rest_after_s", unit.rest_after_s));
    unit.brightness = static_cast<std::uint16_t>(get_u32(*signs, "brightness", unit.brightness));
  }
  unit.window.value = get_text(row, "window");
  reader.windows.require(reader.file, at(row, "window"), unit.window.value);
  reader.site.devices.units.push_back(std::move(unit));
}

}  // namespace

void refuse_serial_keys(const SiteReader& reader, const toml::table& row,
                        std::initializer_list<const char*> keys) {
  for (const auto* key : keys) {
    if (has(row, key)) {
      reader.file.fail(at(row, key), fmt::format("{} is for serial links only: take it out", in_quotes(key)));
    }
  }
}

void take_wire(SiteReader& reader, const toml::node& where, const std::string& wire,
               const std::string& device) {
  const auto [taken, is_new] = reader.wires.emplace(wire, device);
  if (!is_new) {
    reader.file.fail(where, fmt::format("{} is on {} already: put {} on a port of its own",
                                        in_quotes(taken->second), in_quotes(wire), in_quotes(device)));
  }
}

void take_address(SiteReader& reader, const toml::table& row, const std::string& device,
                  std::string_view dialect) {
  const auto bus = get_text(row, "bus");
  const auto address = get_integer(row, "address", 0);
  if (!reader.buses.contains(bus)) {
    reader.file.fail(
        at(row, "bus"),
        fmt::format("there is no bus {}: add a [[bus]] with this id or correct the name", in_quotes(bus)));
  }
  const auto spoken = reader.dialects.find(bus);
  if ((spoken == reader.dialects.end() ? "modbus" : spoken->second) != dialect) {
    reader.file.fail(
        at(row, "bus"),
        fmt::format("bus {} speaks {}, but {} speaks {}: put it on a bus of its dialect", in_quotes(bus),
                    in_quotes(spoken == reader.dialects.end() ? "modbus" : spoken->second), in_quotes(device),
                    in_quotes(dialect)));
  }
  take_place_on_bus(reader, at(row, "address"), {bus, address}, device);
}

void take_place_on_bus(SiteReader& reader, const toml::node& where,
                       const std::pair<std::string, std::int64_t>& place, const std::string& device) {
  const auto& [bus, address] = place;
  const auto [taken, is_new] = reader.units.emplace(place, device);
  if (!is_new) {
    reader.file.fail(where, fmt::format("address {} of {} belongs to {} already: give each an address "
                                        "of its own",
                                        address, in_quotes(bus), in_quotes(taken->second)));
  }
}

std::variant<TcpAddress, SerialPort> read_link(SiteReader& reader, const toml::table& row,
                                               const std::string& device, std::string_view more) {
  const auto text = get_text(row, "link");
  const auto& node = at(row, "link");
  if (text.starts_with("serial:")) {
    return serial_port(reader, row, "link", text.substr(7), device);
  }
  auto address = text.starts_with("tcp:") ? split_address(std::string_view(text).substr(4)) : TcpAddress{};
  if (address.host.empty()) {
    reader.file.fail(
        node, fmt::format("{} leads nowhere: write \"tcp:HOST:PORT\" or \"serial:/dev/serial/by-id/…\"{}",
                          in_quotes(text), more));
  }
  refuse_serial_keys(reader, row, {"baud", "parity", "flow"});
  take_wire(reader, node, fmt::format("tcp:{}:{}", address.host, address.port), device);
  return address;
}

std::optional<hall::ZoneId> read_zone(const SiteReader& reader, const toml::table& row) {
  if (!has(row, "zone")) {
    return std::nullopt;
  }
  const auto zone = get_text(row, "zone");
  reader.zones.require(reader.file, at(row, "zone"), zone);
  return hall::ZoneId{zone};
}

void check_url(const TomlFile& file, const toml::node& node, std::string_view secret_remedy) {
  const auto url = text_of(node);
  const auto after = url.starts_with("http://") ? 7U : url.starts_with("https://") ? 8U : 0U;
  const auto authority = std::string_view(url).substr(after, url.find_first_of("/?#", after) - after);
  if (after != 0 && authority.find('@') != std::string_view::npos) {
    // The sentence does not repeat what must not be read by everybody.
    file.fail(node,
              fmt::format("a user or a password stands in this address: take it out of the site file, {}",
                          secret_remedy));
  }
  const bool has_port = !authority.empty() && authority.find(':', authority.rfind(']') + 1) != authority.npos;
  const auto address = split_address(has_port ? authority : fmt::format("{}:80", authority));
  if (after == 0 || address.host.empty() || url.find_first_of(" \"<>\\") != std::string::npos) {
    file.fail(node, fmt::format("{} is no address of a web service: write \"http://HOST:PORT/PATH\" or "
                                "\"https://…\", the port from 1 to 65535 or none",
                                in_quotes(url)));
  }
}

void read_devices(SiteReader& reader) {
  const auto& root = reader.file.root();
  for (const auto* row : get_rows(root, "printer")) {
    read_printer(reader, *row);
  }
  for (const auto* row : get_rows(root, "bus")) {
    read_bus(reader, *row);
  }
  for (const auto* row : get_rows(root, "unit")) {
    read_unit(reader, *row);
  }
  for (const auto* row : get_rows(root, "feed")) {
    read_feed(reader, *row);
  }
}

}  // namespace lobby::app
