#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "daemon/api/backend.hpp"
#include "daemon/app/papers.hpp"
#include "daemon/app/site_file.hpp"
#include "daemon/devices/buses.hpp"
#include "daemon/devices/panels.hpp"
#include "daemon/devices/printers.hpp"
#include "daemon/devices/window_units.hpp"

namespace lobby::app {

/// What an integrator asks of lines and units, by their ids in the site. Lives on the loop; outlived by the
/// devices.
class Commissioning {
 public:
  struct Devices {
    devices::Buses& buses;
    devices::WindowUnits& units;
    devices::Panels& panels;
    devices::Printers& printers;
  };
  /// `papers`: what a test page is made from, now.
  Commissioning(Devices devices, const SiteFile& site, std::function<PaperSource()> papers);

  using Found = std::variant<std::vector<api::FoundUnit>, hall::Refusal>;
  void scan(const hall::DeviceId& bus, std::uint8_t from, std::uint8_t to, std::function<void(Found)> done);
  void set_address(const hall::DeviceId& device, std::uint8_t address, bool claim,
                   std::function<void(std::optional<hall::Refusal>)> done);
  void self_test(const hall::DeviceId& device, std::function<void(std::optional<hall::Refusal>)> done);

 private:
  struct Place {
    hall::DeviceId bus;
    std::uint8_t address = 0;
  };
  std::optional<Place> place_of(const hall::DeviceId& device) const;
  std::string device_at(const hall::DeviceId& bus, std::uint8_t address) const;
  bool is_device(const hall::DeviceId& device) const;
  bool print_test(const hall::DeviceId& device,
                  const std::function<void(std::optional<hall::Refusal>)>& done);

  Devices devices_;
  const SiteFile& site_;
  std::function<PaperSource()> papers_;
  std::shared_ptr<std::set<std::string>> scanned_ =
      std::make_shared<std::set<std::string>>();  ///< lines, right now
};

}  // namespace lobby::app
