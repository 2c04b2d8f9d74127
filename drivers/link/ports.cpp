#include "drivers/link/ports.hpp"

#include <libserialport.h>

#include <algorithm>
#include <filesystem>
#include <memory>

namespace lobby::link {
namespace {

std::string text(const char* from) {
  return from == nullptr ? std::string() : std::string(from);
}

PortInfo info_of(const sp_port& port, const std::string& stable_folder) {
  PortInfo info;
  info.name = text(sp_get_port_name(&port));
  info.stable_path = stable_path_of(info.name, stable_folder);
  info.description = text(sp_get_port_description(&port));
  if (sp_get_port_transport(&port) != SP_TRANSPORT_USB) {
    return info;
  }
  info.manufacturer = text(sp_get_port_usb_manufacturer(&port));
  info.serial_number = text(sp_get_port_usb_serial(&port));
  int vendor = 0;
  int product = 0;
  if (sp_get_port_usb_vid_pid(&port, &vendor, &product) == SP_OK) {
    info.usb = {static_cast<std::uint16_t>(vendor), static_cast<std::uint16_t>(product)};
  }
  return info;
}

}  // namespace

std::string stable_path_of(const std::string& device, const std::string& stable_folder) {
  namespace fs = std::filesystem;
  std::error_code ec;
  const fs::path target = fs::canonical(device, ec);
  if (ec) {
    return {};
  }
  std::vector<std::string> found;
  for (fs::directory_iterator entry(stable_folder, ec), end; !ec && entry != end; entry.increment(ec)) {
    std::error_code broken_link;
    if (fs::canonical(entry->path(), broken_link) == target && !broken_link) {
      found.push_back(entry->path().string());
    }
  }
  return found.empty() ? std::string() : *std::min_element(found.begin(), found.end());
}

PortList list_ports(const std::string& stable_folder) {
  PortList list;
  sp_port** ports = nullptr;
  if (const auto code = sp_list_ports(&ports); code != SP_OK) {
    list.fault = "the serial ports cannot be listed";
    if (code == SP_ERR_FAIL) {
      const std::unique_ptr<char, decltype(&sp_free_error_message)> why(sp_last_error_message(),
                                                                        &sp_free_error_message);
      list.fault += ": " + text(why.get());
    }
    return list;
  }
  const std::unique_ptr<sp_port*, decltype(&sp_free_port_list)> owner(ports, &sp_free_port_list);
  for (std::size_t i = 0; ports[i] != nullptr; ++i) {
    list.ports.push_back(info_of(*ports[i], stable_folder));
  }
  std::sort(list.ports.begin(), list.ports.end(),
            [](const PortInfo& a, const PortInfo& b) { return a.name < b.name; });
  return list;
}

}  // namespace lobby::link
