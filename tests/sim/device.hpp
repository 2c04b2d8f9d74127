#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "tests/sim/faults.hpp"

namespace lobby::sim {

/// One simulated device as the control API sees it. Called from the control server's threads: every
/// implementation guards itself.
class Device {
 public:
  struct File {
    std::string content_type;
    std::string body;
  };

  virtual ~Device() = default;
  /// Id of the device in the site.
  virtual const std::string& id() const = 0;
  virtual std::string_view kind() const = 0;
  /// What it has received and shows.
  virtual boost::json::object describe() = 0;
  /// "paper.png", "screen.png", "bytes", "names", "inbox"; `sheet` counts from 1, 0 = the last ones. nullopt:
  /// there is none.
  virtual std::optional<File> file(std::string_view name, std::size_t sheet) = 0;
  /// A picture of its screen with so many picture dots to one of its own, 1 to 16; where there is but one
  /// size, that.
  virtual std::optional<File> screen(int /*pitch*/) { return file("screen.png", 0); }
  virtual bool can_have(Fault fault) const = 0;
  virtual void inject(Fault fault, milliseconds slow_by) = 0;
  /// With Fault::noise: how many of a thousand frames it hits.
  virtual void set_noise(unsigned /*per_mille*/) {}
  /// What the request says of the fault beside its kind. A sentence when it says it wrongly.
  virtual std::string set_details(Fault /*fault*/, const boost::json::object& /*body*/) { return {}; }
  /// nullopt clears all.
  virtual void clear(std::optional<Fault> fault) = 0;
  /// Presses a key; a sentence when that is not possible, empty when pressed.
  virtual std::string press(std::string_view key) = 0;
  /// Puts something into it by name ("case", "bid" …); a sentence when it is refused.
  virtual std::string put(std::string_view /*what*/, const boost::json::object& /*body*/) {
    return "There is nothing to put into this device.";
  }
};

}  // namespace lobby::sim
