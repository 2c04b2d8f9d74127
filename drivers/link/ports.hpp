#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lobby::link {

/// A serial port of this machine, as staff need it for the site file.
struct PortInfo {
  struct UsbIds {
    std::uint16_t vendor = 0;
    std::uint16_t product = 0;
  };
  std::string name;         ///< `/dev/ttyUSB0`: changes with the order of plugging
  std::string stable_path;  ///< `/dev/serial/by-id/…`, the one to write into the site; may be empty
  std::string description;  ///< `USB-Serial Controller`
  std::string manufacturer;
  std::string serial_number;
  std::optional<UsbIds> usb;  ///< none: not on USB
};

struct PortList {
  std::vector<PortInfo> ports;  ///< by name
  std::string fault;            ///< why the list could not be made; empty when it could
};

/// Blocks for milliseconds; opens no port.
PortList list_ports(const std::string& stable_folder = "/dev/serial/by-id");

/// The entry of `stable_folder` that leads to `device`; empty when none does.
std::string stable_path_of(const std::string& device, const std::string& stable_folder);

}  // namespace lobby::link
