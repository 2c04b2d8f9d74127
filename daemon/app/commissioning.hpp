#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "daemon/api/backend.hpp"
#include "daemon/app/site_file.hpp"
#include "daemon/devices/buses.hpp"
#include "daemon/devices/panels.hpp"
#include "daemon/devices/window_units.hpp"

namespace lobby::app {

/// What an integrator asks of lines and units, by their ids in the site. Lives on the loop; outlived by the
/// devices.
class Commissioning {
 public:
  Commissioning(const SiteFile& site, devices::Buses& buses, devices::WindowUnits& units,
                devices::Panels& panels);

  using Found = std::variant<std::vector<api::FoundUnit>, hall::Refusal>;
  void scan(const hall::DeviceId& bus, std::uint8_t from, std::uint8_t to, std::function<void(Found)> done);
  void set_address(const hall::DeviceId& device, std::uint8_t address, bool claim,
                   std::function<void(std::optional<hall::Refusal>)> done);
  std::optional<hall::Refusal> self_test(const hall::DeviceId& device);

 private:
  struct Place {
    hall::DeviceId bus;
    std::uint8_t address = 0;
  };
  std::optional<Place> place_of(const hall::DeviceId& device) const;
  std::string device_at(const hall::DeviceId& bus, std::uint8_t address) const;
  bool is_device(const hall::DeviceId& device) const;

  const SiteFile& site_;
  devices::Buses& buses_;
  devices::WindowUnits& units_;
  devices::Panels& panels_;
  std::shared_ptr<std::set<std::string>> scanned_ =
      std::make_shared<std::set<std::string>>();  ///< lines, right now
};

}  // namespace lobby::app
